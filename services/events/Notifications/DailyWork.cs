using Dapper;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LivingCity.Events.Notifications;

/// <summary>Reminders of what begins soon, and the deletion of diet and access needs some time after an event. Both may run on every replica: neither has a second effect.</summary>
internal sealed partial class DailyWork(Database database, IOptions<MailSettings> settings, TimeProvider time, ILogger<DailyWork> logger) : BackgroundService
{
    private readonly TaskCompletionSource ran = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the work was done once since the start.</summary>
    internal Task FirstRun => ran.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        do
        {
            try
            {
                await RunAsync(stoppingToken);
                ran.TrySetResult();
            }
            catch (Exception exception) when (exception is NpgsqlException or ServiceDefaults.Errors.ProblemException)
            {
                Postponed(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        IEnumerable<string> owners;
        await using (var work = await database.BeginAsync(null, cancellationToken))
        {
            owners = await work.Connection.QueryAsync<string>(new CommandDefinition("SELECT DISTINCT owner FROM event", transaction: work.Transaction, cancellationToken: cancellationToken));
        }

        var now = time.GetUtcNow().UtcDateTime;
        foreach (var owner in owners)
        {
            await using var work = await database.BeginAsync(owner, cancellationToken);
            await work.Connection.ExecuteAsync(new CommandDefinition("""
                INSERT INTO notification (tenant, event_id, participant, city, kind, session_id, change_key, created_at)
                SELECT r.tenant, r.event_id, r.participant, r.city, 'reminder', r.session_id, r.session_id || ' reminder ' || s.starts_at, @now
                FROM session s JOIN registration r ON r.session_id = s.id AND r.state = 'confirmed' JOIN participant p ON p.tenant = r.tenant AND p.id = r.participant
                WHERE NOT s.cancelled AND s.starts_at > @now AND s.starts_at <= @until AND p.email IS NOT NULL ON CONFLICT DO NOTHING
                """, new { now, until = now + settings.Value.ReminderBefore }, work.Transaction, cancellationToken: cancellationToken));
            await work.Connection.ExecuteAsync(new CommandDefinition("""
                UPDATE participant p SET diet = NULL, access_needs = NULL, erased_at = @now FROM event e JOIN programme_version v ON v.event_id = e.id AND v.version = e.version
                WHERE p.event_id = e.id AND e.owner = @owner AND (p.diet IS NOT NULL OR p.access_needs IS NOT NULL)
                    AND coalesce((v.body->>'ends')::date, (SELECT max((day->>'date')::date) FROM jsonb_array_elements(v.body->'days') day)) < @before::date
                """, new { now, owner, before = now.AddDays(-settings.Value.KeepNeedsDays) }, work.Transaction, cancellationToken: cancellationToken));
            await work.CommitAsync(cancellationToken);
        }
    }

    [LoggerMessage(4210, LogLevel.Warning, "Reminders and deletions are postponed: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
