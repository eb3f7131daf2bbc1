using System.Collections.Concurrent;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Registrations;

/// <summary>
/// The registrations of each tenant in memory, so that requests of a tenant without sources cost nothing more. This replica's own changes count at once; those of others as soon as
/// PostgreSQL tells. While nobody tells, nothing is kept.
/// </summary>
internal sealed partial class RegistrationIndex(IConfiguration configuration, Database database, ILogger<RegistrationIndex> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<SourceRegistration>> tenants = new();
    private volatile bool listening;
    private long version;

    public async ValueTask<IReadOnlyList<SourceRegistration>> OfAsync(string tenant, CancellationToken cancellationToken)
    {
        if (tenants.TryGetValue(tenant, out var known))
        {
            return known;
        }

        var before = Interlocked.Read(ref version);
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        SourceRegistration[] sources = [.. (await RegistrationStore.ListAsync(work, cancellationToken)).Select(row => SourceRegistration.Read(row.Id, row.Document))];
        if (listening)
        {
            tenants[tenant] = sources;
            if (Interlocked.Read(ref version) != before)
            {
                tenants.TryRemove(tenant, out _); // something changed while we read
            }
        }

        return sources;
    }

    /// <summary>To be called after the commit of a change.</summary>
    public void Forget(string tenant)
    {
        Interlocked.Increment(ref version);
        tenants.TryRemove(tenant, out _);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                Interrupted(logger, exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
            finally
            {
                listening = false;
                Interlocked.Increment(ref version);
                tenants.Clear();
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("database")) { Pooling = false, KeepAlive = 30 }.ConnectionString);
        connection.Notification += (_, notification) => Forget(notification.Payload);
        await connection.OpenAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {RegistrationStore.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        listening = true;
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    [LoggerMessage(2350, LogLevel.Warning, "Changes of context sources are not heard for a moment: {Reason}")]
    private static partial void Interrupted(ILogger logger, string reason);
}
