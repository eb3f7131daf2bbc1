using Npgsql;

namespace LivingCity.AppHost.Embedded;

/// <summary>Creates a database and its owner when they are missing.</summary>
internal sealed class DatabaseLifecycle(PostgresDatabaseResource database, Stack stack) : ILifecycle
{
    private readonly PostgresServerResource server = database.Server;

    public int Processes => 0;

    public LaunchPlan Plan(int replica) => throw new InvalidOperationException($"{database.Name} is not a process.");

    /// <summary>A database lives and dies with its server, whose health is watched.</summary>
    public Task<string?> CheckAsync(int replica, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await PostgresHealth.OpenAsync(server, null, cancellationToken);
        var exists = await connection.AnyAsync("SELECT 1 FROM pg_database WHERE datname = $1", database.DatabaseName, cancellationToken);
        if (server.IsExternal)
        {
            await CreateOnExternalServerAsync(connection, exists, cancellationToken);
            return;
        }

        var name = Quote(database.DatabaseName);
        if (!await connection.AnyAsync("SELECT 1 FROM pg_roles WHERE rolname = $1", database.DatabaseName, cancellationToken))
        {
            await connection.ExecuteAsync($"CREATE ROLE {name} LOGIN PASSWORD '{database.Password}'", cancellationToken);
        }

        if (!exists)
        {
            await connection.ExecuteAsync($"CREATE DATABASE {name} OWNER {name} TEMPLATE {DatabaseTemplate.Name}", cancellationToken);
        }

        await connection.ExecuteAsync($"REVOKE ALL ON DATABASE {name} FROM PUBLIC", cancellationToken);
    }

    private async Task CreateOnExternalServerAsync(NpgsqlConnection connection, bool exists, CancellationToken cancellationToken)
    {
        if (!exists)
        {
            await connection.ExecuteAsync($"CREATE DATABASE {Quote(database.DatabaseName)}", cancellationToken);
        }

        await using var created = await PostgresHealth.OpenAsync(server, database.DatabaseName, cancellationToken);
        await DatabaseTemplate.CreateExtensionsAsync(created, line => stack.Output.Append(database.Name, line), cancellationToken);
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
