namespace LivingCity.Gateway.Benchmarks;

internal static class Report
{
    public static void Print(BenchmarkSettings settings, IReadOnlyList<(string Backend, IReadOnlyDictionary<string, List<Measurement>> Measurements)> results)
    {
        Console.WriteLine();
        Console.WriteLine($"Median of {settings.Rounds} alternating rounds of {settings.Duration.TotalSeconds:0} s, {settings.Connections} connections, {Environment.ProcessorCount} cores shared by load, proxy and backend.");
        Console.WriteLine();
        Console.WriteLine("| backend | nginx, requests/s | gateway, requests/s | gateway / nginx | nginx, p99 | gateway, p99 |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (backend, measurements) in results)
        {
            var (nginx, gateway) = (measurements[Stand.Nginx], measurements[Stand.Gateway]);
            Console.WriteLine($"| {backend} | {Rate(nginx):0} | {Rate(gateway):0} | {Rate(gateway) / Rate(nginx):0.00} | {P99(nginx):0.00} ms | {P99(gateway):0.00} ms |");
        }
    }

    private static double Rate(List<Measurement> measurements) => Median(measurements.Select(measurement => measurement.RequestsPerSecond));

    private static double P99(List<Measurement> measurements) => Median(measurements.Select(measurement => measurement.P99.TotalMilliseconds));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
