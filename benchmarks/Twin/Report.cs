using System.Diagnostics;
using System.Globalization;

namespace LivingCity.Twin.Benchmarks;

/// <summary>Times work and prints it beside the limits of the machine, which are measured again before every section, since other work may share the machine.</summary>
internal sealed class Report
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Triad a = b + s·c over arrays far beyond the caches, on all cores, GB/s.</summary>
    public double Triad { get; private set; }

    /// <summary>One dense sweep: multiply-add over a million doubles on one core, ms.</summary>
    public double Sweep { get; private set; }

    public static void Machine()
    {
        Console.WriteLine(string.Create(Culture, $"{Environment.ProcessorCount} cores, .NET {Environment.Version}, 512-bit vectors {(System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated ? "in hardware" : "emulated")}"));
    }

    public void Section(string name)
    {
        (Triad, Sweep) = (MachineLimits.Triad(), MachineLimits.Sweep());
        Console.WriteLine(string.Create(Culture, $"\n{name}: triad {Triad:F1} GB/s, dense sweep of 1e6 doubles {Sweep:F3} ms, {LoadAverage()}"));
    }

    public static void Line(FormattableString text) => Console.WriteLine("  " + text.ToString(Culture));

    /// <summary>Best and median time of some work in ms, after it has been done often enough to be compiled.</summary>
    public static (double Best, double Median) Time(Action work, double seconds = 3, int least = 5)
    {
        var warm = Stopwatch.StartNew();
        do
        {
            work();
        }
        while (warm.Elapsed.TotalSeconds < seconds / 3);

        List<double> times = [];
        var total = Stopwatch.StartNew();
        while (times.Count < least || total.Elapsed.TotalSeconds < seconds)
        {
            var one = Stopwatch.StartNew();
            work();
            times.Add(one.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        return (times[0], times[times.Count / 2]);
    }

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? "load " + File.ReadAllText("/proc/loadavg").Split(' ')[0] : "load unknown";
}
