using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using LivingCity.Contracts.Assessment;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests.Events;

/// <summary>Voting for a chair, and sessions that an assessment suggests.</summary>
public sealed class ElectionPageTests(RunningPortal portal)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Election_FromCandidacyToMandate_HappensOnThePages()
    {
        await SignAsync("sofia", "Sofia votes");
        await SignAsync("sant-boi", "Sant Boi votes");
        using var api = await portal.SignInToApiAsync("organiser@sofia.example");
        var now = DateTime.UtcNow;
        using var called = await api.PostAsJsonAsync("/api/events/v1/elections", new { office = "chair", opens = $"{now.AddSeconds(20):s}", closes = $"{now.AddSeconds(40):s}", timeZone = "UTC" }, Cancelled);
        var id = (string)(await called.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"]!;
        await using var candidate = await portal.VisitAsync();
        await using var voter = await portal.VisitAsync(new BrowserNewContextOptions { ViewportSize = new() { Width = 390, Height = 844 } });
        await candidate.SignInAsync("admin@sant-boi.example", "/chairs");
        await voter.SignInAsync("admin@sofia.example", "/chairs");

        await candidate.Page.SelectOptionAsync($"#stand-{id}", new SelectOptionValue { Label = "Lluïsa Moret Sabidó" });
        await candidate.Page.FillAsync($"#say-{id}", "Small cities first.");
        await candidate.Page.Locator("article.card", new() { Has = candidate.Page.Locator($"#stand-{id}") }).Locator("form button").ClickAsync();
        await Assertions.Expect(candidate.Page.Locator(".notice.good")).ToBeVisibleAsync();
        await Eventually.TrueAsync(async () =>
        {
            await voter.GoAsync("/chairs");
            return await Ballot(voter, id).CountAsync() == 1;
        }, "the election is open");
        Assert.Empty((await voter.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await voter.PictureAsync("events-vote-phone");
        await Ballot(voter, id).FocusAsync();
        await voter.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(voter.Page.Locator(".notice.good")).ToBeVisibleAsync();
        await Ballot(voter, id).ClickAsync();
        await Assertions.Expect(voter.Page.Locator(".notice.bad")).ToBeVisibleAsync();
        await using var organiser = await portal.VisitAsync();
        await organiser.SignInAsync("organiser@sofia.example", "/chairs");
        var declare = organiser.Page.Locator("form", new() { Has = organiser.Page.Locator($"input[value='{id}']") }).Locator("button");
        await Eventually.TrueAsync(async () =>
        {
            await organiser.GoAsync("/chairs");
            return await declare.CountAsync() == 1;
        }, "the election is closed", TimeSpan.FromMinutes(2));
        await declare.ClickAsync();

        await Assertions.Expect(organiser.Page.Locator(".notice.good")).ToBeVisibleAsync();
        var elected = (await api.GetFromJsonAsync<JsonArray>("/api/events/v1/elections", Cancelled))!.Single(election => (string)election!["id"]! == id)!["candidates"]![0]!;
        await Assertions.Expect(organiser.Page.Locator("section[aria-labelledby=mandates] tr", new() { HasTextString = (string)elected["name"]! })).ToContainTextAsync("Lluïsa Moret Sabidó");
        await Assertions.Expect(organiser.Page.Locator("section[aria-labelledby=elections] li", new() { HasTextString = "Small cities first." })).ToContainTextAsync("Votes: 1");
        Assert.Empty((await organiser.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await organiser.PictureAsync("events-elected");
    }

    [Fact]
    public async Task Suggestions_AfterAnAssessment_NameTheNeedAndLeadToTheSession()
    {
        await using var bus = await TestBus.StartAsync((await portal.App.GetConnectionStringAsync("messaging", Cancelled))!);
        await bus.PublishAsync(new AssessmentCompleted("sant-boi", Guid.NewGuid(), "digital-maturity/1", DateTimeOffset.UtcNow.AddDays(1), 30, 2, new Dictionary<string, double> { ["data"] = 10 }, ["data"]), "sant-boi");
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ViewportSize = new() { Width = 390, Height = 844 } });
        await visitor.SignInAsync("officer@sant-boi.example", "/agenda");

        var first = visitor.Page.Locator("section[aria-labelledby=suggestions] li").First;
        await Eventually.TrueAsync(async () =>
        {
            await visitor.GoAsync("/agenda");
            return await first.CountAsync() == 1 && (await first.InnerTextAsync()).Contains("10", StringComparison.Ordinal);
        }, "a session is suggested");
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await visitor.PictureAsync("events-suggestions-phone");
        var title = await first.Locator("a").InnerTextAsync();
        await first.Locator("a").ClickAsync();

        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync(title);
    }

    private static ILocator Ballot(Visitor visitor, string election) =>
        visitor.Page.Locator("form", new() { Has = visitor.Page.Locator($"input[value='{election}']") }).Filter(new() { Has = visitor.Page.Locator("input[value=vote]") }).Locator("button");

    private async Task SignAsync(string city, string name)
    {
        using var mayor = await portal.SignInToApiAsync($"admin@{city}.example");
        using var network = await portal.SignInToApiAsync("organiser@sofia.example");
        using var begun = await mayor.PostAsJsonAsync("/api/events/v1/signings", new { name, kind = "hub", country = "Spain", signerName = "A", signerTitle = "Mayor", authority = "Council" }, Cancelled);
        var id = (await begun.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"];
        using var signed = await mayor.PostAsync($"/api/events/v1/signings/{id}/signature", null, Cancelled);
        using var done = await network.PostAsync($"/api/events/v1/signings/{id}/countersignature", null, Cancelled);
        Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync(Cancelled));
    }
}
