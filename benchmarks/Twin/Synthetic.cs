using LivingCity.Twin.Models.PowerGrid;
using LivingCity.Twin.Models.Traffic;

namespace LivingCity.Twin.Benchmarks;

/// <summary>Networks of any size, made from a seed.</summary>
internal static class Synthetic
{
    /// <summary>A radial feeder: every bus hangs on one of the thirty before it.</summary>
    public static PowerCase Feeder(int buses, int seed)
    {
        var random = new Random(seed);
        List<Bus> list = [new(1, BusType.Slack, 0, 0, 0, 0, 1, 0, 10, 1.1, 0.9)];
        List<Branch> branches = [];
        for (var i = 2; i <= buses; i++)
        {
            var load = 2e-3 * random.NextDouble();
            list.Add(new(i, BusType.Load, load, 0.3 * load, 0, 0, 1, 0, 10, 1.1, 0.9));
            branches.Add(new(Math.Max(1, i - 1 - random.Next(30)), i, 0.001 + 0.004 * random.NextDouble(), 0.001 + 0.003 * random.NextDouble(), 0, 0, 0, 0, true));
        }

        return new(10, list, [new(1, 0, 0, 999, -999, 1, true, 999, 0)], branches);
    }

    /// <summary>A meshed grid of transmission lines, side × side buses, with a generator on every fifth and a slack on every thousandth, so that losses are made up near by.</summary>
    public static PowerCase Mesh(int side)
    {
        var random = new Random(side);
        List<Bus> buses = [];
        List<Generator> generators = [];
        List<Branch> branches = [];
        for (var i = 0; i < side * side; i++)
        {
            var generates = i % 5 == 0;
            buses.Add(new(i + 1, i % 1000 == 0 ? BusType.Slack : generates ? BusType.Generator : BusType.Load, generates ? 0 : 4, generates ? 0 : 1, 0, 0, 1, 0, 110, 1.1, 0.9));
            if (generates)
            {
                generators.Add(new(i + 1, 16, 0, 99, -99, 1.02, true, 99, 0));
            }

            Join(i, i % side + 1 < side ? i + 1 : -1);
            Join(i, i + side < side * side ? i + side : -1);
        }

        return new(100, buses, generators, branches);

        void Join(int from, int to)
        {
            if (to >= 0)
            {
                branches.Add(new(from + 1, to + 1, 0.005 + 0.005 * random.NextDouble(), 0.03 + 0.03 * random.NextDouble(), 0.02, 0, 0, 0, true));
            }
        }
    }

    /// <summary>A grid of streets with a zone at every fourth crossing in each direction.</summary>
    public static (RoadNetwork Network, TripMatrix Trips) Streets(int side)
    {
        var random = new Random(side);
        var zones = side / 4 * (side / 4);
        List<RoadLink> links = [];
        for (var i = 0; i < side * side; i++)
        {
            Street(i, i % side + 1 < side ? i + 1 : -1);
            Street(i, i + side < side * side ? i + side : -1);
        }

        var trips = new TripMatrix(zones);
        for (var z = 0; z < zones; z++)
        {
            var node = (z / (side / 4) * 4 + 2) * side + z % (side / 4) * 4 + 2;
            links.Add(new(z + 1, zones + node + 1, 1e6, 0.1, 0.2, 0, 0));
            links.Add(new(zones + node + 1, z + 1, 1e6, 0.1, 0.2, 0, 0));
            for (var to = 1; to <= zones; to++)
            {
                trips[z + 1, to] = to == z + 1 ? 0 : 24000.0 / zones * random.NextDouble() / Math.Sqrt(zones);
            }
        }

        return (new RoadNetwork(zones, zones + side * side, zones + 1, links), trips);

        void Street(int from, int to)
        {
            if (to < 0)
            {
                return;
            }

            var time = 0.5 + random.NextDouble();
            foreach (var (a, b) in new[] { (from, to), (to, from) })
            {
                links.Add(new(zones + a + 1, zones + b + 1, 600 + 900 * random.NextDouble(), time / 2, time, 0.15, 4));
            }
        }
    }
}
