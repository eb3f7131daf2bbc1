namespace LivingCity.Ingestion.Subscriptions.Delivery;

/// <summary>An endpoint's lane while this dispatcher holds its lease.</summary>
/// <param name="Id">The lane.</param>
/// <param name="Failures">Tries in a row that did not reach the endpoint.</param>
internal sealed record Lane(long Id, int Failures);

/// <summary>A notification as it waits in its lane.</summary>
internal sealed record WaitingNotification(long Position, string Tenant, string Subscription, string Key, string Target, byte[] Body, DateTimeOffset CreatedAt);

/// <summary>How one was done with.</summary>
/// <param name="Notification">The notification.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="At">When it was sent.</param>
internal sealed record Attempt(WaitingNotification Notification, SendOutcome Outcome, DateTimeOffset At);

/// <summary>How long an endpoint that failed is left alone: longer with each failure in a row. One notification at a time tries whether it is back.</summary>
internal static class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <param name="failures">Failures in a row, at least 1.</param>
    /// <param name="cooldown">What the subscriber asks for after each of them.</param>
    public static TimeSpan After(int failures, TimeSpan? cooldown) => cooldown is { } asked && asked > TimeSpan.Zero ? asked
        : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(failures - 1, 16)));
}
