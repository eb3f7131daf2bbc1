using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using LivingCity.AppHost.Embedded;
using Npgsql;

namespace LivingCity.Testing;

/// <summary>One real PostgreSQL and one real RabbitMQ for all tests of an assembly. Each host under test gets a database and a virtual host of its own.</summary>
public sealed class Infrastructure : IAsyncLifetime
{
    private DistributedApplication? app;
    private int hosts;

    /// <summary>The issuer of the tests' tokens.</summary>
    public TestIssuer Issuer { get; } = new();

    private DistributedApplication Servers => app ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddPostgres("postgres");
        builder.AddRabbitMQ("messaging").WithManagementPlugin();
        app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        await Issuer.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("postgres", TestContext.Current.CancellationToken);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("messaging", TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Issuer.DisposeAsync();
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    /// <summary>How the database server's superuser connects.</summary>
    public async Task<string> AdministratorAsync() => (await Servers.GetConnectionStringAsync("postgres"))!;

    /// <summary>The broker's MQTT address with its login, <c>mqtt://user:password@host:port</c>. It listens a few seconds after AMQP does.</summary>
    public async Task<string> MqttAsync()
    {
        var login = new Uri((await Servers.GetConnectionStringAsync("messaging"))!).UserInfo;
        return $"mqtt://{login}@127.0.0.1:{Servers.GetEndpoint("messaging", "mqtt").Port}";
    }

    /// <summary>Kills a server (<c>postgres</c> or <c>messaging</c>) as <c>kill -9</c> does. It is restarted on the same port with its data.</summary>
    public void Kill(string server) => Servers.KillResource(server);

    /// <summary>
    /// Waits until the broker would find a quorum queue again after a kill: RabbitMQ 3.10 writes the directory of its quorum queues half a second after one was declared.
    /// </summary>
    public Task QueueIsOnDiskAsync(string queue) => Eventually.TrueAsync(
        async () =>
        {
            var directory = Directory.EnumerateFiles(Servers.DataFolder!, "names.dets", SearchOption.AllDirectories).Single(file => file.Contains("/quorum/", StringComparison.Ordinal));
            return Encoding.Latin1.GetString(await File.ReadAllBytesAsync(directory)).Contains(queue, StringComparison.Ordinal);
        },
        $"queue {queue} is in the directory on disk");

    /// <summary>A new database with a login that owns it and nothing else, as a service has it in production.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref hosts)}";
        var server = new NpgsqlConnectionStringBuilder(await Servers.GetConnectionStringAsync("postgres")) { Pooling = false };
        await ExecuteAsync(server, $"CREATE ROLE {name} LOGIN PASSWORD '{name}'");
        await ExecuteAsync(server, $"CREATE DATABASE {name} OWNER {name}");
        server.Database = name;
        await ExecuteAsync(server, "CREATE EXTENSION postgis; CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE EXTENSION btree_gist");
        (server.Username, server.Password, server.Pooling) = (name, name, true);
        return server.ConnectionString;
    }

    /// <summary>A virtual host of its own, so that tests do not hear each other's messages.</summary>
    public async Task<string> CreateVirtualHostAsync()
    {
        var name = $"test{Interlocked.Increment(ref hosts)}";
        var broker = new Uri((await Servers.GetConnectionStringAsync("messaging"))!);
        using var management = Servers.CreateHttpClient("messaging", "management");
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(broker.UserInfo))));
        using var host = await management.PutAsync(new Uri($"/api/vhosts/{name}", UriKind.Relative), null);
        host.EnsureSuccessStatusCode();
        using var permission = await management.PutAsJsonAsync($"/api/permissions/{name}/{broker.UserInfo.Split(':')[0]}", new { configure = ".*", write = ".*", read = ".*" });
        permission.EnsureSuccessStatusCode();
        return new Uri(broker, "/" + name).ToString();
    }

    private static async Task ExecuteAsync(NpgsqlConnectionStringBuilder server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
