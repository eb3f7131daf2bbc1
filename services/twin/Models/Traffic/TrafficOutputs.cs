using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Geo;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Traffic;

/// <summary>Turns two scenarios into the outputs of the model.</summary>
internal static class TrafficOutputs
{
    public static void Write(ModelRun run, TrafficInputs inputs, TrafficScenario before, TrafficScenario after)
    {
        var emitted = (Before: Emissions(inputs, before), After: Emissions(inputs, after));
        run.Outputs["totals"] = Totals(run, inputs, before, after, emitted.Before, emitted.After);
        run.Outputs["links"] = Links(inputs, before, after);
        run.Outputs["roads"] = Roads(run, inputs, before, after, emitted.Before, emitted.After);
        run.Outputs["zones"] = Zones(inputs, before, after);
        run.Outputs["groups"] = Groups(inputs, before, after);
        run.Report(0.85);
        WriteAir(run, inputs, emitted.Before, emitted.After);
        run.Quality.Add(new("relative-gap-baseline", before.Equilibrium.RelativeGap, "1", "Share of travel cost that drivers could still save."));
        run.Quality.Add(new("relative-gap-scenario", after.Equilibrium.RelativeGap, "1", "Share of travel cost that drivers could still save."));
        run.Quality.Add(new("trips-without-path", after.Banned.Sum(), "vehicles", "Trips that a ban or closure leaves without a path, before they are renewed or dropped."));
    }

    /// <summary>Emission of each link in g over the period, by pollutant.</summary>
    private static double[][] Emissions(TrafficInputs inputs, TrafficScenario scenario)
    {
        double[][] result = [.. Enum.GetValues<Pollutant>().Select(_ => new double[inputs.Network.Links.Count])];
        for (var link = 0; link < inputs.Network.Links.Count; link++)
        {
            var speed = Speed(inputs, scenario, link);
            for (var c = 0; c < inputs.Classes.Count && double.IsFinite(speed); c++)
            {
                foreach (var pollutant in Enum.GetValues<Pollutant>())
                {
                    result[(int)pollutant][link] += scenario.Equilibrium.ClassFlow[c][link] * inputs.Network.Links[link].Length * inputs.MetresPerLength / 1000 * inputs.Classes[c].Emissions.At(pollutant, speed);
                }
            }
        }

        return result;
    }

    private static double Speed(TrafficInputs inputs, TrafficScenario scenario, int link) =>
        inputs.Network.Links[link].Length * inputs.MetresPerLength / 1000 / (scenario.Equilibrium.Time[link] * inputs.SecondsPerTime / 3600);

    private static Table Totals(ModelRun run, TrafficInputs inputs, TrafficScenario before, TrafficScenario after, double[][] emittedBefore, double[][] emittedAfter)
    {
        double Hours(TrafficScenario s) => s.OriginTime.Sum() * inputs.SecondsPerTime / 3600;
        double Kilometres(TrafficScenario s) => s.Equilibrium.ClassFlow.Sum(f => f.Select((n, i) => n * inputs.Network.Links[i].Length).Sum()) * inputs.MetresPerLength / 1000;
        double Trips(TrafficScenario s) => s.TripsByClass.Sum(t => t.Total);
        return new(
            [new("quantity"), new("unit"), new("baseline"), new("scenario")],
            [
                ["trips", "vehicles", Trips(before), Trips(after)],
                ["travel time", "vehicle hours", Hours(before), Hours(after)],
                ["distance", "vehicle km", Kilometres(before), Kilometres(after)],
                ["NOx", "kg", emittedBefore[0].Sum() / 1000, emittedAfter[0].Sum() / 1000],
                ["PM", "kg", emittedBefore[1].Sum() / 1000, emittedAfter[1].Sum() / 1000],
                ["CO2", "kg", emittedBefore[2].Sum() / 1000, emittedAfter[2].Sum() / 1000],
                ["period", "h", run.Number("period"), run.Number("period")],
            ]);
    }

    private static Table Links(TrafficInputs inputs, TrafficScenario before, TrafficScenario after) => new(
        [new("link"), new("from"), new("to"), new("flow-baseline", "cars"), new("flow-scenario", "cars"), new("time-baseline", "s"), new("time-scenario", "s")],
        [.. inputs.Network.Links.Select((l, i) => (IReadOnlyList<object?>)
            [
                i + 1.0, (double)l.From, (double)l.To, before.Equilibrium.Flow[i], after.Equilibrium.Flow[i],
                before.Equilibrium.Time[i] * inputs.SecondsPerTime, after.Equilibrium.Time[i] * inputs.SecondsPerTime,
            ])]);

    private static FeatureCollection Roads(ModelRun run, TrafficInputs inputs, TrafficScenario before, TrafficScenario after, double[][] emittedBefore, double[][] emittedAfter) => new(
        [.. Enumerable.Range(0, inputs.Courses.Count).Where(i => inputs.Courses[i] is not null).Select(i => new Feature(
            Crs.Transform((int)run.Number("epsg"), 4326, inputs.Courses[i]!),
            new Dictionary<string, object?>
            {
                ["link"] = i + 1.0,
                ["flow_baseline"] = before.Equilibrium.Flow[i],
                ["flow_scenario"] = after.Equilibrium.Flow[i],
                ["nox_baseline"] = emittedBefore[0][i],
                ["nox_scenario"] = emittedAfter[0][i],
            }))]);

    private static double[] TripsFrom(TrafficScenario scenario) => [.. Enumerable.Range(1, scenario.Network.Zones).Select(zone =>
        scenario.TripsByClass.Sum(t => Enumerable.Range(1, t.Zones).Where(to => to != zone).Sum(to => t[zone, to])))];

    private static Table Zones(TrafficInputs inputs, TrafficScenario before, TrafficScenario after)
    {
        double[] tripsBefore = TripsFrom(before), tripsAfter = TripsFrom(after);
        return new(
            [new("zone"), new("district"), new("income_group"), new("trips", "vehicles"), new("mean-time-baseline", "s"), new("mean-time-scenario", "s"), new("banned-trips", "vehicles")],
            [.. inputs.ZoneGroups.Select((g, z) => (IReadOnlyList<object?>)
                [
                    z + 1.0, g.District, g.Income, tripsBefore[z], Mean(before.OriginTime[z], tripsBefore[z], inputs), Mean(after.OriginTime[z], tripsAfter[z], inputs), after.Banned[z],
                ])]);
    }

    private static Table Groups(TrafficInputs inputs, TrafficScenario before, TrafficScenario after)
    {
        double[] tripsBefore = TripsFrom(before), tripsAfter = TripsFrom(after);
        return new(
            [new("district"), new("income_group"), new("trips", "vehicles"), new("mean-time-baseline", "s"), new("mean-time-scenario", "s"), new("banned-trips", "vehicles")],
            [.. Enumerable.Range(0, inputs.ZoneGroups.Count).GroupBy(z => inputs.ZoneGroups[z]).Select(g => (IReadOnlyList<object?>)
                [
                    g.Key.District, g.Key.Income, g.Sum(z => tripsBefore[z]), Mean(g.Sum(z => before.OriginTime[z]), g.Sum(z => tripsBefore[z]), inputs),
                    Mean(g.Sum(z => after.OriginTime[z]), g.Sum(z => tripsAfter[z]), inputs), g.Sum(z => after.Banned[z]),
                ])]);
    }

    private static object? Mean(double time, double trips, TrafficInputs inputs) => trips > 0 ? time / trips * inputs.SecondsPerTime : null;

    private static void WriteAir(ModelRun run, TrafficInputs inputs, double[][] emittedBefore, double[][] emittedAfter)
    {
        List<Coordinate> receptors = [.. inputs.Receptors.Select(r => r.At)];
        var before = NitrogenDioxide(run, inputs, emittedBefore[0], receptors);
        var after = NitrogenDioxide(run, inputs, emittedAfter[0], receptors);
        if (Grid(run, inputs) is { } grid)
        {
            List<Coordinate> centres = [.. Enumerable.Range(0, grid.Values.Length).Select(grid.CentreOf).Select(c => new Coordinate(c.X, c.Y))];
            var baseline = NitrogenDioxide(run, inputs, emittedBefore[0], centres);
            var scenario = NitrogenDioxide(run, inputs, emittedAfter[0], centres);
            run.Outputs["no2"] = grid.With(scenario);
            run.Outputs["no2-change"] = grid.With([.. scenario.Zip(baseline, (a, b) => a - b)]);
        }

        run.Outputs["receptors"] = new Table(
            [new("receptor"), new("people"), new("no2-baseline", "µg/m³"), new("no2-scenario", "µg/m³")],
            [.. inputs.Receptors.Select((r, i) => (IReadOnlyList<object?>)[i + 1.0, r.People, before[i], after[i]])]);
        run.Outputs["exposure"] = new Table(
            [new("district"), new("income_group"), new("threshold", "µg/m³"), new("people"), new("above-baseline"), new("above-scenario")],
            [.. Enumerable.Range(0, inputs.Receptors.Count).GroupBy(i => inputs.Receptors[i].Group).SelectMany(g =>
                new[] { AirQuality.NitrogenDioxideGuideline, AirQuality.NitrogenDioxideLimit2030, AirQuality.NitrogenDioxideLimit }.Select(threshold => (IReadOnlyList<object?>)
                [
                    g.Key.District, g.Key.Income, threshold, g.Sum(i => inputs.Receptors[i].People),
                    g.Where(i => before[i] > threshold).Sum(i => inputs.Receptors[i].People), g.Where(i => after[i] > threshold).Sum(i => inputs.Receptors[i].People),
                ]))]);
    }

    private static Raster? Grid(ModelRun run, TrafficInputs inputs)
    {
        var cell = run.Number("grid-cell");
        var box = new Envelope();
        foreach (var course in inputs.Courses.OfType<LineString>())
        {
            box.ExpandToInclude(course.EnvelopeInternal);
        }

        if (cell <= 0 || box.IsNull)
        {
            return null;
        }

        box.ExpandBy(200);
        int columns = (int)Math.Ceiling(box.Width / cell), rows = (int)Math.Ceiling(box.Height / cell);
        return new Raster(columns, rows, cell, box.MinX, box.MinY, epsg: (int)run.Number("epsg"));
    }

    private static double[] NitrogenDioxide(ModelRun run, TrafficInputs inputs, double[] grams, IReadOnlyList<Coordinate> places)
    {
        var perSecond = 1e6 * run.Number("mean-factor") / (run.Number("period") * 3600);
        List<EmittingRoad> roads = [];
        for (var i = 0; i < grams.Length; i++)
        {
            if (inputs.Courses[i] is { Length: > 0 } course)
            {
                roads.Add(new(course, grams[i] * perSecond / course.Length));
            }
        }

        var oxides = LineSource.Concentrations(roads, places, inputs.Winds, cancellationToken: run.CancellationToken);
        return [.. oxides.Select(c => AirQuality.NitrogenDioxide(c + run.Number("background-nox")))];
    }
}
