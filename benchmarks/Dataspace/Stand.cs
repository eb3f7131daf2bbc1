extern alias apphost;

using System.Net.Http.Json;
using System.Text.Json.Nodes;
using apphost::LivingCity.AppHost.Embedded;
using LivingCity.Testing;
using Npgsql;

namespace LivingCity.Dataspace.Benchmarks;

/// <summary>Two connectors and a context broker as processes, as they run in production, with one PostgreSQL and one RabbitMQ between them.</summary>
internal sealed class Stand : IAsyncDisposable
{
    public const string Provider = "sofia";
    public const string Consumer = "sant-boi";
    public const string Dataset = "urn:living-city:dataset:sofia:AirQualityObserved";
    private const int Stations = 100;

    private static readonly string[] Sides = [Provider, Consumer];

    private readonly DistributedApplication app;
    private readonly TestIssuer issuer;

    private Stand(DistributedApplication app, TestIssuer issuer) => (this.app, this.issuer) = (app, issuer);

    public static async Task<Stand> StartAsync()
    {
        var issuer = new TestIssuer();
        await issuer.StartAsync();
        var builder = DistributedApplicationTestingBuilder.Create();
        var postgres = builder.AddPostgres("postgres");
        var messaging = builder.AddRabbitMQ("messaging");
        IResourceBuilder<ProjectResource> Add(string name, string project)
        {
            var database = postgres.AddDatabase($"{name}-db");
            return builder.AddProject(name, project, options => options.ExcludeLaunchProfile = true)
                .WithReference(database, connectionName: "database").WaitFor(database).WithReference(messaging).WaitFor(messaging)
                .WithEnvironment("Authentication__Authority", issuer.Authority).WithEnvironment("RateLimits__Burst", "1000000").WithEnvironment("RateLimits__PerSecond", "1000000")
                .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", "") // the local page that receives traces would be measured with them
                .WithHttpEndpoint().WithHttpHealthCheck("/health/ready");
        }

        var ingestion = Add("ingestion", "../services/ingestion/Ingestion.csproj");
        var connectors = Sides.Select(side => Add(side, "../services/dataspace/Dataspace.csproj").WithReference(ingestion)
            .WithEnvironment("Authentication__ClientId", $"connector-{side}").WithEnvironment("Authentication__ClientSecret", "known to this run only")
            .WithEnvironment("Service__Name", side).WithEnvironment("Participant__Id", $"urn:{side}").WithEnvironment("Participant__City", side)
            .WithEnvironment("Outgoing__AllowedNetworks__0", "127.0.0.0/8").WithEnvironment("Outgoing__AllowedNetworks__1", "::1/128")).ToArray();
        for (var i = 0; i < Sides.Length; i++)
        {
            var other = 1 - i;
            connectors[i].WithEnvironment("Participant__Address", connectors[i].GetEndpoint("http"))
                .WithEnvironment("Participant__Peers__0__Id", $"urn:{Sides[other]}").WithEnvironment("Participant__Peers__0__Name", Sides[other]).WithEnvironment("Participant__Peers__0__Client", $"connector-{Sides[other]}")
                .WithEnvironment("Participant__Peers__0__Address", ReferenceExpression.Create($"{connectors[other].GetEndpoint("http")}/dsp/2025-1"));
        }

        var stand = new Stand(builder.Build(), issuer);
        await stand.app.StartAsync();
        foreach (var resource in Sides.Append("ingestion"))
        {
            await stand.app.ResourceNotifications.WaitForResourceHealthyAsync(resource);
        }

        await stand.FillAsync();
        return stand;
    }

    /// <summary>Where the provider's connector takes the protocol's messages.</summary>
    public string PeerAddress => $"{app.GetEndpoint(Provider)}dsp/2025-1";

    public HttpClient Officer(string resource, string city) => new()
    {
        BaseAddress = app.GetEndpoint(resource),
        DefaultRequestHeaders = { Authorization = new("Bearer", issuer.Token(city, "data-officer")) },
    };

    public HttpClient Anonymous() => new() { BaseAddress = app.GetEndpoint(Provider) };

    public async Task<NpgsqlConnection> DatabaseAsync(string side)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await app.GetConnectionStringAsync($"{side}-db")) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SET app.tenant = '{side}'", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await issuer.DisposeAsync();
    }

    private async Task FillAsync()
    {
        using var writer = Officer("ingestion", Provider);
        using var stored = await writer.PostAsJsonAsync("/ngsi-ld/v1/entityOperations/upsert", Enumerable.Range(0, Stations).Select(number => new
        {
            id = $"urn:ngsi-ld:AirQualityObserved:sofia:{number:000}",
            type = "AirQualityObserved",
            name = new { type = "Property", value = $"Station {number}" },
            location = new { type = "GeoProperty", value = new { type = "Point", coordinates = new[] { 23.2 + (number * 0.002), 42.7 } } },
            pm10 = new { type = "Property", value = 20 + number, unitCode = "GQ", observedAt = "2026-07-01T12:00:00Z" },
            no2 = new { type = "Property", value = 10 + number, unitCode = "GQ", observedAt = "2026-07-01T12:00:00Z" },
        }));
        stored.EnsureSuccessStatusCode();
        using var provider = Anonymous();
        while (!(await provider.GetAsync($"/api/dataspace/v1/datasets/{Dataset}")).IsSuccessStatusCode)
        {
            await Task.Delay(100);
        }

        using var officer = Officer(Provider, Provider);
        var ring = new JsonArray(Position(23, 42), Position(23.3, 42), Position(23.3, 43), Position(23, 43), Position(23, 42));
        using var area = await officer.PutAsJsonAsync("/api/dataspace/v1/areas/urn:area:west", new { name = "west", geometry = new JsonObject { ["type"] = "Polygon", ["coordinates"] = new JsonArray(ring) } });
        area.EnsureSuccessStatusCode();
    }

    private static JsonArray Position(double longitude, double latitude) => new(longitude, latitude);
}
