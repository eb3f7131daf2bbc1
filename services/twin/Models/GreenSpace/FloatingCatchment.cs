using LivingCity.Twin.Models.Geo;
using LivingCity.Twin.Models.Heat;

namespace LivingCity.Twin.Models.GreenSpace;

/// <summary>Way from a home to a place: numbers of both and the distance.</summary>
public readonly record struct CatchmentWay(int Home, int Place, double Distance);

/// <summary>
/// Two-step floating catchment area: Luo and Wang (2003), Environment and Planning B 30, 865–884, with weights by distance. First each place divides what it has among the people who reach it; then each home
/// adds up its parts of the places that it reaches.
/// </summary>
public static class FloatingCatchment
{
    /// <summary>Supply for one person at each home, in the unit of the supply.</summary>
    /// <param name="people">People at each home.</param>
    /// <param name="supply">Supply of each place.</param>
    /// <param name="ways">Ways; pairs that are left out are out of reach.</param>
    /// <param name="decay">Weight of distances.</param>
    public static double[] Access(IReadOnlyList<double> people, IReadOnlyList<double> supply, IReadOnlyList<CatchmentWay> ways, DistanceDecay decay)
    {
        var demand = new double[supply.Count];
        foreach (var way in ways)
        {
            demand[way.Place] += people[way.Home] * decay.At(way.Distance);
        }

        var access = new double[people.Count];
        foreach (var way in ways)
        {
            access[way.Home] += demand[way.Place] > 0 ? supply[way.Place] / demand[way.Place] * decay.At(way.Distance) : 0;
        }

        return access;
    }

    /// <summary>The same on rasters with straight distances: green area (m²) and people in each cell give the green area for one person.</summary>
    public static Raster Access(Raster green, Raster people, DistanceDecay decay, CancellationToken cancellationToken = default)
    {
        var cell = green.CellSize;
        double Weight(int dx, int dy) => decay.At(Math.Sqrt(dx * dx + dy * dy) * cell);
        var reach = (int)Math.Floor(decay.Reach / cell);
        var demand = KernelAverage.Sum(people, reach, Weight, cancellationToken);
        var ratio = green.With([.. green.Values.Select((g, i) => g > 0 && demand.Values[i] > 0 ? g / demand.Values[i] : 0)]);
        return KernelAverage.Sum(ratio, reach, Weight, cancellationToken);
    }

    /// <summary>What each home has beyond a demand (negative where it lacks), in the unit of the supply for one person.</summary>
    public static double[] Balance(IReadOnlyList<double> access, double demand) => [.. access.Select(a => a - demand)];
}
