using LivingCity.Dataspace.Benchmarks;

await using var stand = await Stand.StartAsync();
Console.WriteLine($"{Environment.ProcessorCount} cores shared by load, connectors, context broker, PostgreSQL and RabbitMQ.");
var wanted = args.Length == 0 ? ["negotiation", "pull", "catalogue", "federation"] : args;
if (wanted.Contains("negotiation"))
{
    await Measurements.NegotiateAsync(stand);
}

if (wanted.Contains("pull"))
{
    await Measurements.PullAsync(stand);
}

if (wanted.Contains("federation"))
{
    await Crawl.RunAsync(stand);
}

if (wanted.Contains("catalogue"))
{
    await Measurements.BrowseAsync(stand);
}
