using FsCheck;
using FsCheck.Fluent;
using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Geo;
using LivingCity.Twin.Models.Heat;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Tests.Heat;

public sealed class HeatModelTests
{
    [Fact]
    public void WetBulbGlobe_PublishedForm_GivesItsFigure()
    {
        // At 30 °C and 50 %: e = 0.5·6.105·exp(17.27·30/267.7) = 21.144 hPa.
        Assert.Equal(0.567 * 30 + 0.393 * 21.1437 + 3.94, HeatStress.WetBulbGlobe(30, 50), 1e-3);
        Assert.Equal([0, 0.25, 0.5, 0.75], [HeatStress.WorkLoss(27, true), HeatStress.WorkLoss(28, true), HeatStress.WorkLoss(30, true), HeatStress.WorkLoss(33, true)]);
    }

    [Fact]
    public void HeatDays_TwoDays_AreCounted()
    {
        double[] hours = [.. Enumerable.Repeat(21.0, 23), 31, .. Enumerable.Repeat(19.0, 23), 29.9, 40];
        Assert.Equal((1, 1), HeatStress.HeatDays(hours));
    }

    [Fact]
    public void RelativeRisk_AboveTheThreshold_GrowsByTheStudy()
    {
        Assert.Equal(1, HeatRiskCurve.NorthContinental.RelativeRisk(20));
        Assert.Equal(1.0184, HeatRiskCurve.NorthContinental.RelativeRisk(24.3), 1e-9);
        Assert.Equal(1 - 1 / Math.Pow(1.0312, 5), HeatRiskCurve.Mediterranean.AttributableShare(34.4), 1e-9);
    }

    [Fact]
    public void ClearSky_SummerNoonInTheOpen_IsFarAboveTheAirAndNightIsNot()
    {
        var noon = RadiantTemperature.ClearSky(30, 40, 12, 172, 48, new());
        var night = RadiantTemperature.ClearSky(20, 60, 0, 172, 48, new());

        Assert.InRange(noon, 50, 75);
        Assert.InRange(night, 5, 20);
    }

    [Fact]
    public void Utci_MoreShadeByDay_NeverRisesIt() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        double ta = 15 + 25 * random.NextDouble(), rh = 10 + 80 * random.NextDouble(), hour = 8 + 8 * random.NextDouble(), wind = 0.5 + 8 * random.NextDouble(), shade = random.NextDouble();
        double Felt(double s) => Utci.Evaluate(ta, RadiantTemperature.ClearSky(ta, rh, hour, 172, 48, new(s, 0.3 + 0.7 * random.NextDouble() * 0)), wind, rh);
        return Felt(Math.Min(1, shade + 0.2)) <= Felt(shade) + 1e-9;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Exponential_ConstantField_StaysConstantUpToTheEdges()
    {
        var raster = new Raster(30, 20, 10, 0, 0, [.. Enumerable.Repeat(7.0, 600)]);
        raster.Values[77] = double.NaN;

        var average = KernelAverage.Exponential(raster, 3);

        Assert.True(double.IsNaN(average.Values[77]));
        Assert.All(Enumerable.Range(0, 600).Where(i => i != 77), i => Assert.Equal(7, average.Values[i], 1e-12));
    }

    [Fact]
    public void UrbanCooling_LargePark_CoolsItsSurroundings()
    {
        var cover = new Raster(60, 60, 30, 0, 0, [.. Enumerable.Range(0, 3600).Select(i => i % 60 is > 20 and < 32 && i / 60 is > 20 and < 32 ? 2.0 : 1)]);
        var layers = UrbanCooling.Describe(cover, [new(1, 0, 0.3, 0.1, 0), new(2, 1, 1, 0.2, 0.8)]);

        var result = UrbanCooling.Run(layers, cover.With([.. Enumerable.Repeat(5.0, 3600)]), new(25, 5, 300, 90));

        Assert.True(result.AirTemperature[26, 26] < result.AirTemperature[34, 26]);
        Assert.True(result.AirTemperature[34, 26] < result.AirTemperature[55, 5]);
        Assert.True(result.HeatMitigation[32, 26] > result.CoolingCapacity[32, 26]);
    }

    [Fact]
    public void Run_TreesCoolRoofsAndACoolRoom_LowerHeatExposureAndDeaths()
    {
        var model = new HeatModel();

        var result = model.Run(Request(), null, CancellationToken.None);

        Assert.Equal(model.Description.Outputs.Select(o => o.Name).Order(), result.Outputs.Keys.Order());
        var ages = ((TableValue)result.Outputs["ages"]).Value;
        Assert.Equal(8, ages.Rows.Count);
        Assert.True(ages.Number(3, "excess-deaths-scenario") < ages.Number(3, "excess-deaths-baseline"));
        Assert.True(ages.Number(3, "exposure-scenario") <= ages.Number(3, "exposure-baseline"));
        Assert.All(((GridValue)result.Outputs["air-temperature-change"]).Value.Values, v => Assert.True(v <= 1e-12));
        var totals = ((TableValue)result.Outputs["totals"]).Value;
        Assert.Equal(4, totals.Rows.Count);
    }

    [Fact]
    public void Validate_WrongAmountsAndCodes_AreAllReported()
    {
        var request = Request();
        var inputs = new Dictionary<string, ModelValue>(request.Inputs)
        {
            ["interventions"] = new FeatureCollection([Measure("trees", 7, 0), Measure("parade", 1, 0), Measure("de-sealing", 99, 0)], 25832),
            ["biophysical"] = new Table([new("lucode"), new("green_area"), new("kc"), new("albedo"), new("shade")], [[1.0, 0.0, 0.3, 0.1, 0.0]]),
        };

        var mistakes = new HeatModel().Validate(request with { Inputs = inputs });

        Assert.Equal(["biophysical", "interventions[0]", "interventions[1]", "interventions[2]"], mistakes.Select(m => m.Field).Order());
    }

    private static ModelRequest Request()
    {
        var cover = new Raster(40, 40, 30, 600000, 5300000, [.. Enumerable.Range(0, 1600).Select(i => i % 40 > 25 ? 2.0 : 1)], 25832);
        return new ModelRequest(new Dictionary<string, ModelValue>
        {
            ["land-cover"] = cover,
            ["evapotranspiration"] = cover.With([.. Enumerable.Repeat(5.0, 1600)]),
            ["biophysical"] = new Table([new("lucode"), new("green_area"), new("kc"), new("albedo"), new("shade")], [[1.0, 0.0, 0.3, 0.1, 0.0], [2.0, 1.0, 1.0, 0.2, 0.6]]),
            ["districts"] = new FeatureCollection([District("west", 600000), District("east", 600600)], 25832),
            ["temperature"] = new TimeSeries([.. Enumerable.Range(0, 48).Select(h => 3600.0 * h)], new Dictionary<string, IReadOnlyList<double>> { ["temperature"] = [.. Enumerable.Range(0, 48).Select(h => 24 + 6 * Math.Sin((h - 9) * Math.PI / 12))] }),
            ["interventions"] = new FeatureCollection([Measure("trees", 0.5, 0), Measure("cool-roof", 0.6, 300), Measure("de-sealing", 2, 150), Measure("shade", 0.9, 200), Measure("fountain", 1, 100), Measure("cool-room", 6, 50)], 25832),
        });
    }

    private static Feature District(string name, double west) => new(
        new Envelope(west, west + 600, 5300000, 5301200).ToPolygon(),
        new Dictionary<string, object?> { ["district"] = name, ["income_group"] = "low", ["people_0_14"] = 500.0, ["people_15_64"] = 2500.0, ["people_65_74"] = 400.0, ["people_75"] = 300.0 });

    private static Feature Measure(string name, double amount, double offset) => new(
        new Envelope(600050 + offset, 600250 + offset, 5300300, 5300700).ToPolygon(), new Dictionary<string, object?> { ["measure"] = name, ["amount"] = amount });
}

/// <summary>Shapes that tests draw.</summary>
internal static class Shapes
{
    public static Geometry ToPolygon(this Envelope box) => new GeometryFactory().ToGeometry(box);
}
