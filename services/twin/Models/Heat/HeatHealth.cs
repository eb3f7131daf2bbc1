namespace LivingCity.Twin.Models.Heat;

/// <summary>Curve of risk against temperature: log-linear above a threshold.</summary>
/// <param name="Threshold">Daily maximum temperature below which there is no excess, °C.</param>
/// <param name="ExcessPerDegree">Rise of mortality for each degree above, such as 0.0184.</param>
public sealed record HeatRiskCurve(double Threshold, double ExcessPerDegree)
{
    /// <summary>
    /// North-continental cities of Europe, natural causes, all ages: 1.84 % (0.06 to 3.64) for each degree of maximum apparent temperature above 23.3 °C
    /// (Baccini et al. 2008, "Heat effects on mortality in 15 European cities", Epidemiology 19, 711–719, abstract). Used here with air temperature, which is below apparent temperature on humid days.
    /// </summary>
    public static HeatRiskCurve NorthContinental { get; } = new(23.3, 0.0184);

    /// <summary>Mediterranean cities: 3.12 % (0.60 to 5.72) for each degree above 29.4 °C (the same study).</summary>
    public static HeatRiskCurve Mediterranean { get; } = new(29.4, 0.0312);

    /// <summary>Relative risk at a daily maximum in °C; 1 below the threshold.</summary>
    public double RelativeRisk(double dailyMaximum) => Math.Pow(1 + ExcessPerDegree, Math.Max(0, dailyMaximum - Threshold));

    /// <summary>Share of deaths that heat is the cause of: 1 − 1/RR.</summary>
    public double AttributableShare(double dailyMaximum) => 1 - 1 / RelativeRisk(dailyMaximum);
}

/// <summary>A group of people of one age.</summary>
/// <param name="Name">Age group, such as <c>75+</c>.</param>
/// <param name="Property">Property of a district that holds their number.</param>
/// <param name="DeathRate">Deaths a year for each 100,000: illustrative, in the order of European countries, not taken from a table; with the curve for all ages they give the old their greater burden.</param>
public sealed record AgeGroup(string Name, string Property, double DeathRate)
{
    /// <summary>The groups that exposure is told for.</summary>
    public static IReadOnlyList<AgeGroup> All { get; } =
        [new("0–14", "people_0_14", 35), new("15–64", "people_15_64", 270), new("65–74", "people_65_74", 1600), new("75+", "people_75", 7000)];
}
