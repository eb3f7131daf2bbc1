using Npgsql;

namespace LivingCity.AppHost.Embedded;

/// <summary>A template database with the extensions in it: only an administrator may create them, and copying is faster than creating.</summary>
internal static class DatabaseTemplate
{
    public const string Name = "livingcity_template";
    private const string Unfinished = "livingcity_template_unfinished";
    private static readonly string[] Extensions = ["postgis", "pg_trgm", "unaccent", "btree_gist"];

    public static async Task EnsureAsync(PostgresServerResource server, Action<string> log, CancellationToken cancellationToken)
    {
        await using var connection = await PostgresHealth.OpenAsync(server, null, cancellationToken);
        if (await connection.AnyAsync("SELECT 1 FROM pg_database WHERE datname = $1", Name, cancellationToken))
        {
            return;
        }

        await connection.ExecuteAsync($"DROP DATABASE IF EXISTS {Unfinished} WITH (FORCE)", cancellationToken);
        await connection.ExecuteAsync($"CREATE DATABASE {Unfinished}", cancellationToken);
        await using (var template = await PostgresHealth.OpenAsync(server, Unfinished, cancellationToken))
        {
            await CreateExtensionsAsync(template, log, cancellationToken);
        }

        await connection.ExecuteAsync($"ALTER DATABASE {Unfinished} RENAME TO {Name}", cancellationToken);
        await connection.ExecuteAsync($"ALTER DATABASE {Name} WITH ALLOW_CONNECTIONS false", cancellationToken);
    }

    public static async Task CreateExtensionsAsync(NpgsqlConnection connection, Action<string> log, CancellationToken cancellationToken)
    {
        foreach (var extension in Extensions)
        {
            try
            {
                await connection.ExecuteAsync($"CREATE EXTENSION IF NOT EXISTS {extension}", cancellationToken);
            }
            catch (PostgresException missing)
            {
                log($"extension {extension} is not available ({missing.MessageText}): run eng/setup.sh");
            }
        }
    }
}
