using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Subscriptions.Delivery;
using LivingCity.Ingestion.Subscriptions.Matching;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Subscriptions;

/// <summary>
/// Subscriptions with a <c>timeInterval</c> (ETSI GS CIM 009, clause 5.8.6): when their time has come, the entities that match are told, whether they have changed or not.
/// Replicas share the work; what is due is written with its next time in one transaction.
/// </summary>
internal sealed partial class PeriodicNotifications(
    Database database, EntityFinder finder, SubscriptionReader reader, TimeProvider time, ILogger<PeriodicNotifications> logger) : BackgroundService
{
    private const int PageSize = 500;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);

        // The look is by the real clock; what is due is by the injected one.
        using var timer = new PeriodicTimer(Look);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await NotifyNextAsync(stoppingToken))
                {
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or Errors.NgsiLdException or ServiceDefaults.Errors.ProblemException)
            {
                Postponed(logger, exception.Message);
            }
        }
    }

    /// <returns>False when nothing is due.</returns>
    private async Task<bool> NotifyNextAsync(CancellationToken cancellationToken)
    {
        if (await FindDueAsync(cancellationToken) is not { } tenant)
        {
            return false;
        }

        var now = Instants.Now(time);
        SubscriptionRow row;
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        await using (var command = work.Command($"""
            SELECT {SubscriptionRow.Columns} FROM subscription_state t JOIN subscription s USING (tenant, id)
            WHERE t.tenant = $1 AND t.next_due <= $2 ORDER BY t.next_due LIMIT 1 FOR UPDATE OF t SKIP LOCKED
            """, tenant, now.UtcDateTime))
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            if (!await rows.ReadAsync(cancellationToken))
            {
                return false; // another replica has it
            }

            row = SubscriptionRow.Read(rows);
        }

        await RescheduleAsync(work, row, now, cancellationToken);
        try
        {
            await NotifyAsync(work, row, now, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }
        catch (Errors.NgsiLdException exception)
        {
            // Its query or context does not work now: the others must not wait for it.
            Postponed(logger, exception.Message);
            await work.Transaction.RollbackAsync(cancellationToken);
            await using var next = await database.BeginAsync(tenant, cancellationToken);
            await RescheduleAsync(next, row, now, cancellationToken);
            await next.CommitAsync(cancellationToken);
        }

        return true;
    }

    private static async Task RescheduleAsync(Work work, SubscriptionRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var next = work.Command(
            "UPDATE subscription_state SET next_due = $3 WHERE tenant = $1 AND id = $2", work.Tenant, row.Id, now.UtcDateTime.AddSeconds((double)row.Document["timeInterval"]!));
        await next.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<string?> FindDueAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await Dispatching.EnableAsync(work, cancellationToken);
        await using var command = work.Command("SELECT tenant FROM subscription_state WHERE next_due <= $1 ORDER BY next_due LIMIT 1 FOR UPDATE SKIP LOCKED", Instants.Now(time).UtcDateTime);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private async Task NotifyAsync(Work work, SubscriptionRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var subscription = await reader.ReadAsync(work.Tenant!, row, cancellationToken);
        if (subscription.IsDue(now))
        {
            await NotificationOutbox.WriteAsync(work, await WriteAsync(work, subscription, now, cancellationToken), now, cancellationToken);
        }
    }

    /// <summary>One notification for each page of entities.</summary>
    private async Task<List<OutgoingNotification>> WriteAsync(Work work, ActiveSubscription subscription, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var notifications = new List<OutgoingNotification>();
        var query = new EntityQuery
        {
            Selectors = [.. subscription.Selectors.Select(filter => new EntitySelector(filter.Ids, filter.Ids is null ? filter.Pattern?.ToString() : null, filter.Type))],
            Condition = subscription.Query,
            Geo = subscription.Geo,
            Scope = subscription.Scope,
            Limit = PageSize,
        };
        for (var more = true; more; query = query with { Offset = query.Offset + PageSize })
        {
            var page = await finder.FindAsync(work, query, cancellationToken);
            more = page.HasMore;
            if (page.Entities.Count > 0)
            {
                var id = Guid.CreateVersion7(now);
                notifications.Add(new OutgoingNotification(subscription.Lane, subscription.Id, subscription.Id, id, subscription.Target, NotificationBody.Of(id, subscription, await subscription.Join.ResolveAsync(work, page.Entities, time, cancellationToken), now)));
            }
        }

        return notifications;
    }

    [LoggerMessage(2340, LogLevel.Warning, "Periodic notifications are postponed: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
