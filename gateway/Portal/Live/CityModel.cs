namespace LivingCity.Gateway.Portal.Live;

/// <summary>A plan of the city to draw under its stations (RFC 7946). Drawn by rule, not surveyed: it says so, and so must who shows it.</summary>
/// <param name="Type">Always <c>FeatureCollection</c>.</param>
/// <param name="Schematic">Always true: streets, river and borders are invented.</param>
/// <param name="Center">WGS 84, longitude and latitude in degrees.</param>
/// <param name="Bbox">West, south, east, north in degrees.</param>
/// <param name="Features">Each says in <c>layer</c> what it is.</param>
internal sealed record CityModelView(string Type, bool Schematic, double[] Center, double[] Bbox, IReadOnlyList<PlanFeature> Features);

internal sealed record PlanFeature(string Type, PlanProperties Properties, PlanGeometry Geometry);

/// <param name="Layer">land, district, park, block, river or road.</param>
/// <param name="Name">A district's name.</param>
/// <param name="Label">Where its name belongs, degrees.</param>
/// <param name="Rank">Of a road: 1 is the widest.</param>
internal sealed record PlanProperties(string Layer, string? Name = null, double[]? Label = null, int? Rank = null);

internal sealed record PlanGeometry(string Type, object Coordinates);

/// <summary>
/// Draws the plan around the city's stations: a district for each place that has one, bordered where the next place is nearer (Voronoi), a river by the water gauge, ring and
/// radial roads, parks and blocks. A pure function of the city's name and its stations.
/// </summary>
internal static class CityModel
{
    private const int MostDistricts = 24;
    private const double SmallestRadius = 2500;

    public static CityModelView Of(string city, IReadOnlyList<StationView> stations)
    {
        var located = stations.Where(station => station is { Longitude: not null, Latitude: not null }).ToArray();
        // The demonstration's places are spread evenly; the sensors of a real import are not, so they do not shape the plan where both are there.
        var shaping = located.Any(station => station.Synthetic) ? [.. located.Where(station => station.Synthetic)] : located;
        if (shaping.Length == 0)
        {
            return new CityModelView("FeatureCollection", true, [0, 0], [-1, -1, 1, 1], []);
        }

        var frame = new PlanFrame(Median(shaping.Select(station => station.Longitude!.Value)), Median(shaping.Select(station => station.Latitude!.Value)));
        var seeds = shaping.GroupBy(station => (Math.Round(station.Longitude!.Value, 3), Math.Round(station.Latitude!.Value, 3))).Take(MostDistricts)
            .Select(place => new PlanSeed(place.First().Name, frame.ToPlan(place.First().Longitude!.Value, place.First().Latitude!.Value), place.Any(station => station.Type == "WaterObserved")))
            .ToArray();
        var radius = Math.Max(SmallestRadius, 1.42 * located.Select(station => frame.ToPlan(station.Longitude!.Value, station.Latitude!.Value).Length).Order().ElementAt(located.Length * 95 / 100));
        return new CityDrawing(city, frame, seeds, radius).Draw();
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}

/// <summary>A place that a district grows around, in metres from the plan's centre.</summary>
internal sealed record PlanSeed(string Name, PlanPoint At, bool AtRiver);
