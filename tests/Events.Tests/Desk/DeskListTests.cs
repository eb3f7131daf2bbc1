using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Desk;

/// <summary>What an organiser sees of those who come, and how the seats change hands.</summary>
public sealed class DeskListTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_OfAnEvent_HasSeatsAndQueueInOrderPageByPageWithWhatAKitchenMustKnow()
    {
        using var organiser = host.As("sofia", "organiser");
        using var foreign = host.As("sant-boi", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("listed", Programmes.Session("listed-a", capacity: 1)));
        for (var number = 0; number < 3; number++)
        {
            using var person = host.As(number == 1 ? "sant-boi" : "sofia", "citizen", $"listed{number}");
            using var told = await person.PutAsJsonAsync("/api/events/v1/events/listed/profile", new { name = $"Person {number}", organisation = "Office", diet = "vegan", consent = true }, Cancelled);
            Assert.True(told.IsSuccessStatusCode);
            await person.RegisterAsync("listed-a");
        }

        using var page = await organiser.GetAsync("/api/events/v1/events/listed/registrations?limit=2", Cancelled);
        var first = (await page.Content.ReadFromJsonAsync<JsonArray>(Cancelled))!;
        var waiting = (await organiser.GetFromJsonAsync<JsonArray>("/api/events/v1/events/listed/registrations?state=waiting", Cancelled))!;

        Assert.Equal(["Person 0 confirmed vegan", "Person 1 waiting vegan"], first.Select(row => $"{row!["name"]} {row["state"]} {row["diet"]}"));
        Assert.Contains("rel=\"next\"", page.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        Assert.Equal(["Person 1", "Person 2"], waiting.Select(row => (string)row!["name"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await foreign.GetAsync("/api/events/v1/events/listed/registrations", Cancelled)).StatusCode);
    }
}
