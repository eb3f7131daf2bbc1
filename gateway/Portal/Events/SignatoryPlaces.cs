using System.Text.Json;
using LivingCity.Gateway.Portal.Live;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>
/// Where the signatories are, and Europe under them: Natural Earth 1:50 m, admin 0 countries (public domain), between 45° W and 75° E and 24° and 80° N, lines simplified to 0.05° (Douglas and Peucker 1973) and
/// islets left out. No map of anybody else is asked for.
/// </summary>
internal static class SignatoryPlaces
{
    private static readonly double[] Frame = [-11, 35.5, 32, 67];
    private static readonly string[] Layers = ["land", "district"];
    private static readonly Lazy<CityModelView> Europe = new(Read);

    public static void MapSignatoryPlaces(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/portal/signatories/plan", () => ConditionalJson.Of(Europe.Value));
        routes.MapGet("/portal/signatories/places", async (PlatformClient platform, CancellationToken cancellation) =>
        {
            var found = await platform.GetAsync<IReadOnlyList<SignatoryView>>("events", "/api/events/v1/signatories", cancellation);
            return found.Value is { } all
                ? ConditionalJson.Of(all.Select(signatory => new StationView($"{signatory.Id}", "Signatory", signatory.Name, signatory.Longitude, signatory.Latitude, false, null, Condition.Unknown, new Dictionary<string, double>(), null, [])))
                : throw Problem.Unavailable.Throw("The declaration does not answer. Try again in a moment.");
        });
    }

    private static CityModelView Read()
    {
        using var stream = typeof(SignatoryPlaces).Assembly.GetManifestResourceStream("europe.json")!;
        var countries = JsonSerializer.Deserialize<double[][][][]>(stream)!;
        return new CityModelView("FeatureCollection", true, [10.5, 51], Frame,
            [.. countries.SelectMany(country => Layers.Select(layer => new PlanFeature("Feature", new PlanProperties(layer), new PlanGeometry("Polygon", country))))]);
    }
}
