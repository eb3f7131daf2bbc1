namespace LivingCity.Twin.Models.GreenSpace;

/// <summary>How the pull of a place fades with distance.</summary>
public enum DecayKind
{
    /// <summary>1 up to the reach.</summary>
    Dichotomy,

    /// <summary>exp(−d/reach) up to the reach.</summary>
    Exponential,

    /// <summary>Gaussian brought to 1 at the place and 0 at the reach (Dai 2011).</summary>
    Gaussian,

    /// <summary>Kernel density 0.75·(1 − (d/reach)²).</summary>
    Density,

    /// <summary>d^β up to the reach, 1 below one unit of distance.</summary>
    Power,
}

/// <summary>Weight of a distance in floating catchments, as in the InVEST urban nature access model (Natural Capital Project) after Mao and Nekorchuk (2013), Health and Place 24, 115–122.</summary>
/// <param name="Kind">Form.</param>
/// <param name="Reach">Distance beyond which nothing counts, in the unit of the distances.</param>
/// <param name="Exponent">β of the power form, negative.</param>
public sealed record DistanceDecay(DecayKind Kind, double Reach, double Exponent = -1)
{
    /// <summary>Weight of a distance, 0…1.</summary>
    public double At(double distance)
    {
        if (distance > Reach || double.IsNaN(distance))
        {
            return 0;
        }

        var ratio = distance / Reach;
        return Kind switch
        {
            DecayKind.Dichotomy => 1,
            DecayKind.Exponential => Math.Exp(-ratio),
            DecayKind.Gaussian => (Math.Exp(-ratio * ratio / 2) - Math.Exp(-0.5)) / (1 - Math.Exp(-0.5)),
            DecayKind.Density => 0.75 * (1 - ratio * ratio),
            _ => distance < 1 ? 1 : Math.Pow(distance, Exponent),
        };
    }
}
