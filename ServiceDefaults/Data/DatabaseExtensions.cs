using System.Reflection;
using LivingCity.ServiceDefaults.Health;
using LivingCity.ServiceDefaults.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LivingCity.ServiceDefaults.Data;

internal sealed record DatabaseSettings(string ConnectionString, IReadOnlyList<Assembly> Migrations);

/// <summary>PostgreSQL for one service: a data source, migrations at start, transactions by tenant, a readiness check.</summary>
public static class DatabaseExtensions
{
    /// <summary>Adds the database named by connection string <c>database</c>, with the migrations embedded in <paramref name="migrations"/>.</summary>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static WebApplicationBuilder AddDatabase(this WebApplicationBuilder builder, Assembly migrations)
    {
        var connectionString = builder.Configuration.GetConnectionString("database")
            ?? throw new InvalidOperationException("Connection string 'database' is missing: set ConnectionStrings__database.");
        Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;
        var settings = new DatabaseSettings(connectionString, [migrations]);
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
        if (!builder.ConnectionStringBuilder.ContainsKey("Maximum Pool Size"))
        {
            builder.ConnectionStringBuilder.MaxPoolSize = 30;
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
