using System.Data.Common;
using System.Reflection;
using LivingCity.ServiceDefaults.Health;
using LivingCity.ServiceDefaults.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LivingCity.ServiceDefaults.Data;

internal sealed record DatabaseSettings(string ConnectionString, IReadOnlyList<Assembly> Migrations, int PreparedStatements, int Connections);

/// <summary>PostgreSQL for one service: a data source, migrations at start, transactions by tenant, a readiness check.</summary>
public static class DatabaseExtensions
{
    /// <summary>Adds the database named by connection string <c>database</c>, with the migrations embedded in <paramref name="migrations"/>.</summary>
    /// <param name="builder">The service's host.</param>
    /// <param name="migrations">The assembly that holds the service's migrations.</param>
    /// <param name="preparedStatements">
    /// How many statements each connection keeps prepared once it has seen them often. For services whose load is many small statements, most of whose cost is parsing and planning.
    /// </param>
    /// <param name="connections">
    /// How many connections there are at most, unless the connection string says. Small transactions are done sooner by few connections that are always busy than by many that share the server's cores.
    /// </param>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static WebApplicationBuilder AddDatabase(this WebApplicationBuilder builder, Assembly migrations, int preparedStatements = 0, int connections = 30)
    {
        var connectionString = builder.Configuration.GetConnectionString("database")
            ?? throw new InvalidOperationException("Connection string 'database' is missing: set ConnectionStrings__database.");
        Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;
        var settings = new DatabaseSettings(connectionString, [migrations], preparedStatements, connections);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<MigrationState>();
        builder.Services.AddSingleton(services => CreateDataSource(settings, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton<OutboxSignal>();
        builder.Services.AddSingleton(services => new Database(
            services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<MigrationState>(), services.GetRequiredService<OutboxSignal>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService<Migrator>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: [HealthExtensions.Ready], timeout: TimeSpan.FromSeconds(5));
        return builder;
    }

    private static NpgsqlDataSource CreateDataSource(DatabaseSettings settings, ILoggerFactory logging)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        // All session state is set per transaction, so the reset between two uses of a connection would be a wasted message.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        // Months and days in statements are those of UTC, wherever the server stands.
        builder.ConnectionStringBuilder.Timezone = "UTC";
        builder.ConnectionStringBuilder.ApplicationName ??= settings.Migrations[0].GetName().Name;
        builder.ConnectionStringBuilder.MaxAutoPrepare = settings.PreparedStatements;
        if (!new DbConnectionStringBuilder { ConnectionString = settings.ConnectionString }.ContainsKey("Maximum Pool Size")) // Npgsql's own builder says of every keyword that it is there
        {
            builder.ConnectionStringBuilder.MaxPoolSize = settings.Connections;
        }

        builder.UseLoggerFactory(logging);
        builder.UsePhysicalConnectionInitializer(
            connection => Prepare(connection).ExecuteNonQuery(),
            async connection =>
            {
                await using var command = Prepare(connection);
                await command.ExecuteNonQueryAsync();
            });
        return builder.Build();
    }

    /// <summary>
    /// A client that lost its way, as Npgsql can when the server dies under a statement, must not keep a transaction open: others would wait for its locks for good.
    /// </summary>
    private static NpgsqlCommand Prepare(NpgsqlConnection connection) => new($"SET idle_in_transaction_session_timeout = '60s'; {DatabaseRole.StepDown}", connection);
}
