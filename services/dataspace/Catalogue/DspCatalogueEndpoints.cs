using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Web;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>The catalogue protocol over HTTPS. Anyone may look: to find data is no privilege.</summary>
internal static class DspCatalogueEndpoints
{
    public static void MapCatalogProtocol(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapProtocol("/catalog", ErrorType.Catalog);
        group.MapPost("/request", RequestAsync).WithSummary("The datasets on offer, page by page.");
        group.MapGet("/request", RequestAsync).WithSummary("A page of the datasets on offer, by the link that another page names it with.");
        group.MapGet("/datasets/{**id}", DatasetAsync).WithSummary("One dataset with its offers.");
    }

    private static async Task<IResult> RequestAsync(HttpContext http, Database database, Participant participant, TimeProvider time, int? limit, string? cursor)
    {
        var stop = http.RequestAborted;
        if (HttpMethods.IsPost(http.Request.Method))
        {
            var message = await http.ReadMessageAsync();
            MessageCheck.Require(message, "CatalogRequestMessage");
            if (message["filter"] is JsonArray { Count: > 0 })
            {
                throw ProtocolException.Invalid("filter: this connector understands no filters; its own API searches (/api/dataspace/v1/catalogue?q=).");
            }
        }

        var page = PageRequest.From<string>(limit, cursor);
        await using var work = await database.BeginAsync(null, stop);
        var rows = page.Take(http, await work.ListDatasetsAsync(page.After, page.Limit + 1, participant.City, stop), row => row.Id);
        var offers = (await work.OffersOfAsync([.. rows.Select(row => row.Id)], stop)).ToLookup(offer => offer.DatasetId);
        if (page.After is { } after)
        {
            page.LinkPrevious(http, await work.BeforeAsync(after, page.Limit, participant.City, stop));
        }

        await work.DisposeAsync(); // who calls may have to be asked for credentials, which takes time
        var (now, claims) = (time.GetUtcNow(), await ClaimsAsync(http, rows.SelectMany(row => offers[row.Id])));
        var catalogue = DspCatalogue.Catalogue(participant, rows.Select(row => DspCatalogue.Dataset(row, offers[row.Id], participant, now, claims)).OfType<JsonObject>());

        // For peers that crawl: what has not changed need not be sent again. An addition to the protocol that who does not know it need not mind.
        var etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(catalogue)))}\"";
        http.Response.Headers.ETag = etag;
        return http.Request.Headers.IfNoneMatch.Contains(etag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : ProtocolGroup.Message(catalogue);
    }

    private static async Task<IResult> DatasetAsync(string id, HttpContext http, Database database, Participant participant, TimeProvider time)
    {
        var stop = http.RequestAborted;
        id = id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase); // the one character that the server leaves as it was sent
        await using var work = await database.BeginAsync(null, stop);
        var row = await work.FindDatasetAsync(id, stop);
        var offers = await work.OffersOfAsync([id], stop);
        await work.DisposeAsync();
        if (row is null || (participant.City is { } city && row.Tenant != city) || DspCatalogue.Dataset(row, offers, participant, time.GetUtcNow(), await ClaimsAsync(http, offers)) is not { } dataset)
        {
            throw ProtocolException.NotFound("dataset");
        }

        dataset.Insert(0, "@context", new JsonArray(Dsp.Context));
        return ProtocolGroup.Message(dataset);
    }

    /// <summary>What the caller's credentials say, where one of these offers asks. Who shows none that count sees what everybody sees.</summary>
    private static async Task<Claims> ClaimsAsync(HttpContext http, IEnumerable<OfferRow> offers)
    {
        if (!offers.Any(offer => PolicyTerms.AsksForClaims(PolicyJson.Read(offer.Policy))))
        {
            return Claims.None;
        }

        try
        {
            return (await http.RequestServices.GetRequiredService<PeerGate>().IdentifyAsync(http))?.Claims ?? Claims.None;
        }
        catch (ProtocolException)
        {
            return Claims.None;
        }
    }
}
