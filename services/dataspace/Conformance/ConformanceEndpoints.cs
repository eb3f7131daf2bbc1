using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Transfer;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Dataspace.Conformance;

/// <summary>Where a conformance kit tells this side to begin as a consumer. There only with a profile, which is there only in Development.</summary>
internal static class ConformanceEndpoints
{
    public static void MapConformance(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ConformanceProfile>().File is not { } file)
        {
            return;
        }

        var group = app.MapGroup("/conformance").RequireAuthorization(Access.Public).ExcludeFromDescription();
        group.MapPost("/negotiations", async (NegotiationRequest request, NegotiationStart start, CancellationToken cancellationToken) =>
            TypedResults.Ok(new { id = (await start.BeginAsync(file.City, request, cancellationToken)).Id }));
        group.MapPost("/transfers", async (TransferRequest request, TransferStart start, CancellationToken cancellationToken) =>
            TypedResults.Ok(new { id = (await start.BeginAsync(file.City, request, cancellationToken)).Id }));
    }
}
