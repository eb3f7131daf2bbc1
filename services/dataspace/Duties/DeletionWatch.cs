using System.Diagnostics.Metrics;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Dataspace.Duties;

/// <summary>Raises the alert when data was not deleted in time: in the log, as a measurement, in the ledger, on the bus and on the officer's page.</summary>
internal sealed partial class DeletionWatch : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);
    private static readonly Meter Measurements = new("LivingCity.Dataspace");

    private readonly Counter<int> overdue = Measurements.CreateCounter<int>("dataspace.deletions.overdue", description: "Agreements whose data was not deleted in time.");
    private readonly Database database;
    private readonly TimeProvider time;
    private readonly ILogger<DeletionWatch> logger;

    public DeletionWatch(Database database, TimeProvider time, ILogger<DeletionWatch> logger) => (this.database, this.time, this.logger) = (database, time, logger);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Tick, time);
        do
        {
            try
            {
                if (await DeletionDuties.MarkLateAsync(database, time.GetUtcNow(), stoppingToken) is > 0 and var late)
                {
                    overdue.Add(late);
                    Late(logger, late);
                }
            }
            catch (NpgsqlException exception)
            {
                Postponed(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(3300, LogLevel.Warning, "Under {Count} agreements data was not deleted in time")]
    private static partial void Late(ILogger logger, int count);

    [LoggerMessage(3301, LogLevel.Warning, "The watch over deletions is postponed: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
