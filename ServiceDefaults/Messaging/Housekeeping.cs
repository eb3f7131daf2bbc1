using Dapper;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>Forgets inbox entries and idempotency keys that are older than anything that could still be repeated.</summary>
internal sealed partial class Housekeeping(NpgsqlDataSource source, Database database, TimeProvider time, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan InboxAge = TimeSpan.FromDays(14);
    private static readonly TimeSpan KeyAge = TimeSpan.FromDays(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        do
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(stoppingToken);
                var now = time.GetUtcNow();
                await connection.ExecuteAsync(
                    "DELETE FROM inbox_message WHERE handled_at < @inbox; DELETE FROM idempotency_key WHERE created_at < @keys",
                    new { inbox = now - InboxAge, keys = now - KeyAge });
            }
            catch (NpgsqlException exception)
            {
                Postponed(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1210, LogLevel.Warning, "Housekeeping is postponed: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
