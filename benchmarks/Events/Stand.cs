extern alias apphost;

using System.Net.Http.Json;
using System.Text.Json.Nodes;
using apphost::LivingCity.AppHost.Embedded;
using LivingCity.Testing;
using Npgsql;

namespace LivingCity.Events.Benchmarks;

/// <summary>The events service and the gateway as processes, as they run in production, with one PostgreSQL and one RabbitMQ.</summary>
internal sealed class Stand : IAsyncDisposable
{
    private readonly DistributedApplication app;
    private readonly TestIssuer issuer;

    private Stand(DistributedApplication app, TestIssuer issuer) => (this.app, this.issuer) = (app, issuer);

    public Uri Events => app.GetEndpoint("events");

    public Uri Gateway => app.GetEndpoint("gateway");

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
                .WithEnvironment("Authentication__Authority", issuer.Authority).WithEnvironment("Authentication__ClientId", name).WithEnvironment("Authentication__ClientSecret", "known to this run only")
                .WithEnvironment("RateLimits__Burst", "1000000").WithEnvironment("RateLimits__PerSecond", "1000000").WithHttpEndpoint().WithHttpHealthCheck("/health/ready");
        }

        var events = Add("events", "../services/events/Events.csproj");
        Add("gateway", "../gateway/Gateway.csproj").WithReference(events).WaitFor(events);
        var stand = new Stand(builder.Build(), issuer);
        await stand.app.StartAsync();
        foreach (var resource in (string[])["events", "gateway"])
        {
            await stand.app.ResourceNotifications.WaitForResourceHealthyAsync(resource);
        }

        return stand;
    }

    public string Token(string person) => issuer.Token("sofia", person);

    /// <summary>An event with this many sessions; null seats are no limit.</summary>
    public async Task PublishAsync(string id, int sessions, int? capacity)
    {
        using var organiser = new HttpClient { BaseAddress = Events, DefaultRequestHeaders = { Authorization = new("Bearer", issuer.Token("sofia", "organiser")) } };
        var body = new JsonObject
        {
            ["id"] = id, ["title"] = "Measured", ["timeZone"] = "Europe/Sofia", ["city"] = "Sofia", ["country"] = "Bulgaria",
            ["sessions"] = new JsonArray([.. Enumerable.Range(0, sessions).Select(number => new JsonObject { ["id"] = $"{id}-{number}", ["title"] = $"Session {number}", ["capacity"] = capacity })]),
        };
        (await organiser.PostAsJsonAsync("/api/events/v1/events", body)).EnsureSuccessStatusCode();
        (await organiser.PostAsJsonAsync($"/api/events/v1/events/{id}/publication", new { })).EnsureSuccessStatusCode();
    }

    public async Task<NpgsqlConnectionStringBuilder> DatabaseAsync() => new(await app.GetConnectionStringAsync("events-db")) { Pooling = false };

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await issuer.DisposeAsync();
    }
}
