using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Geo;
using LivingCity.Twin.Models.GreenSpace;
using LivingCity.Twin.Models.Tests.Heat;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Tests.GreenSpace;

public sealed class GreenSpaceModelTests
{
    [Theory]
    [InlineData(DecayKind.Density, -1, new[] { 0.75, 0.6666667, 0.4166667, 0, 0 })]
    [InlineData(DecayKind.Power, -5, new[] { 1, 1, 1.0 / 32, 1.0 / 243, 0 })]
    [InlineData(DecayKind.Gaussian, -1, new[] { 1, 0.8626563, 0.4935753, 0, 0 })]
    [InlineData(DecayKind.Dichotomy, -1, new[] { 1, 1, 1, 1.0, 0 })]
    public void DistanceDecay_PublishedCases_GiveTheirWeights(DecayKind kind, double exponent, double[] expected)
    {
        var decay = new DistanceDecay(kind, 3, exponent);
        Assert.All(expected.Select((weight, distance) => (weight, distance)), p => Assert.Equal(p.weight, decay.At(p.distance), 1e-7));
    }

    [Fact]
    public void Access_AnyCatchment_GivesOutTheWholeSupply()
    {
        var random = new Random(3);
        double[] people = [.. Enumerable.Range(0, 40).Select(_ => 10 + 90 * random.NextDouble())], supply = [.. Enumerable.Range(0, 6).Select(_ => 1000 * random.NextDouble())];
        CatchmentWay[] ways = [.. Enumerable.Range(0, 240).Select(i => new CatchmentWay(i / 6, i % 6, 400 * random.NextDouble()))];

        var access = FloatingCatchment.Access(people, supply, ways, new(DecayKind.Gaussian, 500));

        Assert.Equal(supply.Sum(), people.Zip(access, (p, a) => p * a).Sum(), 1e-6);
        Assert.Equal([50.5, 25, 50], FloatingCatchment.Balance([100.5, 75, 100], 50));
    }

    [Fact]
    public void Access_OnARaster_GivesOutTheWholeSupply()
    {
        var random = new Random(4);
        var green = new Raster(30, 30, 10, 0, 0, [.. Enumerable.Range(0, 900).Select(i => i % 97 == 0 ? 100.0 : 0)]);
        var people = green.With([.. Enumerable.Range(0, 900).Select(_ => random.NextDouble())]);

        var access = FloatingCatchment.Access(green, people, new DistanceDecay(DecayKind.Density, 80));

        Assert.Equal(green.Values.Sum(), people.Values.Zip(access.Values, (p, a) => p * a).Sum(), 1e-6);
    }

    [Fact]
    public void Run_NewParkTreesAndPath_TellsWhoGains()
    {
        var model = new GreenSpaceModel();

        var result = model.Run(Town(), null, CancellationToken.None);

        var buildings = ((TableValue)result.Outputs["buildings"]).Value;
        Assert.Equal((0, 3), (buildings.Number(0, "trees-baseline"), buildings.Number(0, "trees-scenario")));
        Assert.Equal(0, buildings.Number(1, "trees-scenario"));
        Assert.True(double.IsNaN(buildings.Number(0, "walk-baseline")));
        Assert.InRange(buildings.Number(0, "walk-scenario"), 100, 300);
        var totals = ((TableValue)result.Outputs["totals"]).Value;
        Assert.Equal((0, 30, 30), (totals.Number(0, "300-baseline"), totals.Number(0, "300-scenario"), totals.Number(0, "gain")));
        var groups = ((TableValue)result.Outputs["groups"]).Value;
        Assert.Equal(["north", "south"], groups.Rows.Select(r => (string)r[0]!).Order());
    }

    [Fact]
    public void Run_LongStraightPathBesideAPark_IsEnteredWhereItPasses()
    {
        // One straight path of 1 km; the home stands at 200 m of it, the park at 450 m, neither near one of its ends.
        const double X = 600000, Y = 5300000;
        Feature Box(double x, double y, double size) => new(new Envelope(X + x, X + x + size, Y + y, Y + y + size).ToPolygon(), new Dictionary<string, object?> { ["people"] = 1.0 });
        var request = new ModelRequest(new Dictionary<string, ModelValue>
        {
            ["buildings"] = new FeatureCollection([Box(195, 5, 10)], 25832),
            ["parks"] = new FeatureCollection([Box(450, 5, 80)], 25832),
            ["paths"] = new FeatureCollection([new(new LineString([new(X, Y), new(X + 1000, Y)]), new Dictionary<string, object?>())], 25832),
            ["trees"] = new FeatureCollection([new(new Point(X, Y + 20), new Dictionary<string, object?>())], 25832),
        });

        var result = new GreenSpaceModel().Run(request, null, CancellationToken.None);

        Assert.InRange(((TableValue)result.Outputs["buildings"]).Value.Number(0, "walk-baseline"), 250, 275);
    }

    [Fact]
    public void Run_TreeBehindAnotherBuilding_IsNotSeen()
    {
        var result = new GreenSpaceModel().Run(Town(), null, CancellationToken.None);

        // The trees stand west of the first building, which hides them from the second.
        Assert.Equal(0, ((TableValue)result.Outputs["buildings"]).Value.Number(1, "trees-scenario"));
    }

    [Fact]
    public void Validate_ParkThatIsAPoint_IsReported()
    {
        var request = Town();
        var inputs = new Dictionary<string, ModelValue>(request.Inputs) { ["parks"] = new FeatureCollection([new(new Point(0, 0), new Dictionary<string, object?>())], 25832) };

        Assert.Equal("parks[0]", Assert.Single(new GreenSpaceModel().Validate(request with { Inputs = inputs })).Field);
    }

    private static ModelRequest Town()
    {
        const double X = 600000, Y = 5300000;
        Feature Box(double x, double y, double width, double height, string district) => new(
            new Envelope(X + x, X + x + width, Y + y, Y + y + height).ToPolygon(), new Dictionary<string, object?> { ["people"] = 15.0, ["district"] = district, ["income_group"] = "low" });
        Feature Path(params (double X, double Y)[] at) => new(new LineString([.. at.Select(p => new Coordinate(X + p.X, Y + p.Y))]), new Dictionary<string, object?>());
        Feature Tree(double x, double y) => new(new Point(X + x, Y + y), new Dictionary<string, object?> { ["crown_radius"] = 3.0 });
        return new ModelRequest(
            new Dictionary<string, ModelValue>
            {
                ["buildings"] = new FeatureCollection([Box(0, 0, 12, 12, "north"), Box(14, 0, 12, 12, "south")], 25832),
                ["parks"] = new FeatureCollection([Box(3000, 0, 100, 100, "")], 25832),
                ["paths"] = new FeatureCollection([Path((6, -5), (100, -5)), Path((200, -5), (200, 60))], 25832),
                ["trees"] = new FeatureCollection([Tree(-200, 0)], 25832),
                ["interventions"] = new FeatureCollection([Box(195, 60, 100, 100, ""), Tree(-6, 4), Tree(-6, 8), Tree(-8, 6), Path((100, -5), (200, -5))], 25832),
            },
            new Dictionary<string, ModelValue> { ["visible-distance"] = 30.0 });
    }
}
