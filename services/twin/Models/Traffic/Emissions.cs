namespace LivingCity.Twin.Models.Traffic;

/// <summary>Pollutants of traffic.</summary>
public enum Pollutant
{
    NitrogenOxides,
    ParticulateMatter,
    CarbonDioxide,
}

/// <summary>
/// Emission factor in g/km as COPERT writes it: <c>EF = (αV² + βV + γ + δ/V)/(εV² + ζV + η)·(1 − RF)</c>, V in km/h (EMEP/EEA air pollutant emission inventory guidebook 2019, chapter 1.A.3.b, appendix 4).
/// </summary>
public sealed record EmissionCurve(double Alpha, double Beta, double Gamma, double Delta, double Epsilon, double Zeta, double Eta, double Reduction = 0)
{
    /// <summary>g/km of one vehicle at a speed in km/h.</summary>
    public double At(double speed) =>
        (Alpha * speed * speed + Beta * speed + Gamma + Delta / speed) / (Epsilon * speed * speed + Zeta * speed + Eta) * (1 - Reduction);

    /// <summary>g from vehicles over a distance in km at a speed in km/h.</summary>
    public double Of(double vehicles, double kilometres, double speed) => vehicles * kilometres * At(speed);

    /// <summary>The same curve times a factor.</summary>
    public EmissionCurve Times(double factor) => this with { Alpha = Alpha * factor, Beta = Beta * factor, Gamma = Gamma * factor, Delta = Delta * factor };
}

/// <summary>Emission factors of one kind of vehicle.</summary>
/// <param name="Kind">Name of the kind, such as <c>car-diesel-euro-4</c>.</param>
/// <param name="NitrogenOxides">NOx from the exhaust, as NO2.</param>
/// <param name="ExhaustParticles">PM from the exhaust.</param>
/// <param name="CarbonDioxide">CO2 from the exhaust.</param>
/// <param name="WearParticles">PM10 from tyres, brakes and road surface, g/km.</param>
public sealed record VehicleEmissions(string Kind, EmissionCurve NitrogenOxides, EmissionCurve ExhaustParticles, EmissionCurve CarbonDioxide, double WearParticles)
{
    /// <summary>g/km at a speed in km/h, held between 5 and 130 km/h.</summary>
    public double At(Pollutant pollutant, double speed)
    {
        var held = Math.Clamp(speed, 5, 130);
        return pollutant switch
        {
            Pollutant.NitrogenOxides => NitrogenOxides.At(held),
            Pollutant.ParticulateMatter => ExhaustParticles.At(held) + WearParticles,
            _ => CarbonDioxide.At(held),
        };
    }
}
