using System.Text.Json;
using LivingCity.Twin.Models.Geo;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Formats;

/// <summary>The writing half of <see cref="GeoJson"/>.</summary>
internal static class GeoJsonWriter
{
    public static void Write(Utf8JsonWriter writer, FeatureCollection collection)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "FeatureCollection");
        if (collection.Epsg != 4326)
        {
            writer.WriteStartObject("crs");
            writer.WriteString("type", "name");
            writer.WriteStartObject("properties");
            writer.WriteString("name", $"urn:ogc:def:crs:EPSG::{collection.Epsg}");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteStartArray("features");
        foreach (var feature in collection.Features)
        {
            WriteFeature(writer, feature);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteFeature(Utf8JsonWriter writer, Feature feature)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "Feature");
        if (feature.Id is not null)
        {
            writer.WriteString("id", feature.Id);
        }

        writer.WritePropertyName("geometry");
        WriteGeometry(writer, feature.Geometry);
        writer.WriteStartObject("properties");
        foreach (var (name, value) in feature.Properties)
        {
            writer.WritePropertyName(name);
            switch (value)
            {
                case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
                case bool truth: writer.WriteBooleanValue(truth); break;
                case string text: writer.WriteStringValue(text); break;
                default: writer.WriteNullValue(); break;
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteGeometry(Utf8JsonWriter writer, Geometry geometry)
    {
        if (geometry is GeometryCollection { IsEmpty: true, GeometryType: "GeometryCollection" })
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", geometry.GeometryType);
        if (geometry.GeometryType == "GeometryCollection")
        {
            writer.WriteStartArray("geometries");
            Each(geometry, part => WriteGeometry(writer, part));
        }
        else
        {
            writer.WritePropertyName("coordinates");
            WriteCoordinates(writer, geometry);
            writer.WriteEndObject();
            return;
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteCoordinates(Utf8JsonWriter writer, Geometry geometry)
    {
        if (geometry is Point point)
        {
            WritePosition(writer, point.Coordinate);
            return;
        }

        writer.WriteStartArray();
        if (geometry is LineString line)
        {
            Array.ForEach(line.Coordinates, at => WritePosition(writer, at));
        }
        else if (geometry is Polygon polygon)
        {
            WriteCoordinates(writer, polygon.ExteriorRing);
            Array.ForEach(polygon.InteriorRings, ring => WriteCoordinates(writer, ring));
        }
        else
        {
            Each(geometry, part => WriteCoordinates(writer, part));
        }

        writer.WriteEndArray();
    }

    private static void WritePosition(Utf8JsonWriter writer, Coordinate at)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(at.X);
        writer.WriteNumberValue(at.Y);
        writer.WriteEndArray();
    }

    private static void Each(Geometry geometry, Action<Geometry> action)
    {
        for (var i = 0; i < geometry.NumGeometries; i++)
        {
            action(geometry.GetGeometryN(i));
        }
    }
}
