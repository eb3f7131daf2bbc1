using LivingCity.Gateway.Benchmarks;

switch (args)
{
    case ["backend", Stand.Kestrel, var address]:
        await SmallBackends.RunKestrelAsync(address);
        return;
    case ["backend", Stand.Service, var address]:
        await SmallBackends.RunServiceAsync(address);
        return;
}

var settings = BenchmarkSettings.Parse(args);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

var results = new List<(string Backend, IReadOnlyDictionary<string, List<Measurement>> Measurements)>();
foreach (var backend in Stand.Backends)
{
    await using var stand = await Stand.StartAsync(backend, stop.Token);
    results.Add((backend, await new Load(settings, stand).MeasureAsync(stop.Token)));
}

Report.Print(settings, results);
