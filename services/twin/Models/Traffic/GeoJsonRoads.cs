using LivingCity.Twin.Models.Formats;
using LivingCity.Twin.Models.Geo;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Traffic;

/// <summary>A road network with the course of its links on the ground.</summary>
/// <param name="Network">Network in m, s, km/h and cars/h.</param>
/// <param name="Courses">Line of each link in the reference system.</param>
/// <param name="Epsg">Reference system of the courses, in metres.</param>
public sealed record MappedRoads(RoadNetwork Network, IReadOnlyList<LineString> Courses, int Epsg);

/// <summary>
/// Roads from GeoJSON lines. Properties, all optional: <c>init_node</c> and <c>term_node</c> (else ends that meet are one node), <c>highway</c> (OpenStreetMap class), <c>maxspeed</c> (km/h), <c>lanes</c>,
/// <c>oneway</c>, <c>capacity</c> (cars/h), <c>free_flow_time</c> (s), <c>b</c>, <c>power</c>. Zones are points with a number in <c>zone</c>; each is tied to the road node next to it.
/// </summary>
public static class GeoJsonRoads
{
    private const double ConnectorSpeed = 30;

    /// <summary>Builds a network.</summary>
    /// <param name="roads">Lines.</param>
    /// <param name="zones">Points, numbered 1 … n.</param>
    /// <param name="epsg">Reference system to compute in, in metres.</param>
    /// <exception cref="InputFormatException">Roads or zones cannot be used.</exception>
    public static MappedRoads Build(FeatureCollection roads, FeatureCollection zones, int epsg)
    {
        var points = ZonePoints(zones, epsg);
        var nodes = new Dictionary<(long, long), int>();
        List<Coordinate> places = [];
        List<RoadLink> links = [];
        List<LineString> courses = [];
        for (var f = 0; f < roads.Features.Count; f++)
        {
            var feature = roads.Features[f];
            var geometry = Crs.Transform(roads.Epsg, epsg, feature.Geometry);
            for (var part = 0; part < geometry.NumGeometries; part++)
            {
                if (geometry.GetGeometryN(part) is not LineString { IsEmpty: false } line)
                {
                    throw new InputFormatException($"roads[{f}]", 0, "a road must be a LineString or MultiLineString.");
                }

                var link = Describe(feature, line, Node(line.StartPoint.Coordinate), Node(line.EndPoint.Coordinate), $"roads[{f}]");
                links.Add(link);
                courses.Add(line);
                if (!IsOneWay(feature))
                {
                    links.Add(link with { From = link.To, To = link.From });
                    courses.Add((LineString)line.Reverse());
                }
            }
        }

        Connect(points, places, links, courses);
        return new(new RoadNetwork(points.Length, points.Length + places.Count, points.Length + 1, links), courses, epsg);

        // Ends within a decimetre are one node.
        int Node(Coordinate at)
        {
            var key = ((long)Math.Round(at.X * 10), (long)Math.Round(at.Y * 10));
            if (!nodes.TryGetValue(key, out var node))
            {
                places.Add(at);
                nodes[key] = node = points.Length + places.Count;
            }

            return node;
        }
    }

    private static RoadLink Describe(Feature feature, LineString line, int from, int to, string name)
    {
        var (speed, lanes, perLane) = Defaults(feature.Text("highway"));
        var limit = feature.Number("maxspeed") ?? speed;
        var width = feature.Number("lanes") ?? lanes;
        if (limit <= 0 || width <= 0)
        {
            throw new InputFormatException(name, 0, "maxspeed and lanes must be positive.");
        }

        var shared = IsOneWay(feature) || feature.Number("lanes") is null ? width : Math.Max(1, width / 2);
        return new(
            from, to, feature.Number("capacity") ?? shared * perLane, line.Length, feature.Number("free_flow_time") ?? line.Length / (limit / 3.6),
            feature.Number("b") ?? 0.15, feature.Number("power") ?? 4, limit);
    }

    // Speed (km/h), lanes in one direction, and cars per hour and lane: orders of the German handbook for road design (HBS 2015).
    private static (double Speed, double Lanes, double PerLane) Defaults(string? highway) => highway switch
    {
        "motorway" or "trunk" => (100, 2, 1900),
        "motorway_link" or "trunk_link" => (60, 1, 1500),
        "primary" => (50, 2, 900),
        "secondary" => (50, 1, 900),
        "tertiary" => (50, 1, 700),
        "living_street" => (10, 1, 200),
        _ => (30, 1, 500),
    };

    private static bool IsOneWay(Feature feature) => feature.Text("oneway") is "yes" or "true" or "1" || feature.Text("highway") is "motorway";

    private static Coordinate[] ZonePoints(FeatureCollection zones, int epsg)
    {
        var points = new Coordinate?[zones.Features.Count];
        for (var i = 0; i < points.Length; i++)
        {
            var number = (int)(zones.Features[i].Number("zone") ?? i + 1);
            if (number < 1 || number > points.Length || points[number - 1] is not null)
            {
                throw new InputFormatException($"zones[{i}]", 0, $"zones must be numbered from 1 to {points.Length}, each once.");
            }

            points[number - 1] = Crs.Transform(zones.Epsg, epsg, zones.Features[i].Geometry).Centroid.Coordinate;
        }

        return points!;
    }

    private static void Connect(Coordinate[] points, List<Coordinate> places, List<RoadLink> links, List<LineString> courses)
    {
        if (places.Count == 0)
        {
            throw new InputFormatException("roads", 0, "there is no road.");
        }

        for (var zone = 0; zone < points.Length; zone++)
        {
            var nearest = Enumerable.Range(0, places.Count).MinBy(i => places[i].Distance(points[zone]));
            var length = Math.Max(1, places[nearest].Distance(points[zone]));
            var link = new RoadLink(zone + 1, points.Length + nearest + 1, 1e9, length, length / (ConnectorSpeed / 3.6), 0, 0, ConnectorSpeed, 0, 0);
            var line = new LineString([points[zone], places[nearest]]);
            links.AddRange([link, link with { From = link.To, To = link.From }]);
            courses.AddRange([line, (LineString)line.Reverse()]);
        }
    }
}
