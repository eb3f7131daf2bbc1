using System.Text.Json.Serialization;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Protocol;
using LivingCity.Dataspace.Transfer;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Dataspace.Conformance;

/// <summary>What a kit names of a negotiation that this side shall begin; the counterparty without a word. What else a kit sends along is no business of ours.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record KitNegotiation(string DatasetId, string OfferId, string ConnectorAddress, string? ProviderId = null);

/// <summary>What a kit names of a transfer that this side shall begin; a pull from the counterparty without a word. What else a kit sends along is no business of ours.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record KitTransfer(string AgreementId, string ConnectorAddress, string? Format = null, string? ProviderId = null);

/// <summary>Where a conformance kit tells this side to begin as a consumer. There only with a profile, which is there only in Development.</summary>
internal static class ConformanceEndpoints
{
    private const string Prefix = "/conformance";

    /// <summary>A kit may send credentials of its own making. Nobody is known by them here, so nobody is asked whether they hold. To be used before callers are authenticated.</summary>
    public static void UseConformance(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ConformanceProfile>().File is null)
        {
            return;
        }

        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(Dsp.Path) || context.Request.Path.StartsWithSegments(Prefix))
            {
                context.Request.Headers.Remove("Authorization");
            }

            return next(context);
        });
    }

    public static void MapConformance(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ConformanceProfile>().File is not { } file)
        {
            return;
        }

        string Named(string? provider) => provider is { Length: > 0 } ? provider : file.Counterparty;
        var group = app.MapGroup(Prefix).RequireAuthorization(Access.Public).ExcludeFromDescription();
        group.MapPost("/negotiations", async (KitNegotiation kit, NegotiationStart start, CancellationToken cancellationToken) =>
            TypedResults.Ok(new { id = (await start.BeginAsync(file.City, new NegotiationRequest(kit.DatasetId, kit.OfferId, Named(kit.ProviderId), kit.ConnectorAddress), cancellationToken)).Id }));
        group.MapPost("/transfers", async (KitTransfer kit, TransferStart start, CancellationToken cancellationToken) =>
            TypedResults.Ok(new { id = (await start.BeginAsync(file.City, new TransferRequest(kit.AgreementId, kit.Format is { Length: > 0 } format ? format : Dsp.HttpPull, Named(kit.ProviderId), kit.ConnectorAddress), cancellationToken)).Id }));
    }
}
