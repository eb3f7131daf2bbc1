using System.Text.Json;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Entities;

/// <summary>Checks that a value is a GeoJSON geometry (RFC 7946, 3.1) in WGS 84, so that the database never meets one that it cannot read.</summary>
internal static class GeoJson
{
    /// <summary>How deep the positions lie in <c>coordinates</c>.</summary>
    private static readonly Dictionary<string, int> Depths = new()
    {
        ["Point"] = 0, ["MultiPoint"] = 1, ["LineString"] = 1, ["MultiLineString"] = 2, ["Polygon"] = 2, ["MultiPolygon"] = 3,
    };

    /// <summary>Whether this means to be a geometry: an object of a geometry's type with coordinates.</summary>
    public static bool IsGeometry(JsonElement value) => value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && (Depths.ContainsKey(type.GetString()!) || type.ValueEquals("GeometryCollection"))
        && (value.TryGetProperty("coordinates", out _) || value.TryGetProperty("geometries", out _));

    /// <exception cref="NgsiLdException">It is no geometry (BadRequestData).</exception>
    public static JsonElement Require(JsonElement geometry, string name)
    {
        if (geometry.ValueKind != JsonValueKind.Object
            || !geometry.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !Depths.TryGetValue(type.GetString()!, out var depth)
            || !geometry.TryGetProperty("coordinates", out var coordinates) || !IsValid(coordinates, depth)
            || (depth == 2 && type.GetString() == "Polygon" && !coordinates.EnumerateArray().All(IsRing))
            || (depth == 3 && !coordinates.EnumerateArray().All(polygon => polygon.EnumerateArray().All(IsRing)))
            || (type.GetString() == "LineString" && coordinates.GetArrayLength() < 2))
        {
            throw NgsiLdException.BadRequestData($"{name}.value: a GeoJSON geometry with longitudes from -180 to 180 and latitudes from -90 to 90 is required.");
        }

        return geometry;
    }

    private static bool IsValid(JsonElement coordinates, int depth) => coordinates.ValueKind == JsonValueKind.Array
        && (depth > 0
            ? coordinates.GetArrayLength() > 0 && coordinates.EnumerateArray().All(part => IsValid(part, depth - 1))
            : coordinates.GetArrayLength() is 2 or 3 && coordinates.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out _))
                && Math.Abs(coordinates[0].GetDouble()) <= 180 && Math.Abs(coordinates[1].GetDouble()) <= 90);

    /// <summary>A ring has at least four positions and ends where it begins.</summary>
    private static bool IsRing(JsonElement ring) => ring.GetArrayLength() >= 4 && ring[0].GetRawText() == ring[ring.GetArrayLength() - 1].GetRawText();
}
