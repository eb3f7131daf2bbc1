using System.Globalization;
using LivingCity.Ingestion.Benchmarks;

if (args is ["notifications"])
{
    Environment.SetEnvironmentVariable("Outgoing__AllowedNetworks__0", "127.0.0.0/8"); // the receiver is here
    await using var notifying = await Stand.StartAsync();
    await new Notifications(notifying).MeasureAsync();
    return;
}

// One run measures everything, growing the city on the way: dotnet run -- [most entities] [points of history], by default 1,000,000 and 10,000,000.
var entities = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
var points = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000_000;
await using var stand = await Stand.StartAsync();
Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {await stand.ScalarAsync<string>("SELECT version()")}, load {File.ReadAllText("/proc/loadavg").Trim()}");
var growth = new Growth(stand);
for (var (size, before) = (Math.Min(10_000, entities), 0); before < entities; (before, size) = (size, Math.Min(entities, size * 10)))
{
    await City.CopyAsync(stand, before, size);
    await growth.MeasureAsync(size);
}

growth.Print();
await new BatchAgainstCopy(stand, entities).MeasureAsync();
await new HistoryRuns(stand).MeasureAsync(points);
