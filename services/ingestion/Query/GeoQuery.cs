using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using NetTopologySuite.Geometries;

namespace LivingCity.Ingestion.Query;

internal enum GeoRelation
{
    Near,
    Within,
    Contains,
    Intersects,
    Equals,
    Disjoint,
    Overlaps,
}

/// <summary>Selects entities by place (ETSI GS CIM 009, clause 4.10): a relation between a geometry and that of an attribute.</summary>
/// <param name="Relation">How the attribute's geometry lies to the reference.</param>
/// <param name="Geometry">The reference, as GeoJSON in WGS 84.</param>
/// <param name="Attribute">IRI of the attribute.</param>
/// <param name="MinDistance">For near: metres at least, or null.</param>
/// <param name="MaxDistance">For near: metres at most, or null.</param>
internal sealed partial record GeoQuery(GeoRelation Relation, JsonElement Geometry, string Attribute, double? MinDistance, double? MaxDistance)
{
    private readonly Lazy<Geometry> reference = new(() => Geometries.Read(Geometry));

    /// <summary>Reads the parts of a geo-query.</summary>
    /// <param name="georel">Like <c>near;maxDistance==2000</c> or <c>within</c>.</param>
    /// <param name="geometry">The type of the reference geometry.</param>
    /// <param name="coordinates">Its coordinates, a JSON array.</param>
    /// <param name="geoproperty">Name of the attribute; null for location.</param>
    /// <param name="context">Expands the name.</param>
    /// <returns>Null when no part is given.</returns>
    /// <exception cref="NgsiLdException">A part is missing or wrong (BadRequestData).</exception>
    public static GeoQuery? Parse(string? georel, string? geometry, string? coordinates, string? geoproperty, LdContext context)
    {
        if (georel is null && geometry is null && coordinates is null)
        {
            return geoproperty is null ? null : throw NgsiLdException.BadRequestData("geoproperty: georel, geometry and coordinates are needed with it.");
        }

        if (string.IsNullOrEmpty(georel) || string.IsNullOrEmpty(geometry) || string.IsNullOrEmpty(coordinates))
        {
            throw NgsiLdException.BadRequestData("georel, geometry and coordinates are needed together.");
        }

        JsonElement reference;
        try
        {
            reference = JsonElement.Parse($"{{\"type\":{JsonSerializer.Serialize(geometry)},\"coordinates\":{coordinates}}}");
        }
        catch (JsonException)
        {
            throw NgsiLdException.BadRequestData("coordinates: a JSON array is required.");
        }

        GeoJson.Require(reference, "geometry");
        var (relation, min, max) = ParseRelation(georel);
        return new GeoQuery(relation, reference, context.Expand(geoproperty ?? "location"), min, max);
    }

    /// <summary>Whether an instance of the attribute lies as asked. Distances are planar around the reference: right to about one in a thousand within a hundred kilometres.</summary>
    public bool Matches(Entity entity) => entity.Attributes.TryGetValue(Attribute, out var instances)
        && instances.Where(instance => instance is { Kind: AttributeKind.GeoProperty, Value.ValueKind: JsonValueKind.Object }).Any(instance => Matches(Geometries.Read(instance.Value)));

    private bool Matches(Geometry geometry) => Relation switch
    {
        GeoRelation.Near => Geometries.Metres(geometry, reference.Value) is var distance && (MaxDistance is not { } max || distance <= max) && (MinDistance is not { } min || distance >= min),
        GeoRelation.Within => geometry.Within(reference.Value),
        GeoRelation.Contains => geometry.Contains(reference.Value),
        GeoRelation.Intersects => geometry.Intersects(reference.Value),
        GeoRelation.Equals => geometry.EqualsTopologically(reference.Value),
        GeoRelation.Disjoint => geometry.Disjoint(reference.Value),
        _ => geometry.Overlaps(reference.Value),
    };

    private static (GeoRelation Relation, double? Min, double? Max) ParseRelation(string georel)
    {
        var near = NearPattern().Match(georel);
        if (near.Success)
        {
            var distance = double.Parse(near.Groups[2].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
            return near.Groups[1].Value == "max" ? (GeoRelation.Near, null, distance) : (GeoRelation.Near, distance, null);
        }

        return georel switch
        {
            "within" => (GeoRelation.Within, null, null),
            "contains" => (GeoRelation.Contains, null, null),
            "intersects" => (GeoRelation.Intersects, null, null),
            "equals" => (GeoRelation.Equals, null, null),
            "disjoint" => (GeoRelation.Disjoint, null, null),
            "overlaps" => (GeoRelation.Overlaps, null, null),
            _ => throw NgsiLdException.BadRequestData("georel: near;maxDistance==metres, near;minDistance==metres, within, contains, intersects, equals, disjoint or overlaps is required."),
        };
    }

    [GeneratedRegex(@"^near;(min|max)Distance==(\d{1,9}(?:\.\d+)?)$")]
    private static partial Regex NearPattern();
}

/// <summary>Geometries in memory.</summary>
internal static class Geometries
{
    private const double EquatorialRadius = 6_378_137;
    private const double EccentricitySquared = 0.00669437999014;

    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 4326);

    /// <summary>Reads a valid GeoJSON geometry.</summary>
    public static Geometry Read(JsonElement geometry) => ReadAsWritten(geometry) is var read && read.IsValid ? read : NetTopologySuite.Geometries.Utilities.GeometryFixer.Fix(read);

    private static Geometry ReadAsWritten(JsonElement geometry)
    {
        var coordinates = geometry.GetProperty("coordinates");
        return geometry.GetProperty("type").GetString() switch
        {
            "Point" => Factory.CreatePoint(Position(coordinates)),
            "MultiPoint" => Factory.CreateMultiPointFromCoords(Positions(coordinates)),
            "LineString" => Factory.CreateLineString(Positions(coordinates)),
            "MultiLineString" => Factory.CreateMultiLineString([.. coordinates.EnumerateArray().Select(line => Factory.CreateLineString(Positions(line)))]),
            "Polygon" => Polygon(coordinates),
            _ => Factory.CreateMultiPolygon([.. coordinates.EnumerateArray().Select(Polygon)]),
        };
    }

    /// <summary>The distance in metres, in the plane that touches the ellipsoid (WGS 84) at the reference.</summary>
    public static double Metres(Geometry geometry, Geometry reference)
    {
        var origin = reference.Centroid.Coordinate;
        var latitude = origin.Y * Math.PI / 180;
        var w = 1 - (EccentricitySquared * Math.Pow(Math.Sin(latitude), 2));
        var east = EquatorialRadius / Math.Sqrt(w) * Math.Cos(latitude) * Math.PI / 180;
        var north = EquatorialRadius * (1 - EccentricitySquared) / Math.Pow(w, 1.5) * Math.PI / 180;
        return Project(geometry, origin, east, north).Distance(Project(reference, origin, east, north));
    }

    private static Geometry Project(Geometry geometry, Coordinate origin, double east, double north)
    {
        var copy = geometry.Copy();
        copy.Apply(new Projection(origin, east, north));
        return copy;
    }

    private static Polygon Polygon(JsonElement rings) =>
        Factory.CreatePolygon(Factory.CreateLinearRing(Positions(rings[0])), [.. rings.EnumerateArray().Skip(1).Select(ring => Factory.CreateLinearRing(Positions(ring)))]);

    private static Coordinate[] Positions(JsonElement array) => [.. array.EnumerateArray().Select(Position)];

    private static Coordinate Position(JsonElement position) => new(position[0].GetDouble(), position[1].GetDouble());

    private sealed class Projection(Coordinate origin, double east, double north) : IEntireCoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence seq)
        {
            for (var index = 0; index < seq.Count; index++)
            {
                seq.SetX(index, (seq.GetX(index) - origin.X) * east);
                seq.SetY(index, (seq.GetY(index) - origin.Y) * north);
            }
        }
    }
}
