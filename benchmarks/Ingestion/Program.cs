using System.Globalization;
using LivingCity.Ingestion.Benchmarks;

if (args is ["notifications"])
{
    Environment.SetEnvironmentVariable("Outgoing__AllowedNetworks__0", "127.0.0.0/8"); // the receiver is here
    await using var notifying = await Stand.StartAsync();
    await new Notifications(notifying).MeasureAsync();
    return;
}

// One run measures everything, growing the city on the way: [most entities] [points of history] [--step] [--plot=FILE], by default 1,000,000 and 10,000,000.
// With --step it waits for Enter before each measurement, so that a machine that is shared can be made quiet for it.
var numbers = args.Where(argument => !argument.StartsWith('-')).Select(argument => int.Parse(argument, CultureInfo.InvariantCulture)).ToArray();
var (entities, points) = (numbers.ElementAtOrDefault(0) is var first and > 0 ? first : 1_000_000, numbers.ElementAtOrDefault(1) is var second and > 0 ? second : 10_000_000);
await using var stand = await Stand.StartAsync();
Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {await stand.ScalarAsync<string>("SELECT version()")}");
var growth = new Growth(stand);
for (var (size, before) = (Math.Min(10_000, entities), 0); before < entities; (before, size) = (size, Math.Min(entities, size * 10)))
{
    await City.CopyAsync(stand, before, size);
    Wait($"{size} entities");
    await growth.MeasureAsync(size);
}

growth.Print();
if (args.FirstOrDefault(argument => argument.StartsWith("--plot=", StringComparison.Ordinal)) is { } plot)
{
    growth.Draw(plot["--plot=".Length..]);
}

var batches = new BatchAgainstCopy(stand, entities);
await batches.PrepareAsync();
Wait("batches against COPY");
await batches.MeasureAsync();
var history = new HistoryRuns(stand);
await history.LoadAsync(points);
Wait("history");
await history.MeasureAsync();

void Wait(string what)
{
    if (args.Contains("--step"))
    {
        Console.WriteLine($"next: {what}; press Enter");
        Console.ReadLine();
    }
}
