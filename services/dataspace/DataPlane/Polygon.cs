using System.Text.Json.Nodes;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>Borders in WGS 84: a GeoJSON Polygon or MultiPolygon (RFC 7946), with holes.</summary>
internal sealed class Polygon
{
    private readonly double[][][] rings;

    private Polygon(double[][][] rings) => this.rings = rings;

    /// <exception cref="FormatException">It is neither, or a ring has fewer than four positions or is not closed.</exception>
    public static Polygon Read(JsonNode? geometry)
    {
        try
        {
            var coordinates = geometry?["coordinates"]?.AsArray() ?? throw new FormatException("must be a Polygon or MultiPolygon");
            var polygons = (string?)geometry["type"] switch
            {
                "Polygon" => [coordinates],
                "MultiPolygon" => coordinates.Select(polygon => polygon!.AsArray()),
                _ => throw new FormatException("must be a Polygon or MultiPolygon"),
            };
            var rings = polygons.SelectMany(polygon => polygon).Select(ring => ring!.AsArray().Select(position => new[] { (double)position![0]!, (double)position[1]! }).ToArray()).ToArray();
            return rings.Length > 0 && rings.All(ring => ring.Length >= 4 && ring[0].SequenceEqual(ring[^1]) && ring.All(position => Math.Abs(position[0]) <= 180 && Math.Abs(position[1]) <= 90))
                ? new Polygon(rings)
                : throw new FormatException("must have closed rings of four positions or more, longitude before latitude");
        }
        catch (Exception exception) when (exception is InvalidOperationException or NullReferenceException or ArgumentOutOfRangeException)
        {
            throw new FormatException("must be a Polygon or MultiPolygon", exception);
        }
    }

    /// <summary>Whether a point lies inside: an odd number of edges lies to the east of it, holes included.</summary>
    public bool Contains(double longitude, double latitude)
    {
        var inside = false;
        foreach (var ring in rings)
        {
            for (var (i, j) = (0, ring.Length - 1); i < ring.Length; j = i++)
            {
                var (a, b) = (ring[i], ring[j]);
                if (a[1] > latitude != b[1] > latitude && longitude < ((b[0] - a[0]) * (latitude - a[1]) / (b[1] - a[1])) + a[0])
                {
                    inside = !inside;
                }
            }
        }

        return inside;
    }
}
