using System.Diagnostics;
using Npgsql;
using RabbitMQ.Client;

namespace LivingCity.AppHost.Tests;

public sealed class ServersTests(ITestOutputHelper output)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_PostgresAndRabbit_BothBecomeHealthyAndUsable()
    {
        var clock = Stopwatch.StartNew();
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddPostgres("postgres").AddDatabase("ingestion-db");
        builder.AddRabbitMQ("messaging");
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        output.WriteLine($"started {clock.Elapsed}");
        await app.ResourceNotifications.WaitForResourceHealthyAsync("ingestion-db", Cancelled);
        output.WriteLine($"db {clock.Elapsed}");
        await using var connection = new NpgsqlConnection(await app.GetConnectionStringAsync("ingestion-db", Cancelled));
        await connection.OpenAsync(Cancelled);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("messaging", Cancelled);
        output.WriteLine($"rabbit {clock.Elapsed}");
        await using var broker = await new ConnectionFactory { Uri = new((await app.GetConnectionStringAsync("messaging", Cancelled))!) }.CreateConnectionAsync(Cancelled);
        output.WriteLine($"connected {clock.Elapsed}");
        Assert.True(broker.IsOpen);
        await app.StopAsync(Cancelled);
        output.WriteLine($"stopped {clock.Elapsed}");
        output.WriteLine(string.Join('\n', app.Logs("postgres")));
    }
}
