using LivingCity.Gateway.Portal.Live;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>Where the signatories are, and Europe under them.</summary>
internal static class SignatoryPlaces
{
    private static readonly CityModelView Plan = new("FeatureCollection", true, Europe.Middle, Europe.Frame, Europe.Countries);

    public static void MapSignatoryPlaces(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/portal/signatories/plan", () => ConditionalJson.Of(Plan));
        routes.MapGet("/portal/signatories/places", async (PlatformClient platform, CancellationToken cancellation) =>
        {
            var found = await platform.GetAsync<IReadOnlyList<SignatoryView>>("events", "/api/events/v1/signatories", cancellation);
            return found.Value is { } all
                ? ConditionalJson.Of(all.Select(signatory => new StationView($"{signatory.Id}", "Signatory", signatory.Name, signatory.Longitude, signatory.Latitude, false, null, Condition.Unknown, new Dictionary<string, double>(), null, [])))
                : throw Problem.Unavailable.Throw("The declaration does not answer. Try again in a moment.");
        });
    }
}
