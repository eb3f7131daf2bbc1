using System.Net.NetworkInformation;
using System.Text;
using Npgsql;
using RabbitMQ.Client;

namespace LivingCity.AppHost.Tests;

/// <summary>The private servers: usable, closed to others, and back with their data after a crash.</summary>
public sealed class ServersTests(ServersTests.Servers servers) : IClassFixture<ServersTests.Servers>
{
    private DistributedApplication App => servers.App;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Database_AsItsLogin_OwnsItAndIsNoSuperuser()
    {
        await using var connection = await OpenAsync("one-db");

        Assert.Equal("one-db", await ScalarAsync(connection, "SELECT current_user"));
        Assert.Equal(false, await ScalarAsync(connection, "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"));
        Assert.Equal("one-db", await ScalarAsync(connection, "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()"));
    }

    [Fact]
    public async Task Database_WithAnotherDatabasesLogin_RefusesIt()
    {
        var settings = new NpgsqlConnectionStringBuilder(await App.GetConnectionStringAsync("one-db", Cancelled)) { Database = "two-db", Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Cancelled));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Database_WithAWrongPassword_RefusesIt()
    {
        var settings = new NpgsqlConnectionStringBuilder(await App.GetConnectionStringAsync("one-db", Cancelled)) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Cancelled));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Theory]
    [InlineData("postgis")]
    [InlineData("pg_trgm")]
    [InlineData("unaccent")]
    [InlineData("btree_gist")]
    public async Task Database_Created_HasTheExtension(string extension)
    {
        await using var connection = await OpenAsync("two-db");

        Assert.Equal(1L, await ScalarAsync(connection, $"SELECT count(*) FROM pg_extension WHERE extname = '{extension}'"));
    }

    [Fact]
    public async Task Postgres_Settings_KeepWhatIsAcknowledged()
    {
        await using var connection = await OpenAsync("one-db");

        Assert.Equal("on", await ScalarAsync(connection, "SHOW fsync"));
        Assert.Equal("on", await ScalarAsync(connection, "SHOW synchronous_commit"));
        Assert.Equal("127.0.0.1", await ScalarAsync(connection, "SHOW listen_addresses"));
    }

    [Fact]
    public async Task Postgres_Killed_ComesBackOnItsPortWithItsData()
    {
        await using (var before = await OpenAsync("one-db"))
        {
            await ScalarAsync(before, "CREATE TABLE kept (id int)");
            await ScalarAsync(before, "INSERT INTO kept VALUES (42)");
        }

        var address = App.GetEndpoint("postgres");
        App.KillResource("postgres");
        await App.ResourceNotifications.WaitForResourceHealthyAsync("postgres", Cancelled);

        Assert.Equal(address, App.GetEndpoint("postgres"));
        await using var after = await OpenAsync("one-db");
        Assert.Equal(42, await ScalarAsync(after, "SELECT id FROM kept"));
        Assert.True(App.ResourceNotifications.Get("postgres").Restarts > 0);
    }

    [Fact]
    public async Task RabbitMq_Killed_ComesBackWithTheMessagesOfAQuorumQueue()
    {
        await using (var before = await ConnectAsync())
        await using (var channel = await before.CreateChannelAsync(new CreateChannelOptions(true, true), Cancelled))
        {
            await channel.QueueDeclareAsync("kept", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Cancelled);
            await channel.BasicPublishAsync("", "kept", true, new BasicProperties { Persistent = true }, "precious"u8.ToArray(), Cancelled);
        }

        // RabbitMQ 3.10 writes the directory of its quorum queues half a second after a new one was declared; until then a kill loses the queue with its messages.
        var directory = Directory.EnumerateFiles(App.DataFolder!, "names.dets", SearchOption.AllDirectories).Single(file => file.Contains("/quorum/", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => Encoding.Latin1.GetString(await File.ReadAllBytesAsync(directory, Cancelled)).Contains("kept", StringComparison.Ordinal), "the queue is in the directory on disk");
        App.KillResource("messaging");
        await App.ResourceNotifications.WaitForResourceHealthyAsync("messaging", Cancelled);

        await using var after = await ConnectAsync();
        await using var reader = await after.CreateChannelAsync(cancellationToken: Cancelled);

        // The queue's leader is elected a moment after the node answers.
        await Eventually.EqualAsync("precious", async () => await reader.BasicGetAsync("kept", autoAck: true, Cancelled) is { } message ? Encoding.UTF8.GetString(message.Body.Span) : "");
    }

    [Fact]
    public async Task RabbitMq_Running_ListensOnLoopbackOnly()
    {
        var mqtt = App.GetEndpoint("messaging", "mqtt").Port;
        await Eventually.TrueAsync(() => Task.FromResult(IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(address => address.Port == mqtt)), "MQTT is enabled");
        var listening = await File.ReadAllTextAsync("/proc/net/tcp", Cancelled) + await File.ReadAllTextAsync("/proc/net/tcp6", Cancelled);
        foreach (var endpoint in new[] { "tcp", "mqtt", "management" })
        {
            // /proc/net/tcp: "0100007F:1A2B" is 127.0.0.1:6699; state 0A is listening.
            var port = App.GetEndpoint("messaging", endpoint).Port.ToString("X4", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Contains($"0100007F:{port} 00000000:0000 0A", listening, StringComparison.Ordinal);
            Assert.DoesNotContain($"00000000:{port} 00000000:0000 0A", listening, StringComparison.Ordinal);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(await App.GetConnectionStringAsync(database, Cancelled) + ";Pooling=false");
        await connection.OpenAsync(Cancelled);
        return connection;
    }

    private async Task<IConnection> ConnectAsync() =>
        await new ConnectionFactory { Uri = new((await App.GetConnectionStringAsync("messaging", Cancelled))!) }.CreateConnectionAsync(Cancelled);

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancelled);
    }

    public sealed class Servers : IAsyncLifetime
    {
        public DistributedApplication App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var builder = DistributedApplicationTestingBuilder.Create();
            var postgres = builder.AddPostgres("postgres");
            postgres.AddDatabase("one-db");
            postgres.AddDatabase("two-db");
            builder.AddRabbitMQ("messaging").WithManagementPlugin();
            App = await builder.BuildAsync(Cancelled);
            await App.StartAsync(Cancelled);
            foreach (var name in new[] { "one-db", "two-db", "messaging" })
            {
                await App.ResourceNotifications.WaitForResourceHealthyAsync(name, Cancelled);
            }
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
