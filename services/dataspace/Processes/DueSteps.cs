using Dapper;
using LivingCity.Contracts.Dataspace;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Dataspace.Processes;

/// <summary>
/// Puts steps that could not be taken back on the bus when their time has come. Only what failed, or died, is found here: a step that goes well never meets this clock.
/// </summary>
internal sealed partial class DueSteps(Database database, TimeProvider time, ILogger<DueSteps> logger) : BackgroundService
{
    public const string Negotiation = "negotiation";
    public const string Transfer = "transfer";

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Notes in a transaction that this process is to be looked at again.</summary>
    /// <param name="work">The transaction.</param>
    /// <param name="kind">Negotiation or transfer.</param>
    /// <param name="id">This side's process id.</param>
    /// <param name="due">When.</param>
    /// <param name="told">The message that is being said meanwhile: who has said it takes this step back.</param>
    public static void Note(Work work, string kind, string id, DateTimeOffset due, Guid? told = null) => work.AtCommit("""
        INSERT INTO due_step (kind, tenant, process_id, due_at, told) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (kind, tenant, process_id) DO UPDATE SET due_at = least(due_step.due_at, excluded.due_at), told = excluded.told
        """, kind, work.Tenant, id, due.UtcDateTime, new NpgsqlParameter { Value = (object?)told ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Tick, time);
        do
        {
            try
            {
                await PublishDueAsync(stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                Postponed(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task PublishDueAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var now = time.GetUtcNow();
        var due = (await work.Connection.QueryAsync<(string Kind, string Tenant, string Id)>(new CommandDefinition("""
            DELETE FROM due_step WHERE (kind, tenant, process_id) IN (SELECT kind, tenant, process_id FROM due_step WHERE due_at <= @now ORDER BY due_at LIMIT 200 FOR UPDATE SKIP LOCKED)
            RETURNING kind, tenant, process_id
            """, new { now = now.UtcDateTime }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        foreach (var (kind, tenant, id) in due)
        {
            if (kind == Negotiation)
            {
                work.Publish(new NegotiationAdvanced(tenant, id, now), id);
            }
            else
            {
                work.Publish(new TransferAdvanced(tenant, id, now), id);
            }
        }

        if (due.Count > 0)
        {
            await work.CommitAsync(cancellationToken);
        }
    }

    [LoggerMessage(3100, LogLevel.Warning, "Due steps are postponed: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
