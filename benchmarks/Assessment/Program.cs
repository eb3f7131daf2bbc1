using LivingCity.Assessment.Benchmarks;

await using var stand = await Stand.StartAsync();
Console.WriteLine($"{Environment.ProcessorCount} cores shared by load, service, PostgreSQL and RabbitMQ.");
var wanted = args.Length == 0 ? ["autosave", "benchmark"] : args;
if (wanted.Contains("autosave"))
{
    await Measurements.AutosaveAsync(stand);
}

if (wanted.Contains("benchmark"))
{
    await Measurements.BenchmarkAsync(stand);
}
