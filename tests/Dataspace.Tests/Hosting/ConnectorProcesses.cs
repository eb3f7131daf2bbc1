extern alias apphost;

using System.Net.Http.Json;
using System.Text.Json.Nodes;
using apphost::LivingCity.AppHost.Embedded;
using LivingCity.Testing;
using Npgsql;

namespace LivingCity.Dataspace.Tests.Hosting;

/// <summary>Two connectors as processes of their own, with a database and a broker: they can be killed, and come back.</summary>
internal sealed class ConnectorProcesses : IAsyncDisposable
{
    public const string Provider = "provider";
    public const string Consumer = "consumer";
    public const string Dataset = "urn:living-city:dataset:provider:crash";

    private static readonly string[] Sides = [Provider, Consumer];

    private readonly DistributedApplication app;
    private readonly TestIssuer issuer;

    private ConnectorProcesses(DistributedApplication app, TestIssuer issuer) => (this.app, this.issuer) = (app, issuer);

    public string Offer { get; private set; } = "";

    public static async Task<ConnectorProcesses> StartAsync()
    {
        var issuer = new TestIssuer();
        await issuer.StartAsync();
        var builder = DistributedApplicationTestingBuilder.Create();
        var postgres = builder.AddPostgres("postgres");
        var messaging = builder.AddRabbitMQ("messaging");
        var sides = Sides.Select(side =>
        {
            var database = postgres.AddDatabase($"{side}-db");
            return builder.AddProject(side, "../services/dataspace/Dataspace.csproj", options => options.ExcludeLaunchProfile = true)
                .WithReference(database, connectionName: "database").WaitFor(database).WithReference(messaging).WaitFor(messaging)
                .WithEnvironment("Authentication__Authority", issuer.Authority).WithEnvironment("Authentication__ClientId", $"connector-{side}").WithEnvironment("Authentication__ClientSecret", "known to this run only")
                .WithEnvironment("Service__Name", side).WithEnvironment("Participant__Id", $"urn:{side}").WithEnvironment("Participant__City", side).WithEnvironment("RateLimits__Burst", "1000000").WithEnvironment("RateLimits__PerSecond", "1000000")
                .WithEnvironment("Outgoing__AllowedNetworks__0", "127.0.0.0/8").WithEnvironment("Outgoing__AllowedNetworks__1", "::1/128")
                .WithHttpEndpoint().WithHttpHealthCheck("/health/ready");
        }).ToArray();
        foreach (var (side, other, name) in new[] { (sides[0], sides[1], Consumer), (sides[1], sides[0], Provider) })
        {
            side.WithEnvironment("Participant__Address", side.GetEndpoint("http"))
                .WithEnvironment("Participant__Peers__0__Id", $"urn:{name}").WithEnvironment("Participant__Peers__0__Name", name).WithEnvironment("Participant__Peers__0__Client", $"connector-{name}")
                .WithEnvironment("Participant__Peers__0__Address", ReferenceExpression.Create($"{other.GetEndpoint("http")}/dsp/2025-1"));
        }

        var processes = new ConnectorProcesses(builder.Build(), issuer);
        await processes.BeginAsync();
        return processes;
    }

    public void Kill(string side) => app.KillResource(side);

    public HttpClient Officer(string side)
    {
        var client = new HttpClient { BaseAddress = app.GetEndpoint(side) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", issuer.Token(side, "data-officer"));
        return client;
    }

    /// <summary>What the consumer sends to begin a negotiation.</summary>
    public object Request() => new { datasetId = Dataset, offerId = Offer, providerId = $"urn:{Provider}", connectorAddress = $"{app.GetEndpoint(Provider)}dsp/2025-1", policy = ConnectorPair.Permission() };

    public async Task<T?> ScalarAsync<T>(string side, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await app.GetConnectionStringAsync($"{side}-db")) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SET app.tenant = '{side}'; {sql}", connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await issuer.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        await app.StartAsync();
        foreach (var side in Sides)
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(side);
        }

        using var officer = Officer(Provider);
        using var dataset = await officer.PostAsJsonAsync("/api/dataspace/v1/datasets", new { id = Dataset, title = new { en = "x" }, description = new { en = "x" }, url = "https://example.org/data.csv", mediaType = "text/csv", license = "urn:licence" });
        Assert.True(dataset.IsSuccessStatusCode, await dataset.Content.ReadAsStringAsync());
        using var offer = await officer.PostAsJsonAsync("/api/dataspace/v1/offers", new { datasetId = Dataset, policy = ConnectorPair.Permission(), approval = "automatic" });
        Offer = (string)(await offer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
    }
}
