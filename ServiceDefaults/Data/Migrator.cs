using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LivingCity.ServiceDefaults.Data;

/// <summary>Whether the schema is up to date.</summary>
internal sealed class MigrationState
{
    private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Completed => completed.Task;

    public void Complete() => completed.TrySetResult();
}

/// <summary>
/// Applies the embedded, numbered migrations (<c>Migrations/0001_name.sql</c>) of ServiceDefaults and then of the service, each in a transaction, under an advisory
/// lock, so that any number of replicas may start at once. Keeps trying while the database is away: the service lives, and is ready only afterwards.
/// </summary>
internal sealed partial class Migrator(DatabaseSettings settings, MigrationState state, TimeProvider time, ILogger<Migrator> logger) : BackgroundService
{
    private const long Lock = 7_021_946_115; // any constant: the lock's scope is the one database

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await MigrateAsync(stoppingToken);
                state.Complete();
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException && !stoppingToken.IsCancellationRequested)
            {
                Waiting(logger, exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5000, 250 * attempt)), time, stoppingToken);
            }
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenOrCreateAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({Lock})", cancellationToken);
        try
        {
            await ExecuteAsync(connection, """
                CREATE TABLE IF NOT EXISTS schema_migration (
                    source text NOT NULL, number int NOT NULL, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),
                    PRIMARY KEY (source, number))
                """, cancellationToken);
            foreach (var assembly in (Assembly[])[typeof(Migrator).Assembly, .. settings.Migrations])
            {
                foreach (var migration in Migration.In(assembly))
                {
                    await ApplyAsync(connection, migration, cancellationToken);
                }
            }

            await ExecuteAsync(connection, DatabaseRole.Ensure, cancellationToken);
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var insert = new NpgsqlCommand(
            "INSERT INTO schema_migration (source, number, name, sha256) VALUES ($1, $2, $3, $4) ON CONFLICT (source, number) DO NOTHING", connection, transaction)
        {
            Parameters = { new() { Value = migration.Source }, new() { Value = migration.Number }, new() { Value = migration.Name }, new() { Value = migration.Hash } },
        };
        if (await insert.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            await using var read = new NpgsqlCommand("SELECT sha256 FROM schema_migration WHERE source = $1 AND number = $2", connection, transaction)
            {
                Parameters = { new() { Value = migration.Source }, new() { Value = migration.Number } },
            };
            if ((string?)await read.ExecuteScalarAsync(cancellationToken) != migration.Hash)
            {
                throw new InvalidOperationException($"Migration {migration.Name} was changed after it had been applied. Add a new one instead.");
            }

            return;
        }

        await using var apply = new NpgsqlCommand(migration.Sql, connection, transaction) { CommandTimeout = 0 };
        await apply.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Applied(logger, migration.Name);
    }

    /// <summary>A published stack has a server and no database: the service makes its own where it may.</summary>
    private async Task<NpgsqlConnection> OpenOrCreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(settings.ConnectionString, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            var target = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
            var database = target.Database!;
            target.Database = "postgres";
            await using var server = await OpenAsync(target.ConnectionString, cancellationToken);
            try
            {
                await ExecuteAsync(server, $"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", cancellationToken);
            }
            catch (PostgresException duplicate) when (duplicate.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
            {
                // Another replica was first.
            }
            catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                MayNotCreate(logger, database, target.Username ?? "");
                throw;
            }

            return await OpenAsync(settings.ConnectionString, cancellationToken);
        }
    }

    /// <summary>Outside the pool: this session keeps the login's full rights, which no request may meet again.</summary>
    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
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

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1100, LogLevel.Warning, "The database is not there yet: {Reason}")]
    private static partial void Waiting(ILogger logger, string reason);

    [LoggerMessage(1101, LogLevel.Information, "Applied migration {Migration}")]
    private static partial void Applied(ILogger logger, string migration);

    [LoggerMessage(1102, LogLevel.Error, "Database {Database} does not exist and login {Login} may not create it. Create it, or grant CREATEDB.")]
    private static partial void MayNotCreate(ILogger logger, string database, string login);
}

internal sealed partial record Migration(string Source, int Number, string Name, string Sql)
{
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    public static IEnumerable<Migration> In(Assembly assembly) => assembly.GetManifestResourceNames()
        .Select(resource => (resource, match: Numbered().Match(resource)))
        .Where(found => found.match.Success)
        .Select(found => new Migration(assembly.GetName().Name!, int.Parse(found.match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), found.match.Groups[0].Value, Read(assembly, found.resource)))
        .OrderBy(migration => migration.Number);

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"(\d{4})_\w+\.sql$")]
    private static partial Regex Numbered();
}

/// <summary>Ready when the schema is up to date and the database answers.</summary>
internal sealed class DatabaseCheck(NpgsqlDataSource source, MigrationState state) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!state.Completed.IsCompletedSuccessfully)
        {
            return HealthCheckResult.Unhealthy("migrating");
        }

        try
        {
            await using var command = source.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy("unreachable", exception);
        }
    }
}
