using LivingCity.Gateway.Benchmarks;

var settings = BenchmarkSettings.Parse(args);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

await using var stand = await Stand.StartAsync(stop.Token);
var load = new Load(settings, stand.Token);
foreach (var target in stand.Targets)
{
    await load.RunAsync(target, settings.WarmUp, stop.Token);
}

var results = stand.Targets.ToDictionary(target => target.Name, _ => new List<Measurement>());
for (var round = 1; round <= settings.Rounds; round++)
{
    foreach (var target in stand.Targets)
    {
        var measurement = await load.RunAsync(target, settings.Duration, stop.Token);
        results[target.Name].Add(measurement);
        Console.WriteLine($"round {round}  {target.Name,-16} {measurement.RequestsPerSecond,9:0} requests/s   p99 {measurement.P99.TotalMilliseconds,7:0.00} ms");
    }
}

Report.Print(settings, results);
