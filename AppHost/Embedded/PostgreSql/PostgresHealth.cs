using Npgsql;

namespace LivingCity.AppHost.Embedded;

internal static class PostgresHealth
{
    /// <summary>Healthy means: accepts the administrator's login and answers a query.</summary>
    public static async Task<string?> CheckAsync(PostgresServerResource server, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(server, null, cancellationToken);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return null;
        }
        catch (NpgsqlException error)
        {
            return error.Message;
        }
    }

    /// <summary>Opens an administrator's connection outside any pool: a pool would hand out connections of a server that has died.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(PostgresServerResource server, string? database, CancellationToken cancellationToken)
    {
        var settings = server.Connection();
        settings.Pooling = false;
        settings.Timeout = 5;
        settings.Database = database ?? settings.Database ?? (server.IsExternal ? null : "postgres");
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<bool> AnyAsync(this NpgsqlConnection connection, string sql, string value, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = value } } };
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }
}
