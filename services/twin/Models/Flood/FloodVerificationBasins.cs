using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Flood;

/// <summary>Published cases of finite volumes with a known solution everywhere: Stoker's dam break, and Thacker's two ways in which water swings in a paraboloid.</summary>
internal static class FloodVerificationBasins
{
    private const double Gravity = FloodSolver.Gravity, Depth = 0.1, Start = 0.8, Offset = 0.5, Size = 4;

    private const string Swashes = "Delestre et al. (2013), SWASHES, International Journal for Numerical Methods in Fluids 72, 269–300, section ";

    public static IReadOnlyList<VerificationCase> Cases { get; } =
    [
        new("stoker", "Dam break on a wet bed, finite volumes", "Stoker (1957); " + Swashes + "4.1.1", null, (_, token) => [Stoker(token)]),
        new("thacker-plane", "Parabolic bowl: a plane surface that turns, two periods", "Thacker (1981), Journal of Fluid Mechanics 107, 499–508; " + Swashes + "4.2.2", null, (_, token) =>
        {
            var frequency = Math.Sqrt(2 * Gravity * Depth);
            return [Bowl(4 * Math.PI / frequency, PlaneLevel, (0, Offset * frequency), token)];
        }),
        new("thacker-curved", "Parabolic bowl: a curved surface that breathes, a period and a half", "Thacker (1981), as above", null, (_, token) =>
            [Bowl(3 * Math.PI / Math.Sqrt(8 * Gravity * Depth), CurvedLevel, null, token)]),
    ];

    // A bowl of radius 1 m where it is Depth deep.
    private static double Bed(double x, double y) => Depth * (x * x + y * y - 1);

    private static double PlaneLevel(double x, double y, double t)
    {
        var (sine, cosine) = Math.SinCos(Math.Sqrt(2 * Gravity * Depth) * t);
        return Offset * Depth * (2 * x * cosine + 2 * y * sine - Offset);
    }

    private static double CurvedLevel(double x, double y, double t)
    {
        const double Amplitude = (1 - Start * Start) / (1 + Start * Start), Rest = 1 - Amplitude * Amplitude;
        var swing = 1 - Amplitude * Math.Cos(Math.Sqrt(8 * Gravity * Depth) * t);
        return Depth * (Math.Sqrt(Rest) / swing - 1 - (x * x + y * y) * (Rest / (swing * swing) - 1));
    }

    private static VerificationCheck Bowl(double duration, Func<double, double, double, double> level, (double East, double North)? velocity, CancellationToken cancellationToken)
    {
        var terrain = new Raster(100, 100, Size / 100, -Size / 2, -Size / 2);
        double[] Water(double t) => [.. Enumerable.Range(0, terrain.Values.Length).Select(terrain.CentreOf).Select(c => Math.Max(0, level(c.X, c.Y, t) - Bed(c.X, c.Y)))];
        var setup = new FloodSetup
        {
            Terrain = terrain.With([.. Enumerable.Range(0, terrain.Values.Length).Select(terrain.CentreOf).Select(c => Bed(c.X, c.Y))]),
            Roughness = [0],
            Duration = duration,
            Scheme = FloodScheme.FiniteVolume,
            InitialDepth = Water(0),
            InitialVelocity = velocity is { } v ? _ => v : null,
        };
        var pairs = FloodSimulation.Run(setup, null, cancellationToken).Depth.Values.Zip(Water(duration)).Where(p => p.Second > 0 || p.First > 1e-4);
        return new("root mean square error over wet cells at 0.04 m, m", 0, Math.Sqrt(pairs.Average(p => Math.Pow(p.First - p.Second, 2))), 0.05 * Depth);
    }

    private static VerificationCheck Stoker(CancellationToken cancellationToken)
    {
        const int Columns = 800;
        const double Deep = 1, Shallow = 0.2, Time = 20, Cell = 0.5;
        double low = Shallow, high = Deep;
        for (var i = 0; i < 100; i++)
        {
            // Speed behind the fan of the deep side less that behind the shock.
            var h = (low + high) / 2;
            var difference = 2 * (Math.Sqrt(Gravity * Deep) - Math.Sqrt(Gravity * h)) - (h - Shallow) * Math.Sqrt(Gravity * (h + Shallow) / (2 * h * Shallow));
            (low, high) = difference > 0 ? (h, high) : (low, h);
        }

        double deepWave = Math.Sqrt(Gravity * Deep), middle = low, speed = 2 * (deepWave - Math.Sqrt(Gravity * middle)), shock = speed * middle / (middle - Shallow);
        double Exact(double x) => x < -deepWave * Time ? Deep
            : x < (speed - Math.Sqrt(Gravity * middle)) * Time ? Math.Pow(2 * deepWave - x / Time, 2) / (9 * Gravity)
            : x < shock * Time ? middle : Shallow;
        var setup = new FloodSetup
        {
            Terrain = new Raster(Columns, 3, Cell),
            Roughness = [0],
            Duration = Time,
            Scheme = FloodScheme.FiniteVolume,
            InitialDepth = [.. Enumerable.Range(0, 3 * Columns).Select(i => i % Columns < Columns / 2 ? Deep : Shallow)],
        };
        var depth = FloodSimulation.Run(setup, null, cancellationToken).Depth;
        return new("root mean square error at 0.5 m, m", 0, Math.Sqrt(Enumerable.Range(0, Columns).Average(i => Math.Pow(depth[i, 1] - Exact(Cell * (i + 0.5 - Columns / 2.0)), 2))), 0.01);
    }
}
