using LivingCity.Twin.Models.Heat;

namespace LivingCity.Twin.Models.Tests.Heat;

public sealed class UtciTests
{
    [Theory]
    [InlineData(25, 27, 1, 50, 25.2)]
    [InlineData(19, 24, 1, 50, 20.0)]
    [InlineData(19, 14, 1, 50, 16.8)]
    [InlineData(27, 22, 10, 50, 20.0)]
    public void Calculate_PublishedCases_AgreeToATenth(double ta, double tr, double va, double rh, double expected)
    {
        var utci = Utci.Calculate(ta, tr, va, rh);

        Assert.NotNull(utci);
        Assert.Equal(expected, utci.Value, 0.1);
    }

    [Theory]
    [InlineData(51, 22, 16, 50)]
    [InlineData(-50.1, -50, 5, 50)]
    [InlineData(20, 20, 0.4, 50)]
    [InlineData(20, 20, 17.1, 50)]
    [InlineData(20, 91, 5, 50)]
    [InlineData(20, -11, 5, 50)]
    [InlineData(20, 20, 5, 101)]
    [InlineData(double.NaN, 20, 5, 50)]
    public void Calculate_OutsideValidity_HasNoValue(double ta, double tr, double va, double rh)
    {
        Assert.Null(Utci.Calculate(ta, tr, va, rh));
        Assert.Null(Utci.Stress(double.NaN));
    }

    [Fact]
    public void Evaluate_ManyPlaces_AgreesWithTheScalarForm()
    {
        var random = new Random(20120701);
        double[] ta = Draw(-55, 55), tr = Draw(-60, 80), va = Draw(0, 18), rh = Draw(0, 100);
        var many = new double[ta.Length];

        Utci.Evaluate(ta, tr, va, rh, many);

        Assert.Contains(many, double.IsNaN);
        Assert.Contains(many, double.IsFinite);
        for (var i = 0; i < many.Length; i++)
        {
            var one = Utci.Evaluate(ta[i], tr[i], va[i], rh[i]);
            Assert.Equal(double.IsNaN(one), double.IsNaN(many[i]));
            Assert.True(double.IsNaN(one) || Math.Abs(one - many[i]) <= 1e-9 * Math.Max(1, Math.Abs(one)), $"{one} is not {many[i]}");
        }

        double[] Draw(double low, double high) => [.. Enumerable.Range(0, 1003).Select(_ => low + (high - low) * random.NextDouble())];
    }

    [Fact]
    public void FromWeather_WithoutRadiation_TakesTheAirTemperature()
    {
        Assert.Equal(Utci.Calculate(30, 30, 3, 40), Utci.FromWeather(30, 40, 3));
        Assert.Equal(Utci.Calculate(30, 45, 3, 40), Utci.FromWeather(30, 40, 3, meanRadiantTemperature: 45));
    }

    [Fact]
    public void FromWeather_CalmAir_CountsAsTheLeastWindOfTheRegression()
    {
        Assert.Equal(Utci.Calculate(30, 30, 0.5, 40), Utci.FromWeather(30, 40, 0));
        Assert.Null(Utci.FromWeather(30, 40, -1));
    }

    [Fact]
    public void WindAtTenMetres_FromTwoMetres_FollowsTheLogarithmicProfile()
    {
        Assert.Equal(4 * Math.Log(1000) / Math.Log(200), Utci.WindAtTenMetres(4, 2), 1e-12);
        Assert.Equal(4, Utci.WindAtTenMetres(4, 10), 1e-12);
    }

    [Theory]
    [InlineData(46.1, ThermalStress.ExtremeHeat)]
    [InlineData(46, ThermalStress.VeryStrongHeat)]
    [InlineData(26, ThermalStress.None)]
    [InlineData(9, ThermalStress.SlightCold)]
    [InlineData(-40, ThermalStress.ExtremeCold)]
    public void Stress_AtTheClassLimits_FollowsTheTable(double utci, ThermalStress expected) => Assert.Equal(expected, Utci.Stress(utci));

    [Fact]
    public void Saturation_At20Degrees_IsThatOfHardy() => Assert.Equal(23.392, VapourPressure.Saturation(20), 0.002);
}
