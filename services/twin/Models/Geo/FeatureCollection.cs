using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Geo;

/// <summary>A geometry with properties; a property is a <see cref="double"/>, <see cref="string"/>, <see cref="bool"/> or null.</summary>
public sealed record Feature(Geometry Geometry, IReadOnlyDictionary<string, object?> Properties, string? Id = null)
{
    /// <summary>A number among the properties (texts that read as numbers count); null where there is none.</summary>
    public double? Number(string name) => Properties.GetValueOrDefault(name) switch
    {
        double number => number,
        string text when double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>A text among the properties; null where there is none.</summary>
    public string? Text(string name) => Properties.GetValueOrDefault(name) switch
    {
        string text => text,
        double number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        _ => null,
    };
}

/// <summary>Features of one reference system (RFC 7946: EPSG 4326, longitude first, where nothing else is said).</summary>
public sealed record FeatureCollection(IReadOnlyList<Feature> Features, int Epsg = 4326);
