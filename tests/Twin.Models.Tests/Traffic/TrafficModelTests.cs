using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Formats;
using LivingCity.Twin.Models.Geo;
using LivingCity.Twin.Models.Traffic;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Tests.Traffic;

public sealed class TrafficModelTests
{
    [Theory]
    [InlineData(10, 146.92857142857142)]
    [InlineData(20, 336.8125)]
    public void EmissionCurve_CopertForm_GivesTheWorkedExample(double speed, double expected) =>
        Assert.Equal(expected, new EmissionCurve(2, 0.3, 2, 7, 0, 1, 4).Of(10, 1, speed), 1e-10);

    [Fact]
    public void EmissionTable_EveryKind_IsPositiveAndNewerIsNotWorseForLorries()
    {
        Assert.All(EmissionTable.All, k => Assert.True(k.At(Pollutant.ParticulateMatter, 30) > 0 && k.At(Pollutant.NitrogenOxides, 30) >= 0));
        Assert.True(EmissionTable.Find("lorry-diesel-euro-6")!.At(Pollutant.NitrogenOxides, 50) < EmissionTable.Find("lorry-diesel-euro-3")!.At(Pollutant.NitrogenOxides, 50));
        Assert.Equal(0, EmissionTable.Find("car-electric")!.At(Pollutant.CarbonDioxide, 50));
    }

    [Fact]
    public void LineSource_LongRoadAcrossTheWind_GivesTheInfiniteLine()
    {
        // C = 2q/(√(2π)·σz·u) for a receptor and source low against σz.
        const double Distance = 300, Wind = 4;
        var road = new EmittingRoad(new LineString([new(0, -20000), new(0, 20000)]), 100);
        var first = 1.8 + 0.11 * 8 / Wind;
        var sigma = Math.Sqrt(first * first + Math.Pow(LineSource.SigmaZ(Stability.D, Distance), 2));

        var found = LineSource.Concentrations([road], [new(Distance, 0)], [new(270, Wind, Stability.D, 1)], 30000)[0];

        Assert.Equal(1, found / (2 * 100 / (Math.Sqrt(2 * Math.PI) * sigma * Wind)), 0.01);
        Assert.Equal(0, LineSource.Concentrations([road], [new(-Distance, 0)], [new(270, Wind, Stability.D, 1)])[0]);
    }

    [Fact]
    public void LineSource_TurnedWithTheWind_IsTheSame()
    {
        var angle = 0.7;
        var road = new EmittingRoad(new LineString([new(-200, 0), new(300, 50)]), 100);
        var turned = new EmittingRoad(new LineString([.. road.Course.Coordinates.Select(Turn)]), 100);
        var at = new Coordinate(80, 60);

        var one = LineSource.Concentrations([road], [at], [new(200, 3, Stability.C, 1)])[0];
        var other = LineSource.Concentrations([turned], [Turn(at)], [new(200 - angle * 180 / Math.PI, 3, Stability.C, 1)])[0];

        Assert.True(one > 0);
        Assert.Equal(one, other, 1e-6 * one);

        Coordinate Turn(Coordinate c) => new(c.X * Math.Cos(angle) - c.Y * Math.Sin(angle), c.X * Math.Sin(angle) + c.Y * Math.Cos(angle));
    }

    [Fact]
    public void GeoJsonRoads_LinesThatMeet_FormANetwork()
    {
        var roads = new FeatureCollection(
        [
            Line(new() { ["highway"] = "primary", ["maxspeed"] = 50.0 }, new(500000, 5000000), new(501000, 5000000)),
            Line(new() { ["highway"] = "residential", ["oneway"] = "yes" }, new(501000, 5000000), new(501000, 5001000)),
        ], 25832);
        var zones = new FeatureCollection([Point(new() { ["zone"] = 2.0 }, 501000, 5001010), Point(new() { ["zone"] = 1.0 }, 499990, 5000000)], 25832);

        var built = GeoJsonRoads.Build(roads, zones, 25832);

        Assert.Equal((2, 5, 3), (built.Network.Zones, built.Network.Nodes, built.Network.FirstThroughNode));
        Assert.Equal(3 + 4, built.Network.Links.Count);
        Assert.Equal(72, built.Network.Links[0].FreeFlowTime, 1e-9);
        Assert.Equal(built.Network.Links.Count, built.Courses.Count);
        var result = UserEquilibrium.Solve(built.Network, [new("cars", new TripMatrix(2) { [1, 2] = 100 })], new());
        Assert.Empty(result.Unserved);
    }

    [Fact]
    public void Run_LowEmissionZoneInSiouxFalls_LowersEmissionsAndTellsWhoIsAffected()
    {
        var model = new TrafficModel();
        var progress = new List<double>();

        var result = model.Run(SiouxFalls(), new Recorder(progress), CancellationToken.None);

        var totals = ((TableValue)result.Outputs["totals"]).Value;
        Assert.True(totals.Number(3, "scenario") < totals.Number(3, "baseline"));
        Assert.Equal(model.Description.Outputs.Select(o => o.Name).Order(), result.Outputs.Keys.Order());
        var exposure = ((TableValue)result.Outputs["exposure"]).Value;
        Assert.Equal(6, exposure.Rows.Count);
        var receptors = ((TableValue)result.Outputs["receptors"]).Value;
        Assert.True(receptors.Number(0, "no2-scenario") < receptors.Number(0, "no2-baseline"));
        Assert.True(result.Quality.Single(q => q.Name == "trips-without-path").Value > 0);
        Assert.Equal(progress.Order(), progress);
        var text = GeoJson.Write(((FeaturesValue)result.Outputs["roads"]).Value);
        Assert.Equal(76, GeoJson.Read(text).Features.Count);
        var grid = ((GridValue)result.Outputs["no2"]).Value;
        Assert.Equal(32614, grid.Epsg);
        Assert.True(grid.Values.Max() > 2 * grid.Values.Min());
        Assert.True(((GridValue)result.Outputs["no2-change"]).Value.Values.Average() < 0);
    }

    [Fact]
    public void Validate_WrongMeasureAreaAndShare_AreAllReported()
    {
        var request = SiouxFalls();
        var inputs = new Dictionary<string, ModelValue>(request.Inputs)
        {
            ["interventions"] = new Table([new("measure"), new("class"), new("area"), new("amount")], [["teleport", "cars", "nowhere", 3.0]]),
            ["classes"] = new Table([new("name"), new("kind"), new("share")], [["cars", "spaceship", 0.4]]),
        };

        var mistakes = new TrafficModel().Validate(request with { Inputs = inputs });

        Assert.Equal(["classes", "classes:1", "interventions:1", "interventions:1", "interventions:1"], mistakes.Select(m => m.Field).Order());
    }

    [Fact]
    public void Validate_ClassNamedTwice_IsReported()
    {
        var request = SiouxFalls();
        var inputs = new Dictionary<string, ModelValue>(request.Inputs)
        {
            ["classes"] = new Table([new("name"), new("kind"), new("share")], [["old diesel", "car-diesel-euro-3", 0.3], ["old diesel", "car-electric", 0.7]]),
        };

        Assert.Contains(new TrafficModel().Validate(request with { Inputs = inputs }), m => m.Field == "classes" && m.Message.Contains("old diesel", StringComparison.Ordinal));
    }

    private static ModelRequest SiouxFalls()
    {
        var nodes = GeoJson.Read(File.ReadAllText(PublishedData.Path("traffic/SiouxFalls/SiouxFallsCoordinates.geojson")));
        var centre = nodes.Features.First(n => n.Number("id") == 10).Geometry;
        return new(
            new Dictionary<string, ModelValue>
            {
                ["network"] = File.ReadAllText(PublishedData.Path("traffic/SiouxFalls/SiouxFalls_net.tntp")),
                ["trips"] = File.ReadAllText(PublishedData.Path("traffic/SiouxFalls/SiouxFalls_trips.tntp")),
                ["nodes"] = nodes,
                ["zones"] = new FeatureCollection([.. nodes.Features.Select(n => n with
                {
                    Properties = new Dictionary<string, object?> { ["zone"] = n.Number("id"), ["district"] = n.Number("id") > 12 ? "south" : "north", ["income_group"] = "middle" },
                })]),
                ["classes"] = new Table([new("name"), new("kind"), new("share")], [["old diesel", "car-diesel-euro-3", 0.3], ["electric", "car-electric", 0.7]]),
                ["areas"] = new FeatureCollection([new(centre.Buffer(0.004), new Dictionary<string, object?> { ["name"] = "centre" })]),
                ["interventions"] = new Table(
                    [new("measure"), new("class"), new("area"), new("links"), new("amount"), new("to")],
                    [
                        ["ban", "old diesel", "centre", null, null, null], ["toll", "*", null, "3 5", 1.5, null], ["speed-limit", "*", "centre", null, 30.0, null],
                        ["cycling-shift", "*", null, null, 0.05, null], ["fleet-renewal", "old diesel", null, null, 0.2, "electric"],
                    ]),
                ["receptors"] = new FeatureCollection(
                [
                    new(centre.Buffer(0.0002), new Dictionary<string, object?> { ["people"] = 120.0, ["district"] = "north", ["income_group"] = "low" }),
                    new(nodes.Features[20].Geometry, new Dictionary<string, object?> { ["people"] = 50.0, ["district"] = "south", ["income_group"] = "high" }),
                ]),
            },
            new Dictionary<string, ModelValue> { ["epsg"] = 32614.0, ["grid-cell"] = 250.0 });
    }

    private static Feature Line(Dictionary<string, object?> properties, params Coordinate[] at) => new(new LineString(at), properties);

    private static Feature Point(Dictionary<string, object?> properties, double x, double y) => new(new Point(x, y), properties);

    private sealed class Recorder(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }
}
