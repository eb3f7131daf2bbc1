namespace LivingCity.Twin.Models.Flood;

/// <summary>Runoff by curve number: USDA National Engineering Handbook, part 630, chapter 10. Depths in mm.</summary>
public static class CurveNumber
{
    /// <summary>Greatest retention S = 25400/CN − 254, mm; zero for 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The curve number is not above 0 and up to 100.</exception>
    public static double Retention(double curveNumber) => curveNumber is > 0 and <= 100
        ? 25400 / curveNumber - 254
        : throw new ArgumentOutOfRangeException(nameof(curveNumber), curveNumber, "must be above 0 and at most 100.");

    /// <summary>Runoff from a rain in mm: (P − λS)²/(P + (1 − λ)S) once P exceeds λS.</summary>
    public static double Runoff(double rain, double curveNumber, double initialShare = 0.2)
    {
        var retention = Retention(curveNumber);
        var excess = rain - initialShare * retention;
        return excess <= 0 ? 0 : excess * excess / (excess + retention);
    }
}

/// <summary>Infiltration under ponding: Green and Ampt (1911); Chow, Maidment and Mays (1988), "Applied Hydrology", section 4.3. Units of length and time are the caller's.</summary>
public static class GreenAmpt
{
    /// <summary>Depth infiltrated after a time under ponding: F − ψΔθ·ln(1 + F/ψΔθ) = K·t, from what has infiltrated already.</summary>
    /// <param name="conductivity">K.</param>
    /// <param name="suctionDeficit">ψΔθ.</param>
    /// <param name="time">Time since <paramref name="before"/> had infiltrated.</param>
    /// <param name="before">Depth infiltrated before.</param>
    public static double Cumulative(double conductivity, double suctionDeficit, double time, double before = 0)
    {
        if (conductivity <= 0 || time <= 0)
        {
            return before;
        }

        if (suctionDeficit <= 0)
        {
            return before + conductivity * time;
        }

        var target = before - suctionDeficit * Math.Log(1 + before / suctionDeficit) + conductivity * time;
        var depth = before + conductivity * time + Math.Sqrt(2 * suctionDeficit * conductivity * time);
        for (var i = 0; i < 30; i++)
        {
            // The left side grows and is convex, so Newton's method from above comes down without passing the root.
            var change = (depth - suctionDeficit * Math.Log(1 + depth / suctionDeficit) - target) * (depth + suctionDeficit) / depth;
            depth -= change;
            if (Math.Abs(change) <= 1e-14 * depth)
            {
                break;
            }
        }

        return depth;
    }

    /// <summary>Rate of infiltration once a depth has infiltrated: f = K·(1 + ψΔθ/F).</summary>
    public static double Rate(double conductivity, double suctionDeficit, double depth) => conductivity * (1 + suctionDeficit / depth);
}
