namespace LivingCity.AppHost.Embedded;

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
