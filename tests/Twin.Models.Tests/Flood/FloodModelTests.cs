using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.Formats;
using LivingCity.Twin.Models.Geo;
using LivingCity.Twin.Models.Tests.Heat;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Tests.Flood;

public sealed class FloodModelTests
{
    private const double West = 600000, South = 5300000;

    [Fact]
    public void Run_WallBeforeAHouse_KeepsItDry()
    {
        var model = new FloodModel();

        var open = model.Run(Street(), null, CancellationToken.None);
        var walled = model.Run(Street(Measure("wall", "height", 3, new LineString([new(West + 100, South - 1), new(West + 100, South + 101)]))), null, CancellationToken.None);

        Assert.Equal(model.Description.Outputs.Select(o => o.Name).Order(), open.Outputs.Keys.Order());
        Assert.True(People(open) == 12 && People(walled) == 0);
        Assert.True(Math.Abs(open.Quality.Single(q => q.Name == "mass-error").Value) < 1e-10);
    }

    [Fact]
    public void Validate_GaugeNamedTwice_IsReported()
    {
        var request = Street();
        Feature Gauge(double x) => new(new Point(West + x, South + 50), new Dictionary<string, object?> { ["name"] = "bridge" });
        var inputs = new Dictionary<string, ModelValue>(request.Inputs) { ["gauges"] = new FeatureCollection([Gauge(20), Gauge(90)], 25832) };

        Assert.Contains(new FloodModel().Validate(request with { Inputs = inputs }), m => m.Field == "gauges" && m.Message.Contains("bridge", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_BasinDrainAndPump_LowerTheFlood()
    {
        var dry = new FloodModel().Run(
            Street(
                Measure("basin", "depth", 2, new Envelope(West + 20, West + 90, South + 5, South + 75).ToPolygon()),
                Measure("drain", "capacity", 50, new Envelope(West, West + 200, South, South + 100).ToPolygon()),
                Measure("pump", "discharge", 0.5, new LineString([new(West + 110, South + 40), new(West + 190, South + 40)]))), null, CancellationToken.None);
        var wet = new FloodModel().Run(Street(), null, CancellationToken.None);

        Assert.True(DepthAt(dry, 130) < DepthAt(wet, 130));
        Assert.True(Total(dry, "drained") > 0);
    }

    [Fact]
    public void Run_DeSealing_LosesMoreRain()
    {
        var numbers = Terrain().With([.. Enumerable.Repeat(98.0, 800)]);
        ModelRequest Rainy(params Feature[] measures) => new(
            new Dictionary<string, ModelValue>
            {
                ["terrain"] = Terrain(),
                ["curve-number"] = numbers,
                ["rain"] = new TimeSeries([0, 900], new Dictionary<string, IReadOnlyList<double>> { ["rain"] = [80.0, 0.0] }),
                ["interventions"] = new FeatureCollection(measures, 25832),
            },
            new Dictionary<string, ModelValue> { ["loss"] = "curve-number", ["duration"] = 1200.0 });

        var before = new FloodModel().Run(Rainy(), null, CancellationToken.None);
        var after = new FloodModel().Run(Rainy(Measure("de-sealing", "curve_number", 60, new Envelope(West, West + 200, South, South + 100).ToPolygon())), null, CancellationToken.None);

        Assert.Equal(80.0 / 4 / 1000 * 200 * 100, Total(before, "rain"), 1e-6);
        Assert.True(Total(after, "infiltrated") > Total(before, "infiltrated"));
    }

    [Fact]
    public void Run_EmbankmentStorageRainGardenAndSewers_LowerTheFlood()
    {
        var street = new Envelope(West, West + 120, South, South + 100).ToPolygon();
        var before = new FloodModel().Run(Street(), null, CancellationToken.None);
        var stored = new FloodModel().Run(Street(Measure("storage", "volume", 300, street)), null, CancellationToken.None);
        var garden = new FloodModel().Run(Street(Measure("rain-garden", "depth", 0.3, street)), null, CancellationToken.None);
        var embanked = new FloodModel().Run(Street(Measure("embankment", "height", 3, new LineString([new(West + 100, South - 1), new(West + 100, South + 101)]))), null, CancellationToken.None);
        var plain = Street();
        var sewers = new FloodModel().Run(plain with { Parameters = new Dictionary<string, ModelValue>(plain.Parameters!) { ["drain-capacity"] = 200.0 } }, null, CancellationToken.None);

        Assert.InRange(Total(stored, "drained"), 100, 300.0001);
        Assert.True(DepthAt(stored, 130) < DepthAt(before, 130) && DepthAt(sewers, 130) < DepthAt(before, 130));
        Assert.True(Total(garden, "drained") > 0 && Total(sewers, "drained") > Total(garden, "drained"));
        Assert.Equal(0, People(embanked));
        Assert.All([stored, garden, sewers, embanked], r => Assert.True(Math.Abs(r.Quality.Single(q => q.Name == "mass-error").Value) < 1e-10));
    }

    [Fact]
    public void Run_InitialDepthAlone_IsADamBreak()
    {
        var flat = Terrain().With(new double[800]);
        var request = new ModelRequest(
            new Dictionary<string, ModelValue> { ["terrain"] = flat, ["initial-depth"] = flat.With([.. Enumerable.Range(0, 800).Select(i => i % 40 < 20 ? 2.0 : 0)]) },
            new Dictionary<string, ModelValue> { ["duration"] = 10.0, ["scheme"] = "finite-volume", ["edges"] = "closed", ["roughness"] = 0.001 });

        var result = new FloodModel().Run(request, null, CancellationToken.None);

        // Ritter (1892): four ninths of the depth at the dam.
        Assert.Equal(8.0 / 9, ((GridValue)result.Outputs["maximum-depth"]).Value[20, 10], 0.08);
        Assert.Equal(2 * 20 * 20 * 25, Total(result, "stored"), 1e-6);
    }

    [Fact]
    public void Validate_GaugeAndInflowOutside_AreReported()
    {
        var request = Street();
        var inputs = new Dictionary<string, ModelValue>(request.Inputs)
        {
            ["gauges"] = new FeatureCollection([new(new Point(West - 50, South), new Dictionary<string, object?>())], 25832),
            ["inflows"] = new FeatureCollection([new(new Point(West + 10, South + 4000), new Dictionary<string, object?> { ["series"] = "brook" })], 25832),
        };

        Assert.Equal(["gauges[0]", "inflows[0]"], new FloodModel().Validate(request with { Inputs = inputs }).Select(m => m.Field).Order());
    }

    [Fact]
    public void Run_RisingSea_ComesInOverItsEdge()
    {
        var request = new ModelRequest(
            new Dictionary<string, ModelValue>
            {
                ["terrain"] = Terrain(),
                ["stages"] = new FeatureCollection([new(new LineString([new(West + 198, South + 2), new(West + 198, South + 98)]), new Dictionary<string, object?> { ["series"] = "sea" })], 25832),
                ["levels"] = new TimeSeries([0, 600], new Dictionary<string, IReadOnlyList<double>> { ["sea"] = [0.5, 1.2] }),
            },
            new Dictionary<string, ModelValue> { ["duration"] = 1200.0, ["edges"] = "closed" });

        var result = new FloodModel().Run(request, null, CancellationToken.None);

        var depth = ((GridValue)result.Outputs["maximum-depth"]).Value;
        Assert.All(Enumerable.Range(0, 20), row => Assert.InRange(depth[20, row] + Terrain()[20, row], 1.1, 1.4));
        Assert.True(Math.Abs(result.Quality.Single(q => q.Name == "mass-error").Value) < 1e-10);
    }

    [Fact]
    public void Validate_ManyMistakes_AreAllReported()
    {
        var request = Street(Measure("moat", "depth", 1, new Point(0, 0)), Measure("wall", "height", -1, new Point(0, 0)));
        var inputs = new Dictionary<string, ModelValue>(request.Inputs) { ["roughness"] = new Raster(2, 2, 1, 0, 0, [0.03, 0.03, 0.03, 0.03]) };
        inputs.Remove("hydrographs");

        var mistakes = new FloodModel().Validate(request with { Inputs = inputs });

        Assert.Equal(["inflows[0]", "interventions[0]", "interventions[1]", "roughness"], mistakes.Select(m => m.Field).Order());
    }

    [Fact]
    public void Load_Carlisle_HasItsRiversGaugesAndOutlet()
    {
        var setup = CarlisleEvent.Load(PublishedData.Path("flood-carlisle"));

        Assert.Equal((951, 611, 5.0), (setup.Terrain.Columns, setup.Terrain.Rows, setup.Terrain.CellSize));
        Assert.Equal(23, setup.Forcing.Inflows.Count);
        Assert.All(setup.Forcing.Inflows, i => Assert.Equal(274, i.Seconds.Count));
        Assert.Equal(30, setup.Gauges.Count);
        Assert.NotEmpty(setup.Forcing.Open);
    }

    [Fact]
    public void Run_CarlisleFirstThreeHours_FloodsAndKeepsItsMass()
    {
        var setup = CarlisleEvent.Load(PublishedData.Path("flood-carlisle"));

        var result = FloodSimulation.Run(setup with { Duration = 3 * 3600 }, null, TestContext.Current.CancellationToken);

        Assert.True(Math.Abs(result.Balance.RelativeError) <= 1e-10, $"{result.Balance}");
        Assert.Equal(setup.Forcing.Inflows.Sum(i => i.Volume(0, 3 * 3600)), result.Balance.Inflow, 1e-3);
        Assert.Equal(13, result.GaugeSeconds.Count);
        Assert.InRange(result.MaximumDepth.Values.Where(double.IsFinite).Max(), 1, 15);
    }

    [Theory]
    [InlineData("P 1 1 QVAR nowhere", "nowhere")]
    [InlineData("Q 1 1 QVAR a", "'Q'")]
    [InlineData("P 1 1 RAIN a", "'RAIN'")]
    [InlineData("P one 1 QFIX 2", "'one'")]
    public void ReadForcing_Broken_SaysWhatIsWrong(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputFormatException>(() => LisfloodFiles.ReadForcing(text, "", new Raster(4, 4, 1))).Message, StringComparison.Ordinal);

    private static Raster Terrain() => new(40, 20, 5, West, South, [.. Enumerable.Range(0, 800).Select(i => 1 - 0.002 * 5 * (i % 40))], 25832);

    private static ModelRequest Street(params Feature[] measures) => new(
        new Dictionary<string, ModelValue>
        {
            ["terrain"] = Terrain(),
            ["inflows"] = new FeatureCollection([new(new Point(West + 10, South + 40), new Dictionary<string, object?> { ["series"] = "brook" })], 25832),
            ["hydrographs"] = new TimeSeries([0, 300, 900], new Dictionary<string, IReadOnlyList<double>> { ["brook"] = [0.0, 8.0, 1.0] }),
            ["buildings"] = new FeatureCollection(
                [new(new Envelope(West + 130, West + 145, South + 30, South + 50).ToPolygon(), new Dictionary<string, object?> { ["people"] = 12.0, ["district"] = "quay", ["income_group"] = "middle" })], 25832),
            ["gauges"] = new FeatureCollection([new(new Point(West + 120, South + 40), new Dictionary<string, object?> { ["name"] = "bridge" })], 25832),
            ["interventions"] = new FeatureCollection(measures, 25832),
        },
        new Dictionary<string, ModelValue> { ["duration"] = 900.0, ["edges"] = "open" });

    private static Feature Measure(string name, string property, double value, Geometry geometry) =>
        new(geometry, new Dictionary<string, object?> { ["measure"] = name, [property] = value });

    private static double People(ModelResult result) => ((TableValue)result.Outputs["groups"]).Value.Number(0, "people-flooded");

    private static double DepthAt(ModelResult result, double x) =>
        ((GridValue)result.Outputs["maximum-depth"]).Value is var grid ? grid.Values[grid.CellAt(West + x - 2, South + 40)] : double.NaN;

    private static double Total(ModelResult result, string quantity) =>
        (double)((TableValue)result.Outputs["totals"]).Value.Rows.Single(r => (string)r[0]! == quantity)[2]!;
}
