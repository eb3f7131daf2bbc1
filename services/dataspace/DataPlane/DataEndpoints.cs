using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Privacy;
using LivingCity.Dataspace.Transfer;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>
/// Where consumers fetch data. Who comes is known by the transfer's token, to which agreement, consumer, dataset, purpose and end are bound; the policy is asked for every request. Only paging may be chosen:
/// a filter over what is masked or kept back would tell it.
/// </summary>
internal static class DataEndpoints
{
    private const int MaxPage = 1000;
    private const int MaxAggregated = 5000;

    public static readonly Problem Refused = new("policy-refuses", StatusCodes.Status403Forbidden, "The agreement's policy does not permit this use.");
    public static readonly Problem TooFast = new("policy-rate", StatusCodes.Status429TooManyRequests, "The agreement's policy permits fewer requests a minute.");
    public static readonly Problem NoToken = new("transfer-token", StatusCodes.Status401Unauthorized, "The transfer's token is missing or does not open this.");
    public static readonly Problem NoSource = new("source-unavailable", StatusCodes.Status502BadGateway, "The service that keeps the data does not answer.");

    public static void MapData(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/data").RequireAuthorization(Access.Public).WithTags("Data plane");
        group.MapGet("/{transfer}", EntitiesAsync).WithSummary("The dataset's entities in NGSI-LD, as far as the policy lets them out, page by page (limit, offset); or the file of a dataset that is kept elsewhere.");
        group.MapGet("/{transfer}/temporal/{entity}", HistoryAsync).WithSummary("The history of one entity, as far as the policy lets it out (lastN).");
        group.MapGet("/{transfer}/aggregates", AggregatesAsync).WithSummary("Means of one attribute over a fixed grid: the only answer where the policy wants aggregates.");
    }

    private static async Task<IResult> EntitiesAsync(string transfer, HttpContext http, DataGate gate, Upstream upstream, ExternalSource external, Areas areas, Database database, int? limit, int? offset)
    {
        new Validation().Rule(limit is null or (>= 1 and <= MaxPage), "limit", $"must be from 1 to {MaxPage}").Rule(offset is null or >= 0, "offset", "must not be negative").ThrowIfInvalid();
        var stop = http.RequestAborted;
        var (admitted, refusal) = await gate.AdmitAsync(http, transfer, "entities", stop);
        if (admitted is null)
        {
            return refusal!;
        }

        var dataset = await gate.DatasetAsync(database, admitted.Transfer!, stop);
        if (dataset is { ExternalUrl: { } url })
        {
            return await external.PullAsync(admitted, dataset, url, http);
        }

        if (dataset?.EntityType is not { } type)
        {
            return NoSource.Because("This dataset is not kept by the context broker.");
        }

        if (admitted.Decision!.Grants.All(grant => grant.Form != Form.AsIs))
        {
            return Refused.Because("Only aggregates are permitted: ask /aggregates.");
        }

        var reading = await ReadAsync(upstream, admitted.Transfer!.Tenant, string.Create(CultureInfo.InvariantCulture, $"/ngsi-ld/v1/entities?type={Uri.EscapeDataString(type)}&limit={limit ?? 100}&offset={offset ?? 0}"), stop);
        if (reading is not { Status: 200 })
        {
            return NoSource.Because("Try again in a moment.");
        }

        var known = await areas.AllAsync(stop);
        var body = reading.Filtered.GetOrAdd(Key(admitted), _ => Filter(reading.Body, admitted.Decision!.Grants, known));
        return TypedResults.Bytes(body, "application/json");
    }

    private static async Task<IResult> HistoryAsync(string transfer, string entity, HttpContext http, DataGate gate, Upstream upstream, Areas areas, Database database, int? lastN)
    {
        new Validation().Rule(lastN is null or (>= 1 and <= MaxPage), "lastN", $"must be from 1 to {MaxPage}").ThrowIfInvalid();
        var stop = http.RequestAborted;
        var (admitted, refusal) = await gate.AdmitAsync(http, transfer, "history", stop);
        if (admitted is null)
        {
            return refusal!;
        }

        var dataset = await gate.DatasetAsync(database, admitted.Transfer!, stop);
        var city = admitted.Transfer!.Tenant;
        var state = await ReadAsync(upstream, city, $"/ngsi-ld/v1/entities/{Uri.EscapeDataString(entity)}", stop);
        var history = await ReadAsync(upstream, city, string.Create(CultureInfo.InvariantCulture, $"/ngsi-ld/v1/temporal/entities/{Uri.EscapeDataString(entity)}?lastN={lastN ?? 100}"), stop);
        if (state is not { Status: 200 } || history is not { Status: 200 } || Parse(state.Body) is not JsonObject now || Parse(history.Body) is not JsonObject then || !IsOf(now, dataset?.EntityType))
        {
            return Problem.NotFound.Because("The dataset has no such entity.");
        }

        // Where an entity is, its state says; its history need not.
        then["location"] ??= now["location"]?.DeepClone();
        return EntityFilter.Apply(then, admitted.Decision!.Grants, await areas.AllAsync(stop)) is { } filtered ? TypedResults.Json(filtered) : Problem.NotFound.Because("The dataset has no such entity.");
    }

    private static async Task<IResult> AggregatesAsync(string transfer, string attribute, HttpContext http, DataGate gate, Upstream upstream, Areas areas, Database database, PrivacyBudget budget)
    {
        var stop = http.RequestAborted;
        var (admitted, refusal) = await gate.AdmitAsync(http, transfer, $"aggregates of {attribute}", stop);
        if (admitted is null)
        {
            return refusal!;
        }

        var row = admitted.Transfer!;
        var grants = admitted.Decision!.Grants;
        if ((await gate.DatasetAsync(database, row, stop))?.EntityType is not { } type)
        {
            return NoSource.Because("This dataset is not kept by the context broker.");
        }

        var epsilons = grants.Select(grant => grant.Epsilon).OfType<double>().ToArray();
        var share = epsilons.Length == 0 ? (double?)null : epsilons.Min() / PrivacyBudget.AnswersPerDay;
        if (share is { } cost && !await budget.SpendAsync(row.Tenant, row.DatasetId, row.Peer, cost, epsilons.Min(), stop))
        {
            return Refused.Because("Today's privacy budget for this dataset is spent.");
        }

        var table = new List<Measured>();
        var known = await areas.AllAsync(stop);
        for (var offset = 0; offset < MaxAggregated; offset += MaxPage)
        {
            var reading = await ReadAsync(upstream, row.Tenant, string.Create(CultureInfo.InvariantCulture, $"/ngsi-ld/v1/entities?type={Uri.EscapeDataString(type)}&limit={MaxPage}&offset={offset}"), stop);
            if (reading is not { Status: 200 } || Parse(reading.Body) is not JsonArray entities)
            {
                return NoSource.Because("Try again in a moment.");
            }

            table.AddRange(entities.OfType<JsonObject>().SelectMany(entity => Measured(entity, attribute, grants, known)));
            if (entities.Count < MaxPage)
            {
                break;
            }
        }

        var k = grants.Max(grant => grant.GroupSize);
        var release = share is { } epsilon
            ? Aggregates.PublishNoisy(table, k, epsilon, Ranges.Of(attribute), () => (RandomNumberGenerator.GetInt32(1, int.MaxValue) - 0.5) / int.MaxValue)
            : Aggregates.Publish(table, k);
        return TypedResults.Json(release.ToJson());
    }

    private static IEnumerable<Measured> Measured(JsonObject entity, string attribute, IReadOnlyList<Grant> grants, IReadOnlyDictionary<string, Polygon> areas)
    {
        // For a table the form does not matter, rows and attributes do.
        var open = grants.Select(grant => grant with { Form = Form.AsIs }).ToArray();
        var place = EntityFilter.Place(entity);
        if (place is null || EntityFilter.Apply(entity, open, areas) is not { } filtered)
        {
            return [];
        }

        return (filtered[attribute] switch { JsonArray many => many.OfType<JsonObject>(), JsonObject one => [one], _ => [] })
            .Select(instance => instance["value"] is JsonValue value && value.TryGetValue<double>(out var number) ? number : double.NaN).Where(double.IsFinite)
            .Select(number => new Measured(Aggregates.CellOf(place.Value.Longitude, place.Value.Latitude), (string)entity["id"]!, number));
    }

    private static async Task<Reading?> ReadAsync(Upstream upstream, string city, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await upstream.ReadAsync(city, path, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or Polly.ExecutionRejectedException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static byte[] Filter(byte[] body, IReadOnlyList<Grant> grants, IReadOnlyDictionary<string, Polygon> areas) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonArray([.. ((JsonArray)Parse(body)!).OfType<JsonObject>().Select(entity => EntityFilter.Apply(entity, grants, areas)).OfType<JsonObject>()]));

    /// <summary>What a filtered page depends on beside the page: the agreement's policy never changes, which of its permissions hold may.</summary>
    private static string Key(Admission admitted) => $"{admitted.Transfer!.AgreementId} {admitted.Transfer.Purpose} {string.Join(',', admitted.Decision!.Holding)}";

    private static JsonNode? Parse(byte[] body) => JsonNode.Parse(Encoding.UTF8.GetString(body));

    private static bool IsOf(JsonObject entity, string? type) => type is not null && (entity["type"] switch { JsonArray types => types.Select(item => (string?)item), var only => [(string?)only] }).Contains(type);
}
