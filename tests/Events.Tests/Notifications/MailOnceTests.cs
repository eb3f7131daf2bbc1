using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Notifications;

/// <summary>A service that is killed while a message is with the mail server.</summary>
public sealed class MailOnceTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_UnderWayWhenTheServiceIsKilled_IsNotSentTwiceAndAnOrganiserDecides()
    {
        await using var mail = new MailCatcher { FallsSilent = true };
        await using var stack = await EventStand.StartAsync(new Dictionary<string, string>
        {
            ["Mail__Host"] = "127.0.0.1", ["Mail__Port"] = mail.Port.ToString(CultureInfo.InvariantCulture), ["Mail__Interval"] = "00:00:00.1", ["Mail__Patience"] = "00:00:01",
        });
        using var organiser = stack.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("once", Programmes.Session("once-a"), Programmes.Session("once-b")));
        using var person = stack.As("sofia", "citizen", "once");
        await TellAsync(person, "once@example.org");
        await person.RegisterAsync("once-a");
        await Eventually.EqualAsync(1, () => Task.FromResult(mail.Caught.Count));

        stack.KillEvents();
        mail.FallsSilent = false;
        using var other = stack.As("sofia", "citizen", "other");
        await Eventually.TrueAsync(async () => (await other.GetAsync("/api/events/v1/events/once", Cancelled)).IsSuccessStatusCode, "the service is back");
        await TellAsync(other, "other@example.org");
        await other.RegisterAsync("once-b");
        await Eventually.TrueAsync(() => Task.FromResult(mail.Caught.Any(caught => caught.To == "other@example.org")), "what came later is sent");
        var interrupted = await ListAsync(organiser, 1);

        Assert.Single(mail.Caught, caught => caught.To == "once@example.org");
        using var again = await organiser.PostAsync($"/api/events/v1/events/once/notices/interrupted/{interrupted[0]!["id"]}", null, Cancelled);
        await Eventually.EqualAsync(2, () => Task.FromResult(mail.Caught.Count(caught => caught.To == "once@example.org")));
        Assert.Single(mail.Caught.Where(caught => caught.To == "once@example.org").Select(caught => caught.Message.Split('\n').First(line => line.StartsWith("Message-ID", StringComparison.OrdinalIgnoreCase))).Distinct());
        await ListAsync(organiser, 0);
    }

    private static async Task TellAsync(HttpClient person, string email)
    {
        using var told = await person.PutAsJsonAsync("/api/events/v1/events/once/profile", new { name = "P", email, consent = true }, Cancelled);
        Assert.True(told.IsSuccessStatusCode, await told.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task<JsonArray> ListAsync(HttpClient organiser, int count)
    {
        JsonArray? listed = null;
        await Eventually.TrueAsync(async () => (listed = (await organiser.GetFromJsonAsync<JsonArray>("/api/events/v1/events/once/notices/interrupted", Cancelled))!).Count == count, $"{count} are interrupted");
        return listed!;
    }
}
