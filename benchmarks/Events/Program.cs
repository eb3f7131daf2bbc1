using LivingCity.Events.Benchmarks;
using LivingCity.Testing;

await using var stand = await EventStand.StartAsync();
Console.WriteLine($"{Environment.ProcessorCount} cores shared by load, gateway, events service, PostgreSQL and RabbitMQ.");
var wanted = args.Length == 0 ? ["registrations", "page"] : args;
if (wanted.Intersect(["registrations", "contention", "spread"]).Any())
{
    await Registrations.MeasureAsync(stand, wanted);
}

if (wanted.Contains("page"))
{
    await ProgrammePage.MeasureAsync(stand);
}
