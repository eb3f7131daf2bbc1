using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Geo;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Traffic;

/// <summary>A class of vehicles as the table of classes names it.</summary>
internal sealed record FleetClass(string Name, VehicleEmissions Emissions, double Share, double PassengerCarUnits, double ValueOfTime);

/// <summary>One measure.</summary>
internal sealed record TrafficIntervention(string Measure, string Class, IReadOnlySet<int> Links, IReadOnlySet<int> Gates, double Amount, string To);

/// <summary>All inputs of a run, read and brought to one set of units: metres and seconds per unit are kept apart, since TNTP networks have their own.</summary>
internal sealed record TrafficInputs(
    RoadNetwork Network,
    IReadOnlyList<LineString?> Courses,
    TripMatrix Trips,
    IReadOnlyList<FleetClass> Classes,
    IReadOnlyList<TrafficIntervention> Interventions,
    IReadOnlyList<ResidentGroup> ZoneGroups,
    IReadOnlyList<(Coordinate At, double People, ResidentGroup Group)> Receptors,
    IReadOnlyList<WindCase> Winds,
    double SecondsPerTime,
    double MetresPerLength,
    bool RenewBanned)
{
    private static readonly string[] Measures = ["ban", "toll", "speed-limit", "close", "bus-lane", "cycling-shift", "fleet-renewal"];

    public static TrafficInputs Read(ModelRun run, ICollection<InputMistake> mistakes)
    {
        var epsg = (int)run.Number("epsg");
        if (!Crs.IsKnown(epsg))
        {
            mistakes.Add(new("epsg", "is not a reference system known here."));
            epsg = 25832;
        }

        if (run.Has("network") == run.Has("roads"))
        {
            throw new Formats.InputFormatException("network", 0, "exactly one of network and roads must be given.");
        }

        if (run.Has("roads") && !run.Has("zones"))
        {
            throw new Formats.InputFormatException("zones", 0, "are required with roads.");
        }

        var mapped = run.Has("roads") ? GeoJsonRoads.Build(run.Features("roads")!, run.Features("zones")!, epsg) : null;
        var network = mapped?.Network ?? WithFactors(TntpReader.ReadNetwork(run.Text("network")!), run.Number("toll-factor"), run.Number("distance-factor"));
        var trips = TntpReader.ReadTrips(run.Text("trips")!, "trips");
        if (trips.Zones != network.Zones)
        {
            mistakes.Add(new("trips", $"has {trips.Zones} zones; the network has {network.Zones}."));
        }

        var courses = mapped is not null ? [.. mapped.Courses] : Straight(network, run.Features("nodes"), epsg);
        var classes = ReadClasses(run.Table("classes"), mistakes);
        var interventions = ReadInterventions(run, network, courses, classes, epsg, mistakes);
        return new(
            network, courses, trips, classes, interventions, ZoneGroupsOf(run.Features("zones"), network.Zones), ReadReceptors(run.Features("receptors"), epsg), ReadWinds(run.Table("wind"), mistakes),
            mapped is null ? run.Number("time-unit") : 1, mapped is null ? run.Number("length-unit") : 1,
            run.Choice("banned-trips") == "renew");
    }

    private static RoadNetwork WithFactors(RoadNetwork network, double toll, double distance) => network with
    {
        TollFactor = toll >= 0 ? toll : network.TollFactor,
        DistanceFactor = distance >= 0 ? distance : network.DistanceFactor,
    };

    private static LineString?[] Straight(RoadNetwork network, FeatureCollection? nodes, int epsg)
    {
        var places = new Dictionary<int, Coordinate>();
        foreach (var node in nodes?.Features ?? [])
        {
            if (node.Number("id") is { } id)
            {
                places[(int)id] = Crs.Transform(nodes!.Epsg, epsg, node.Geometry).Centroid.Coordinate;
            }
        }

        return [.. network.Links.Select(l => places.TryGetValue(l.From, out var from) && places.TryGetValue(l.To, out var to) ? new LineString([from, to]) : null)];
    }

    private static List<FleetClass> ReadClasses(Table? table, ICollection<InputMistake> mistakes)
    {
        List<FleetClass> classes = [];
        for (var row = 0; row < (table?.Rows.Count ?? 0); row++)
        {
            var kind = EmissionTable.Find(table!.Text(row, "kind") ?? "");
            var share = table.Number(row, "share");
            if (kind is null)
            {
                mistakes.Add(new($"classes:{row + 1}", $"kind must be one of {string.Join(", ", EmissionTable.All.Select(k => k.Kind))}."));
            }

            if (!(share >= 0 && share <= 1))
            {
                mistakes.Add(new($"classes:{row + 1}", "share must be from 0 to 1."));
            }

            classes.Add(new(table.Text(row, "name") ?? $"class {row + 1}", kind ?? EmissionTable.All.First(), share, Or(table.Number(row, "pcu"), 1), Or(table.Number(row, "value_of_time"), 15)));
        }

        foreach (var twice in classes.GroupBy(c => c.Name).Where(g => g.Count() > 1))
        {
            mistakes.Add(new("classes", $"the name {twice.Key} is used {twice.Count()} times."));
        }

        if (classes.Count > 0 && Math.Abs(classes.Sum(c => c.Share) - 1) > 1e-6)
        {
            mistakes.Add(new("classes", "shares must add up to 1."));
        }

        return classes.Count > 0 ? classes : [new("cars", EmissionTable.Find("car-diesel-euro-5")!, 1, 1, 15)];
    }

    private static List<TrafficIntervention> ReadInterventions(
        ModelRun run, RoadNetwork network, IReadOnlyList<LineString?> courses, List<FleetClass> classes, int epsg, ICollection<InputMistake> mistakes)
    {
        List<TrafficIntervention> read = [];
        var table = run.Table("interventions");
        var areas = run.Features("areas");
        for (var row = 0; row < (table?.Rows.Count ?? 0); row++)
        {
            var field = $"interventions:{row + 1}";
            var measure = table!.Text(row, "measure") ?? "";
            var name = table.Text(row, "class") ?? "*";
            if (!Measures.Contains(measure))
            {
                mistakes.Add(new(field, $"measure must be one of {string.Join(", ", Measures)}."));
            }

            var to = table.Text(row, "to") ?? "";
            if ((name != "*" && classes.All(c => c.Name != name)) || (measure == "fleet-renewal" && classes.All(c => c.Name != to)))
            {
                mistakes.Add(new(field, "class and to must name classes of the table of classes."));
            }

            var amount = table.Number(row, "amount");
            if (measure is not ("ban" or "close") && !(amount >= 0 && (measure is "toll" or "speed-limit" || amount <= 1)))
            {
                mistakes.Add(new(field, "amount must be a share from 0 to 1, a toll, or a speed, and not negative."));
            }

            var (links, gates) = Extent(table, row, network, courses, areas, epsg, field, mistakes);
            read.Add(new(measure, name, links, gates, amount, to));
        }

        return read;
    }

    // Links inside an area, and the gates: links that lead into it from outside.
    private static (HashSet<int> Links, HashSet<int> Gates) Extent(
        Table table, int row, RoadNetwork network, IReadOnlyList<LineString?> courses, FeatureCollection? areas, int epsg, string field, ICollection<InputMistake> mistakes)
    {
        HashSet<int> links = [], gates = [];
        if (table.Text(row, "links") is { } text)
        {
            foreach (var part in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (int.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out var link) && link >= 1 && link <= network.Links.Count)
                {
                    links.Add(link - 1);
                }
                else
                {
                    mistakes.Add(new(field, $"'{part}' is not a link from 1 to {network.Links.Count}."));
                }
            }

            return (links, [.. links]);
        }

        if (table.Text(row, "area") is not { } name)
        {
            return (links, gates);
        }

        if (areas?.Features.FirstOrDefault(a => a.Text("name") == name) is not { } feature)
        {
            mistakes.Add(new(field, $"there is no area named {name}."));
            return (links, gates);
        }

        var area = new NetTopologySuite.Algorithm.Locate.IndexedPointInAreaLocator(Crs.Transform(areas.Epsg, epsg, feature.Geometry));
        for (var link = 0; link < courses.Count; link++)
        {
            if (courses[link] is { } course && Inside(course.EndPoint.Coordinate))
            {
                links.Add(link);
                if (!Inside(course.StartPoint.Coordinate))
                {
                    gates.Add(link);
                }
            }
        }

        return (links, gates);

        bool Inside(Coordinate at) => area.Locate(at) != NetTopologySuite.Geometries.Location.Exterior;
    }

    private static ResidentGroup[] ZoneGroupsOf(FeatureCollection? zones, int count)
    {
        ResidentGroup[] groups = [.. Enumerable.Repeat(new ResidentGroup("", ""), count)];
        for (var i = 0; i < (zones?.Features.Count ?? 0); i++)
        {
            if (zones!.Features[i].Number("zone") is { } zone && zone >= 1 && zone <= count)
            {
                groups[(int)zone - 1] = ResidentGroup.Of(zones.Features[i]);
            }
        }

        return groups;
    }

    private static List<(Coordinate At, double People, ResidentGroup Group)> ReadReceptors(FeatureCollection? receptors, int epsg) =>
        [.. (receptors?.Features ?? []).Select(f => (Crs.Transform(receptors!.Epsg, epsg, f.Geometry).Centroid.Coordinate, f.Number("people") ?? 1, ResidentGroup.Of(f)))];

    private static List<WindCase> ReadWinds(Table? table, ICollection<InputMistake> mistakes)
    {
        if (table is null)
        {
            return [.. Enumerable.Range(0, 12).Select(i => new WindCase(30 * i, 3, Stability.D, 1.0 / 12))];
        }

        List<WindCase> winds = [];
        for (var row = 0; row < table.Rows.Count; row++)
        {
            var wind = new WindCase(table.Number(row, "direction"), table.Number(row, "speed"), Enum.TryParse<Stability>(table.Text(row, "stability") ?? "D", out var s) ? s : Stability.D, table.Number(row, "share"));
            if (!(wind.Speed >= 0 && wind.Share >= 0 && double.IsFinite(wind.Direction)))
            {
                mistakes.Add(new($"wind:{row + 1}", "direction, speed and share must be numbers, speed and share not negative."));
            }

            winds.Add(wind);
        }

        return winds;
    }

    private static double Or(double value, double otherwise) => double.IsNaN(value) ? otherwise : value;
}
