extern alias apphost;

using apphost::LivingCity.AppHost.Embedded;
using LivingCity.Testing;
using Npgsql;

namespace LivingCity.Assessment.Benchmarks;

/// <summary>The assessment service as a process, as it runs in production, with PostgreSQL and RabbitMQ.</summary>
internal sealed class Stand : IAsyncDisposable
{
    private readonly DistributedApplication app;
    private readonly TestIssuer issuer;

    private Stand(DistributedApplication app, TestIssuer issuer) => (this.app, this.issuer) = (app, issuer);

    public static async Task<Stand> StartAsync()
    {
        var issuer = new TestIssuer();
        await issuer.StartAsync();
        var builder = DistributedApplicationTestingBuilder.Create();
        var database = builder.AddPostgres("postgres").AddDatabase("assessment-db");
        var messaging = builder.AddRabbitMQ("messaging");
        builder.AddProject("assessment", "../services/assessment/Assessment.csproj", options => options.ExcludeLaunchProfile = true)
            .WithReference(database, connectionName: "database").WaitFor(database).WithReference(messaging).WaitFor(messaging)
            .WithEnvironment("Authentication__Authority", issuer.Authority).WithEnvironment("RateLimits__Burst", "1000000").WithEnvironment("RateLimits__PerSecond", "1000000")
            .WithHttpEndpoint().WithHttpHealthCheck("/health/ready");
        var stand = new Stand(builder.Build(), issuer);
        await stand.app.StartAsync();
        await stand.app.ResourceNotifications.WaitForResourceHealthyAsync("assessment");
        return stand;
    }

    public HttpClient As(string? city, params string[] roles) => new()
    {
        BaseAddress = app.GetEndpoint("assessment"),
        DefaultRequestHeaders = { Authorization = new("Bearer", issuer.Token(city, roles)) },
    };

    public async Task<NpgsqlConnection> DatabaseAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await app.GetConnectionStringAsync("assessment-db")) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await issuer.DisposeAsync();
    }
}
