using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LivingCity.Gateway.Benchmarks;

internal sealed record Target(string Name, Uri Address);

internal sealed record Measurement(double RequestsPerSecond, TimeSpan P99);

/// <summary>wrk with keep-alive connections, each request with a bearer token. A single failed answer makes the measurement void.</summary>
internal sealed partial class Load(BenchmarkSettings settings, Stand stand)
{
    /// <summary>Warms both up, then measures them in turn.</summary>
    public async Task<IReadOnlyDictionary<string, List<Measurement>>> MeasureAsync(CancellationToken cancellation)
    {
        foreach (var target in stand.Targets)
        {
            await RunAsync(target, settings.WarmUp, cancellation);
        }

        var results = stand.Targets.ToDictionary(target => target.Name, _ => new List<Measurement>());
        for (var round = 1; round <= settings.Rounds; round++)
        {
            foreach (var target in stand.Targets)
            {
                var measurement = await RunAsync(target, settings.Duration, cancellation);
                results[target.Name].Add(measurement);
                Console.WriteLine($"{stand.Backend,-8} round {round}  {target.Name,-8} {measurement.RequestsPerSecond,9:0} requests/s   p99 {measurement.P99.TotalMilliseconds,7:0.00} ms");
            }
        }

        return results;
    }

    private async Task<Measurement> RunAsync(Target target, TimeSpan duration, CancellationToken cancellation)
    {
        using var wrk = Process.Start(new ProcessStartInfo("wrk",
            ["-t", "2", "-c", $"{settings.Connections}", "-d", $"{duration.TotalSeconds:0}s", "--latency", "-H", $"Authorization: Bearer {stand.Token}", target.Address.ToString()])
        {
            RedirectStandardOutput = true,
        })!;
        var text = await wrk.StandardOutput.ReadToEndAsync(cancellation);
        await wrk.WaitForExitAsync(cancellation);
        if (text.Contains("Non-2xx", StringComparison.Ordinal) || text.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{target.Name} gave errors:\n{text}");
        }

        var p99 = NinetyNinth().Match(text);
        var milliseconds = double.Parse(p99.Groups[1].Value, CultureInfo.InvariantCulture) * (p99.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 });
        return new Measurement(double.Parse(PerSecond().Match(text).Groups[1].Value, CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(milliseconds));
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex NinetyNinth();
}
