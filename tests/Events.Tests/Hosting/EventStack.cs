extern alias apphost;

using System.Net.Http.Headers;
using apphost::LivingCity.AppHost.Embedded;
using LivingCity.Testing;
using Npgsql;

namespace LivingCity.Events.Tests.Hosting;

/// <summary>The events service behind the gateway, as processes of their own: the service can be killed, and comes back.</summary>
internal sealed class EventStack : IAsyncDisposable
{
    private readonly DistributedApplication app;
    private readonly TestIssuer issuer;

    private EventStack(DistributedApplication app, TestIssuer issuer) => (this.app, this.issuer) = (app, issuer);

    public Uri Gateway => app.GetEndpoint("gateway");

    public static async Task<EventStack> StartAsync()
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
        var stack = new EventStack(builder.Build(), issuer);
        await stack.app.StartAsync();
        foreach (var resource in (string[])["events", "gateway"])
        {
            await stack.app.ResourceNotifications.WaitForResourceHealthyAsync(resource);
        }

        return stack;
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

    public void KillEvents() => app.KillResource("events");

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await app.GetConnectionStringAsync("events-db")) { Pooling = false }.ConnectionString);
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
