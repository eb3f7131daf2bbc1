namespace LivingCity.AppHost.Embedded;

/// <summary>Pauses between questions for health: short at first, because most things start fast, and never long, as somebody waits for the answer.</summary>
internal sealed class Impatience
{
    private TimeSpan next = TimeSpan.FromMilliseconds(100);

    public TimeSpan Next() => next = next * 1.2 < TimeSpan.FromMilliseconds(500) ? next * 1.2 : TimeSpan.FromMilliseconds(500);
}

/// <summary>Pauses between restarts: 0.25 s, doubled up to 30 s, and short again after the process has run for a minute.</summary>
internal sealed class BackOff(TimeProvider clock)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Stable = TimeSpan.FromMinutes(1);
    private TimeSpan next = Shortest;

    public TimeSpan Next(DateTimeOffset startedAt)
    {
        var pause = clock.GetUtcNow() - startedAt >= Stable ? Shortest : next;
        next = pause * 2 < Longest ? pause * 2 : Longest;
        return pause;
    }
}
