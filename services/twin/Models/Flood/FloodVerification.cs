using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Flood;

/// <summary>Published cases of the flood model.</summary>
internal static class FloodVerification
{
    private const double Gravity = FloodSolver.Gravity;

    public static IReadOnlyList<VerificationCase> Cases { get; } =
    [
        new("wave-finite-volume", "Wave over a flat bed, finite volumes", "Hunter et al. (2005), Advances in Water Resources 28, 975–991: h = [(7/3)·n²·u²·(ut − x)]^(3/7)", null, (_, token) =>
        {
            var profile = HunterWave(FloodScheme.FiniteVolume, token);
            return [new("depth at the inlet, m", 2.37963, HunterDepth(0, 3600), 1e-5), new("root mean square error over wet cells at 10 m, m", 0, Error(profile), 0.026), new("front, m", 3600, 10.0 * Array.FindIndex(profile, h => h < 0.01), 50)];
        }),
        new("wave-local-inertial", "Wave over a flat bed, local inertial: does not converge, since it drops advection", "Hunter et al. (2005), as above; the band is ours and states the known error", null, (_, token) =>
            [new("root mean square error over wet cells at 10 m, m", 0.125, Error(HunterWave(FloodScheme.LocalInertial, token)), 0.05)]),
        new("lake-at-rest", "Still water over three humps stays still, both schemes", "Kawahara and Umetsu (1986), International Journal for Numerical Methods in Fluids 6, 365–387", null, (_, token) =>
            [new("greatest velocity local inertial, m/s", 0, Lake(FloodScheme.LocalInertial, token), 1e-9), new("greatest velocity finite volumes, m/s", 0, Lake(FloodScheme.FiniteVolume, token), 1e-9)]),
        new("ritter", "Dam break on a dry bed, finite volumes", "Ritter (1892); Delestre et al. (2013), SWASHES, section 4.1.2", null, (_, token) => [Ritter(token)]),
        .. FloodVerificationBasins.Cases,
        new("curve-number", "Greatest retention by curve number", "USDA National Engineering Handbook 630, chapter 10", null, (_, _) =>
            [new("CN 65, mm", 136.769, CurveNumber.Retention(65), 1e-3), new("CN 90, mm", 28.222, CurveNumber.Retention(90), 1e-3), new("CN 30, mm", 592.667, CurveNumber.Retention(30), 1e-3), new("CN 100, mm", 0, CurveNumber.Retention(100), 1e-9)]),
        new("green-ampt", "Infiltration into silt loam", "Chow, Maidment and Mays (1988), Applied Hydrology, example 4.3.1", null, (_, _) =>
        {
            var depth = GreenAmpt.Cumulative(0.65, 16.68 * 0.340, 1);
            return [new("infiltrated after an hour, cm", 3.165, depth, 5e-4), new("rate, cm/h", 1.815, GreenAmpt.Rate(0.65, 16.68 * 0.340, depth), 5e-4)];
        }),
        new("carlisle-first-hours", "Carlisle, January 2005, first two hours: mass is kept", "Horritt et al. (2010), Hydrological Processes 24; data of the flood of 8 January 2005", "flood-carlisle/carlisle.bci", (path, token) =>
            [new("mass error, share of the inflow", 0, FloodSimulation.Run(CarlisleEvent.Load(Path.GetDirectoryName(path)!) with { Duration = 7200 }, null, token).Balance.RelativeError, 1e-10)]),
    ];

    private static double HunterDepth(double x, double t) => t <= x ? 0 : Math.Pow(7.0 / 3 * 0.03 * 0.03 * (t - x), 3.0 / 7);

    private static double[] HunterWave(FloodScheme scheme, CancellationToken cancellationToken)
    {
        const int Columns = 420;
        var terrain = new Raster(Columns, 3, 10);
        double[] seconds = [.. Enumerable.Range(0, 721).Select(i => 5.0 * i)];
        var level = new TimeSeries(seconds, new Dictionary<string, IReadOnlyList<double>> { ["level"] = [.. seconds.Select(t => HunterDepth(5, t))] });
        var setup = new FloodSetup
        {
            Terrain = terrain,
            Roughness = [0.03],
            Duration = 3600,
            Scheme = scheme,
            Forcing = new() { Stages = [.. Enumerable.Range(0, 3).Select(row => new StageBoundary(row * Columns, level, "level"))] },
        };
        var result = FloodSimulation.Run(setup, null, cancellationToken);
        return [.. Enumerable.Range(0, Columns).Select(x => result.Depth[x, 1])];
    }

    private static double Error(double[] profile)
    {
        var squares = profile.Select((h, i) => (h, Exact: HunterDepth(10 * i + 5, 3600))).Where(p => p.h > 1e-3 || p.Exact > 0).Select(p => (p.h - p.Exact) * (p.h - p.Exact));
        return Math.Sqrt(squares.Average());
    }

    private static double Lake(FloodScheme scheme, CancellationToken cancellationToken)
    {
        var terrain = new Raster(150, 60, 0.5);
        for (var i = 0; i < terrain.Values.Length; i++)
        {
            var (x, y) = terrain.CentreOf(i);
            double Cone(double cx, double cy, double height, double slope) => height - slope * Math.Sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy));
            terrain.Values[i] = Math.Max(0, Math.Max(Math.Max(Cone(30, 6, 1, 0.125), Cone(30, 24, 1, 0.125)), Cone(47.5, 15, 3, 0.3)));
        }

        var setup = new FloodSetup { Terrain = terrain, InitialDepth = [.. terrain.Values.Select(z => Math.Max(0, 1.875 - z))], Duration = 60, Scheme = scheme };
        return FloodSimulation.Run(setup, null, cancellationToken).MaximumVelocity.Values.Max();
    }

    private static VerificationCheck Ritter(CancellationToken cancellationToken)
    {
        const int Columns = 800;
        const double Time = 20;
        var setup = new FloodSetup
        {
            Terrain = new Raster(Columns, 3, 0.5),
            Roughness = [0],
            Duration = Time,
            Scheme = FloodScheme.FiniteVolume,
            InitialDepth = [.. Enumerable.Range(0, 3 * Columns).Select(i => i % Columns < 400 ? 1.0 : 0)],
        };
        var result = FloodSimulation.Run(setup, null, cancellationToken);
        var c = Math.Sqrt(Gravity);
        var squares = Enumerable.Range(0, Columns).Select(i =>
        {
            var x = 0.5 * i + 0.25 - 200;
            var exact = x < -c * Time ? 1 : x > 2 * c * Time ? 0 : Math.Pow(2 * c - x / Time, 2) / (9 * Gravity);
            return Math.Pow(result.Depth[i, 1] - exact, 2);
        });
        return new("root mean square error at 0.5 m, m", 0, Math.Sqrt(squares.Average()), 0.008);
    }
}
