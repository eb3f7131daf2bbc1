namespace LivingCity.AppHost.Tests;

public sealed class BackOffTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Next_AfterCrashInARow_DoublesUpToHalfAMinute()
    {
        var backOff = new BackOff(new Clock(Noon));

        var pauses = Enumerable.Range(0, 9).Select(_ => backOff.Next(Noon).TotalSeconds);

        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 16, 30, 30], pauses);
    }

    [Fact]
    public void Next_AfterAMinuteOfLife_IsShortAgain()
    {
        var backOff = new BackOff(new Clock(Noon));
        for (var crash = 0; crash < 5; crash++)
        {
            backOff.Next(Noon);
        }

        Assert.Equal(TimeSpan.FromSeconds(0.25), backOff.Next(Noon - TimeSpan.FromMinutes(1)));
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
