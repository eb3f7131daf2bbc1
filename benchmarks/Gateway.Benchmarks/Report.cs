namespace LivingCity.Gateway.Benchmarks;

internal static class Report
{
    public static void Print(BenchmarkSettings settings, IReadOnlyDictionary<string, List<Measurement>> results)
    {
        Console.WriteLine();
        Console.WriteLine($"Median of {settings.Rounds} alternating rounds of {settings.Duration.TotalSeconds:0} s, {settings.Connections} connections, {Environment.ProcessorCount} cores shared by load, proxy and backend.");
        Console.WriteLine();
        Console.WriteLine("| | requests/s | p99 (ms) |");
        Console.WriteLine("|---|---|---|");
        foreach (var (name, measurements) in results)
        {
            Console.WriteLine($"| {name} | {Median(measurements, m => m.RequestsPerSecond):0} | {Median(measurements, m => m.P99.TotalMilliseconds):0.00} |");
        }

        var ratio = Median(results[Stand.Gateway], m => m.RequestsPerSecond) / Median(results[Stand.Nginx], m => m.RequestsPerSecond);
        Console.WriteLine();
        Console.WriteLine($"Gateway / nginx: {ratio:0.00}");
    }

    private static double Median(List<Measurement> measurements, Func<Measurement, double> value)
    {
        var sorted = measurements.Select(value).Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
