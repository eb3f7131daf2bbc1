using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using LivingCity.AppHost.Embedded;
using LivingCity.Testing;
using Npgsql;

namespace LivingCity.Ingestion.Benchmarks;

/// <summary>The ingestion service as a process of its own, with the PostgreSQL and the RabbitMQ that the embedded engine starts, and an issuer whose tokens it checks.</summary>
internal sealed class Stand : IAsyncDisposable
{
    public const string Tenant = "bench";

    private readonly DistributedApplication servers;
    private readonly TestIssuer issuer;
    private readonly Process service;

    private Stand(DistributedApplication servers, TestIssuer issuer, Process service, string database, Uri address) =>
        (this.servers, this.issuer, this.service, Database, Address, Token) = (servers, issuer, service, database, address, issuer.Token(Tenant, "data-officer"));

    /// <summary>How the database's superuser connects.</summary>
    public string Database { get; }

    public Uri Address { get; }

    public string Token { get; }

    public static async Task<Stand> StartAsync()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddPostgres("postgres");
        builder.AddRabbitMQ("messaging");
        var servers = await builder.BuildAsync();
        await servers.StartAsync();
        await servers.ResourceNotifications.WaitForResourceHealthyAsync("postgres", CancellationToken.None);
        await servers.ResourceNotifications.WaitForResourceHealthyAsync("messaging", CancellationToken.None);
        var issuer = new TestIssuer();
        await issuer.StartAsync();
        var database = new NpgsqlConnectionStringBuilder((await servers.GetConnectionStringAsync("postgres"))!) { Database = "ingestion" }.ConnectionString;
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [typeof(Entities.Entity).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = address.ToString(), ["ASPNETCORE_CONTENTROOT"] = AppContext.BaseDirectory, ["ConnectionStrings__database"] = database,
            ["ConnectionStrings__messaging"] = await servers.GetConnectionStringAsync("messaging"), ["Authentication__Authority"] = issuer.Authority,
            ["RateLimits__PerSecond"] = "1000000", ["RateLimits__Burst"] = "1000000", ["Logging__LogLevel__Default"] = "Warning",
        })
        {
            start.Environment[name] = value;
        }

        var service = Process.Start(start)!;
        service.OutputDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        service.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        service.BeginOutputReadLine();
        service.BeginErrorReadLine();
        var stand = new Stand(servers, issuer, service, database, address);
        using var http = new HttpClient { BaseAddress = address };
        while (!await IsReadyAsync(http))
        {
            await Task.Delay(100);
        }

        return stand;
    }

    public HttpClient Client() => new() { BaseAddress = Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) }, Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Runs SQL past the service, as the superuser.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return (T?)await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        service.Kill(entireProcessTree: true);
        await service.WaitForExitAsync();
        service.Dispose();
        await issuer.DisposeAsync();
        await servers.DisposeAsync();
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
