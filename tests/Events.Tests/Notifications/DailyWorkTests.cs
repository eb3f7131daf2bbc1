using System.Globalization;
using System.Net.Http.Json;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.Events.Tests.Notifications;

/// <summary>What happens by the calendar: reminders, and the deletion of what a kitchen and a door had to know.</summary>
public sealed class DailyWorkTests(Infrastructure infrastructure)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reminder_ADayBefore_IsOneForEachSeatWhateverTheNumberOfReplicas()
    {
        await using var host = await new Clock().StartAsync(infrastructure);
        await PrepareAsync(host, "remind", capacity: 1);
        const string reminders = "SELECT count(*) FROM notification WHERE kind = 'reminder' AND session_id LIKE 'remind-%'";

        await using var before = await new Clock { Ahead = TimeSpan.FromDays(1) }.StartAsync(infrastructure, host);
        await RanAsync(before);
        var early = await host.ScalarAsync<long>(reminders, "sofia");
        var replicas = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => new Clock { Ahead = TimeSpan.FromDays(2.6) }.StartAsync(infrastructure, host)));

        Assert.Equal(0, early);
        await Eventually.EqualAsync(1L, () => host.ScalarAsync<long>(reminders, "sofia"));
        foreach (var replica in replicas)
        {
            await RanAsync(replica);
            await replica.DisposeAsync();
        }

        Assert.Equal(1L, await host.ScalarAsync<long>(reminders, "sofia"));
    }

    [Fact]
    public async Task Needs_AMonthAfterTheEvent_AreDeletedAndNothingElseIs()
    {
        await using var host = await new Clock().StartAsync(infrastructure);
        await PrepareAsync(host, "forget", capacity: null);
        const string needs = "SELECT count(*) FROM participant WHERE event_id = 'forget' AND diet IS NOT NULL";

        await using var soon = await new Clock { Ahead = TimeSpan.FromDays(20) }.StartAsync(infrastructure, host);
        await RanAsync(soon);
        var kept = await host.ScalarAsync<long>(needs, "sofia");
        await using var later = await new Clock { Ahead = TimeSpan.FromDays(40) }.StartAsync(infrastructure, host);

        Assert.Equal(2L, kept);
        await Eventually.EqualAsync(0L, () => host.ScalarAsync<long>(needs, "sofia"));
        Assert.Equal(2L, await host.ScalarAsync<long>("SELECT count(*) FROM participant WHERE event_id = 'forget' AND access_needs IS NULL AND erased_at IS NOT NULL AND email IS NOT NULL", "sofia"));
        Assert.Equal(2L, await host.ScalarAsync<long>("SELECT count(*) FROM registration WHERE event_id = 'forget' AND state = 'confirmed'", "sofia"));
    }

    /// <summary>An event in three days, at ten, with two people who told what they need.</summary>
    private static async Task PrepareAsync(ServiceHost<Program> host, string id, int? capacity)
    {
        using var organiser = host.As("sofia", "organiser");
        var draft = Programmes.Of(id, Programmes.Session($"{id}-a", "10:00", "11:00", capacity: capacity));
        draft["days"]![0]!["date"] = DateTime.UtcNow.AddDays(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await organiser.PublishNewAsync(draft);
        for (var number = 0; number < 2; number++)
        {
            using var person = host.As("sofia", "citizen", $"{id}{number}");
            using var told = await person.PutAsJsonAsync($"/api/events/v1/events/{id}/profile", new { name = "P", email = $"{id}{number}@example.org", diet = "vegan", accessNeeds = "ramp", consent = true }, Cancelled);
            Assert.True(told.IsSuccessStatusCode);
            await person.RegisterAsync($"{id}-a");
        }
    }

    /// <summary>The work of a replica runs at its start: a seat reminded of by it shows that it has run.</summary>
    private static async Task RanAsync(ServiceHost<Program> replica)
    {
        var work = replica.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<LivingCity.Events.Notifications.DailyWork>().Single();
        await work.FirstRun.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }
}
