using System.Globalization;

namespace LivingCity.Gateway.Benchmarks;

/// <summary>How hard and how long: <c>[rounds] [seconds] [connections]</c>.</summary>
internal sealed record BenchmarkSettings(int Rounds, TimeSpan Duration, int Connections)
{
    public TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(15);

    public static BenchmarkSettings Parse(string[] args) =>
        new(Number(args, 0, 5), TimeSpan.FromSeconds(Number(args, 1, 5)), Number(args, 2, 64));

    private static int Number(string[] args, int index, int standard) =>
        args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : standard;
}
