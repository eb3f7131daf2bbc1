using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LivingCity.Testing;

/// <summary>A service as it runs in production, on a real port, with a database and a virtual host of its own.</summary>
/// <typeparam name="TProgram">The service's Program.</typeparam>
public sealed class ServiceHost<TProgram> : IAsyncDisposable
    where TProgram : class
{
    private readonly Infrastructure infrastructure;
    private readonly WebApplicationFactory<TProgram> factory;

    private ServiceHost(Infrastructure infrastructure, WebApplicationFactory<TProgram> factory, string database, string broker) =>
        (this.infrastructure, this.factory, ConnectionString, Broker) = (infrastructure, factory, database, broker);

    /// <summary>The service's database.</summary>
    public string ConnectionString { get; }

    /// <summary>The service's virtual host.</summary>
    public string Broker { get; }

    /// <summary>What the service itself resolves.</summary>
    public IServiceProvider Services => factory.Services;

    /// <summary>Starts the service and waits until it is ready.</summary>
    /// <param name="infrastructure">The servers.</param>
    /// <param name="settings">More settings, like <c>City:Demo=true</c>.</param>
    /// <param name="peer">A host to share database and broker with: a second replica.</param>
    /// <param name="broker">A virtual host to share with another service.</param>
    /// <param name="services">What the service gets instead of its own, like a clock.</param>
    /// <param name="database">A database that is there already; null for a new one.</param>
    public static async Task<ServiceHost<TProgram>> StartAsync(
        Infrastructure infrastructure, IReadOnlyDictionary<string, string>? settings = null, ServiceHost<TProgram>? peer = null, string? broker = null,
        Action<IServiceCollection>? services = null, string? database = null)
    {
        database ??= peer?.ConnectionString ?? await infrastructure.CreateDatabaseAsync();
        broker ??= peer?.Broker ?? await infrastructure.CreateVirtualHostAsync();
        var factory = new WebApplicationFactory<TProgram>().WithWebHostBuilder(web =>
        {
            web.UseSetting("urls", "http://127.0.0.1:0");
            web.UseSetting("ConnectionStrings:database", database);
            web.UseSetting("ConnectionStrings:messaging", broker);
            web.UseSetting("Authentication:Authority", infrastructure.Issuer.Authority);
            foreach (var (key, value) in settings ?? new Dictionary<string, string>())
            {
                web.UseSetting(key, value);
            }

            web.ConfigureServices(collection => services?.Invoke(collection));
            web.ConfigureLogging(logging => logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error).AddFilter("MassTransit", LogLevel.None));
        });
        factory.UseKestrel();
        factory.StartServer();
        var host = new ServiceHost<TProgram>(infrastructure, factory, database, broker);
        using var client = host.Anonymous();
        await Eventually.TrueAsync(async () => (await client.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode, "the service is ready");
        return host;
    }

    /// <summary>A client without a token.</summary>
    public HttpClient Anonymous() => new() { BaseAddress = new Uri(factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };

    /// <summary>A client with a token of this city and these roles.</summary>
    public HttpClient As(string? city, params string[] roles) => With(infrastructure.Issuer.Token(city, roles));

    /// <summary>A client with this token.</summary>
    public HttpClient With(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Reads one value from the database, past the service.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, string? tenant = null)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        if (tenant is not null)
        {
            await using var setting = new NpgsqlCommand("SELECT set_config('app.tenant', $1, false)", connection) { Parameters = { new() { Value = tenant } } };
            await setting.ExecuteNonQueryAsync();
        }

        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await factory.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }
}
