using System.Text.Json;
using LivingCity.Twin.Models.Geo;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Formats;

/// <summary>
/// GeoJSON (RFC 7946) with geometries of NetTopologySuite; NetTopologySuite.IO.GeoJSON4STJ would take its place. The old <c>crs</c> member (GeoJSON 2008) is understood
/// where it names an EPSG code, because municipal exports still carry it.
/// </summary>
public static class GeoJson
{
    private static readonly GeometryFactory Factory = new();

    /// <summary>Reads a FeatureCollection, a single Feature or a bare geometry.</summary>
    /// <exception cref="InputFormatException">The text is not GeoJSON.</exception>
    public static FeatureCollection Read(string text, string name = "features")
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return root.GetProperty("type").GetString() switch
            {
                "FeatureCollection" => new([.. root.GetProperty("features").EnumerateArray().Select((f, i) => ReadFeature(f, $"{name}[{i}]"))], Epsg(root)),
                "Feature" => new([ReadFeature(root, name)], Epsg(root)),
                _ => new([new Feature(ReadGeometry(root, name), new Dictionary<string, object?>())], Epsg(root)),
            };
        }
        catch (JsonException exception)
        {
            throw new InputFormatException(name, (int)(exception.LineNumber ?? 0) + 1, "the text is not JSON.");
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new InputFormatException(name, 0, "the JSON is not GeoJSON: a member is missing or of the wrong type.");
        }
    }

    /// <summary>Writes a FeatureCollection; a reference system other than EPSG 4326 is named in a <c>crs</c> member.</summary>
    public static string Write(FeatureCollection collection)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            GeoJsonWriter.Write(writer, collection);
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static Feature ReadFeature(JsonElement element, string name)
    {
        var properties = new Dictionary<string, object?>();
        if (element.TryGetProperty("properties", out var values) && values.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in values.EnumerateObject())
            {
                properties[property.Name] = property.Value.ValueKind switch
                {
                    JsonValueKind.Number => property.Value.GetDouble(),
                    JsonValueKind.String => property.Value.GetString(),
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    JsonValueKind.Null => null,
                    _ => property.Value.GetRawText(),
                };
            }
        }

        var geometry = element.GetProperty("geometry");
        var id = element.TryGetProperty("id", out var given) ? given.ToString() : null;
        return new(geometry.ValueKind == JsonValueKind.Null ? Factory.CreateGeometryCollection() : ReadGeometry(geometry, name), properties, id);
    }

    private static Geometry ReadGeometry(JsonElement element, string name)
    {
        var type = element.GetProperty("type").GetString();
        if (type == "GeometryCollection")
        {
            return Factory.CreateGeometryCollection([.. element.GetProperty("geometries").EnumerateArray().Select(g => ReadGeometry(g, name))]);
        }

        var at = element.GetProperty("coordinates");
        try
        {
            return type switch
            {
                "Point" => Factory.CreatePoint(Position(at)),
                "LineString" => Factory.CreateLineString(Positions(at)),
                "Polygon" => ReadPolygon(at),
                "MultiPoint" => Factory.CreateMultiPointFromCoords(Positions(at)),
                "MultiLineString" => Factory.CreateMultiLineString([.. at.EnumerateArray().Select(line => Factory.CreateLineString(Positions(line)))]),
                "MultiPolygon" => Factory.CreateMultiPolygon([.. at.EnumerateArray().Select(ReadPolygon)]),
                _ => throw new InputFormatException(name, 0, $"'{type}' is not a geometry of RFC 7946."),
            };
        }
        catch (ArgumentException exception)
        {
            throw new InputFormatException(name, 0, $"the {type} is not valid: {exception.Message}");
        }
    }

    private static Polygon ReadPolygon(JsonElement rings)
    {
        LinearRing[] all = [.. rings.EnumerateArray().Select(ring => Factory.CreateLinearRing(Positions(ring)))];
        return all.Length == 0 ? Factory.CreatePolygon() : Factory.CreatePolygon(all[0], all[1..]);
    }

    private static Coordinate[] Positions(JsonElement element) => [.. element.EnumerateArray().Select(Position)];

    private static Coordinate Position(JsonElement element) => new(element[0].GetDouble(), element[1].GetDouble());

    // "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    private static int Epsg(JsonElement root) =>
        root.TryGetProperty("crs", out var crs) && crs.ValueKind == JsonValueKind.Object && crs.TryGetProperty("properties", out var properties)
        && properties.TryGetProperty("name", out var name) && name.GetString() is { } text && text.Contains("EPSG", StringComparison.Ordinal)
        && int.TryParse(text[(text.LastIndexOf(':') + 1)..], out var code) ? code : 4326;
}
