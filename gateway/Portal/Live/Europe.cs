using System.Text.Json;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>
/// The countries of Europe as the ground of a map: Natural Earth 1:50 m, admin 0 countries (public domain), between 45° W and 75° E and 24° and 80° N, lines simplified to 0.05°
/// (Douglas and Peucker 1973) and islets left out. No map of anybody else is asked for.
/// </summary>
internal static class Europe
{
    private static readonly string[] Layers = ["land", "district"];
    private static readonly Lazy<IReadOnlyList<PlanFeature>> Read = new(() =>
    {
        using var stream = typeof(Europe).Assembly.GetManifestResourceStream("europe.json")!;
        return [.. JsonSerializer.Deserialize<double[][][][]>(stream)!.SelectMany(country => Layers.Select(layer => new PlanFeature("Feature", new PlanProperties(layer), new PlanGeometry("Polygon", country))))];
    });

    /// <summary>Where most of its cities are: west, south, east and north in degrees.</summary>
    public static double[] Frame => [-11, 35.5, 32, 67];

    /// <summary>The middle of the frame.</summary>
    public static double[] Middle => [10.5, 51];

    /// <summary>Its countries, each as an area and as a line.</summary>
    public static IReadOnlyList<PlanFeature> Countries => Read.Value;
}
