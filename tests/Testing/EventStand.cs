using System.Net.Http.Headers;
using LivingCity.AppHost.Embedded;
using Npgsql;

namespace LivingCity.Testing;

/// <summary>The events service behind the gateway, as processes of their own as they run in production: the service can be killed, and comes back. For tests and for measuring.</summary>
public sealed class EventStand : IAsyncDisposable
{
    private readonly DistributedApplication app;
    private readonly TestIssuer issuer;

    private EventStand(DistributedApplication app, TestIssuer issuer) => (this.app, this.issuer) = (app, issuer);

    public Uri Gateway => app.GetEndpoint("gateway");

    /// <summary>The service itself, past the gateway.</summary>
    public Uri Events => app.GetEndpoint("events");

    /// <param name="settings">Settings of the events service, like <c>Mail__Port</c>.</param>
    public static async Task<EventStand> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
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
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            events.WithEnvironment(name, value);
        }

        Add("gateway", "../gateway/Gateway.csproj").WithReference(events).WaitFor(events);
        var stand = new EventStand(builder.Build(), issuer);
        await stand.app.StartAsync();
        foreach (var resource in (string[])["events", "gateway"])
        {
            await stand.app.ResourceNotifications.WaitForResourceHealthyAsync(resource);
        }

        return stand;
    }

    /// <summary>A client without limits of its own on connections, in a person's name.</summary>
    public HttpClient As(string city, params string[] roles)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token(city, roles));
        return client;
    }

    public HttpClient Anonymous() => new(new SocketsHttpHandler { MaxConnectionsPerServer = 256, ConnectTimeout = TimeSpan.FromSeconds(30) }) { BaseAddress = Gateway, Timeout = TimeSpan.FromMinutes(3) };

    public string Token(string city, params string[] roles) => issuer.Token(city, roles);

    /// <summary>Kills the service as <c>kill -9</c> does; it is started again.</summary>
    public void KillEvents() => app.KillResource("events");

    /// <summary>How to connect to the service's database.</summary>
    public async Task<NpgsqlConnectionStringBuilder> DatabaseAsync() => new(await app.GetConnectionStringAsync("events-db")) { Pooling = false };

    /// <summary>Reads one value from the database, past the service, as the tenant <c>sofia</c>.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection((await DatabaseAsync()).ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SET app.tenant = 'sofia'; {sql}", connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await issuer.DisposeAsync();
    }
}
