using LivingCity.Gateway.Portal.Live;

namespace LivingCity.PortalClient.Tests;

public sealed class FeedTests
{
    private static CityFeed Feed(int updates = 100, int characters = 10_000, int waiting = 3) =>
        new(new LiveSettings { BufferedUpdates = updates, BufferedCharacters = characters, WaitingUpdates = waiting });

    [Fact]
    public void Subscribe_FromAPosition_HearsWhatCameAfterItOnce()
    {
        var feed = Feed();
        using var first = feed.Subscribe(null);
        feed.Publish(Guid.NewGuid(), "one");
        Assert.True(first.Updates.TryRead(out var one));
        feed.Publish(Guid.NewGuid(), "two");
        feed.Publish(Guid.NewGuid(), "three");

        using var second = feed.Subscribe(one.Position);
        feed.Publish(Guid.NewGuid(), "four");

        Assert.Equal(["two", "three"], second.Backlog.Select(update => update.Data));
        Assert.True(second.Updates.TryRead(out var four));
        Assert.Equal("four", four.Data);
        Assert.False(second.Updates.TryRead(out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("0123.7")]
    public void Subscribe_FromAnUnknownPosition_BeginsWithReset(string? position)
    {
        var feed = Feed();
        feed.Publish(Guid.NewGuid(), "one");

        using var subscription = feed.Subscribe(position);

        Assert.Equal(LiveUpdate.Reset, Assert.Single(subscription.Backlog).Kind);
    }

    [Fact]
    public void Subscribe_FromThePositionOfAReset_GoesOnFromThere()
    {
        var feed = Feed();
        feed.Publish(Guid.NewGuid(), "one");
        using var first = feed.Subscribe(null);
        feed.Publish(Guid.NewGuid(), "two");

        using var second = feed.Subscribe(first.Backlog[0].Position);

        Assert.Equal(["two"], second.Backlog.Select(update => update.Data));
    }

    [Fact]
    public void Subscribe_FromAPositionTooOld_BeginsWithReset()
    {
        var feed = Feed(updates: 2);
        using var listener = feed.Subscribe(null);
        var start = listener.Backlog[0].Position;
        feed.Publish(null, "one");
        feed.Publish(null, "two");

        using var inTime = feed.Subscribe(start);
        feed.Publish(null, "three");
        using var tooLate = feed.Subscribe(start);

        Assert.Equal(["one", "two"], inTime.Backlog.Select(update => update.Data));
        Assert.Equal(LiveUpdate.Reset, Assert.Single(tooLate.Backlog).Kind);
    }

    [Fact]
    public void Publish_MoreCharactersThanAreKept_ForgetsTheOldest()
    {
        var feed = Feed(characters: 10);
        using var listener = feed.Subscribe(null);
        feed.Publish(null, "1234567");
        feed.Publish(null, "7654321");

        using var late = feed.Subscribe(listener.Backlog[0].Position);

        Assert.Equal(LiveUpdate.Reset, Assert.Single(late.Backlog).Kind);
    }

    [Fact]
    public void Publish_SameMessageTwice_IsHeardOnce()
    {
        var feed = Feed();
        using var listener = feed.Subscribe(null);
        var message = Guid.NewGuid();

        feed.Publish(message, "one");
        feed.Publish(message, "one");

        Assert.True(listener.Updates.TryRead(out _));
        Assert.False(listener.Updates.TryRead(out _));
    }

    [Fact]
    public void Publish_ToWhoDoesNotRead_CutsOffOnlyThat()
    {
        var feed = Feed(waiting: 3);
        using var slow = feed.Subscribe(null);
        using var quick = feed.Subscribe(null);

        for (var number = 0; number < 5; number++)
        {
            feed.Publish(null, $"{number}");
            Assert.True(quick.Updates.TryRead(out _));
        }

        Assert.True(SpinWait.SpinUntil(() => slow.TooSlow.IsCancellationRequested, TimeSpan.FromSeconds(10)));
        Assert.False(quick.TooSlow.IsCancellationRequested);
        Assert.Equal(1, feed.Listeners);
    }

    [Fact]
    public void Restart_AfterAGap_MakesEveryoneReadAnewAndOldPositionsUnknown()
    {
        var feed = Feed();
        using var listener = feed.Subscribe(null);
        feed.Publish(null, "one");
        Assert.True(listener.Updates.TryRead(out var one));

        feed.Restart();
        using var late = feed.Subscribe(one.Position);

        Assert.True(listener.Updates.TryRead(out var heard));
        Assert.Equal(LiveUpdate.Reset, heard.Kind);
        Assert.Equal(LiveUpdate.Reset, Assert.Single(late.Backlog).Kind);
    }

    [Fact]
    public void Dispose_OfASubscription_LeavesTheFeed()
    {
        var feed = Feed();
        var listener = feed.Subscribe(null);

        listener.Dispose();

        Assert.Equal(0, feed.Listeners);
    }
}
