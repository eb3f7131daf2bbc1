namespace LivingCity.Twin.Models.Traffic;

/// <summary>
/// Emission factors by kind of vehicle, an own table and <em>illustrative</em>: made after the Tier 2 tables of the EMEP/EEA guidebook 2019 (chapters 1.A.3.b.i–iv, 1.A.3.b.vi–vii; medium cars, light vans, 16–32 t lorries, standard
/// buses) in order of size and in the sequence of Euro classes, but not compared number by number with the document. CO2 is typical fuel use at 3.169 g for each g of fuel, the same way. The change with speed is an own curve in the
/// form of the guidebook (high in stop and go, lowest around 70 km/h), equal to 1 at 50 km/h. Decisions on streets should bring the Tier 3 curves of the fleet.
/// </summary>
public static class EmissionTable
{
    private const double CarbonPerFuel = 3.169;

    private static readonly EmissionCurve SpeedShape = Normalised(new(0.0001, -0.013, 1, 11, 0, 0, 1), 50);

    private static readonly Dictionary<string, VehicleEmissions> Kinds = Build().ToDictionary(k => k.Kind);

    /// <summary>All kinds.</summary>
    public static IReadOnlyCollection<VehicleEmissions> All => Kinds.Values;

    /// <summary>Factors of a kind, or null where it is not known.</summary>
    public static VehicleEmissions? Find(string kind) => Kinds.GetValueOrDefault(kind);

    private static IEnumerable<VehicleEmissions> Build()
    {
        const double CarWear = 0.0138 + 0.0075, VanWear = 0.0216 + 0.0075, HeavyWear = 0.0590 + 0.0380;
        foreach (var (group, fuel, wear, nitrogen, particles) in new (string, double, double, double[], double[])[]
        {
            ("car-petrol", 70, CarWear, [0.485, 0.255, 0.097, 0.061, 0.061, 0.061], [0.0022, 0.0022, 0.0011, 0.0011, 0.0014, 0.0014]),
            ("car-diesel", 60, CarWear, [0.690, 0.716, 0.773, 0.580, 0.550, 0.450], [0.0842, 0.0548, 0.0391, 0.0314, 0.0021, 0.0015]),
            ("van-diesel", 80, VanWear, [1.220, 1.220, 1.030, 0.831, 1.150, 0.960], [0.1170, 0.1170, 0.0783, 0.0409, 0.0010, 0.0009]),
            ("lorry-diesel", 240, HeavyWear, [7.520, 7.910, 6.270, 3.830, 2.180, 0.422], [0.2970, 0.1550, 0.1300, 0.0239, 0.0239, 0.0012]),
            ("bus-diesel", 300, HeavyWear, [10.10, 10.70, 9.380, 5.420, 3.090, 0.597], [0.4790, 0.2200, 0.2070, 0.0462, 0.0462, 0.0023]),
        })
        {
            for (var euro = 1; euro <= nitrogen.Length; euro++)
            {
                yield return new($"{group}-euro-{euro}", Curve(nitrogen[euro - 1]), Curve(particles[euro - 1]), Curve(fuel * CarbonPerFuel), wear);
            }
        }

        yield return new("car-electric", Curve(0), Curve(0), Curve(0), CarWear);
        yield return new("van-electric", Curve(0), Curve(0), Curve(0), VanWear);
        yield return new("bus-electric", Curve(0), Curve(0), Curve(0), HeavyWear);
    }

    private static EmissionCurve Curve(double level) => SpeedShape.Times(level);

    private static EmissionCurve Normalised(EmissionCurve curve, double speed) => curve.Times(1 / curve.At(speed));
}
