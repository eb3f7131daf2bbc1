using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using LivingCity.Testing;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests.Events;

/// <summary>Reports, the call for hosts and the chairs.</summary>
public sealed class NetworkPageTests(RunningPortal portal)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_WrittenByTheOrganiser_IsReadByAllWithQuotesOfConsentAlone()
    {
        await using var organiser = await portal.VisitAsync();
        await organiser.SignInAsync("organiser@sofia.example", "/reports/assembly-2024/write");

        await organiser.Page.FillAsync("#summary", "The declaration was signed.");
        await organiser.Page.FillAsync("#insights", "Start small\nScale fast");
        await organiser.Page.FillAsync("#words-0", "Think big");
        await organiser.Page.FillAsync("#by-0", "Somebody");
        await organiser.Page.CheckAsync("#consent-0");
        await organiser.Page.FillAsync("#words-1", "Off the record");
        await organiser.Page.FillAsync("#by-1", "Somebody else");
        await organiser.Page.FillAsync("#recordings", "https://example.org/recording | Recording");
        await organiser.Page.Locator("form[action$=save] button").ClickAsync();
        await Assertions.Expect(organiser.Page.Locator(".notice.good")).ToBeVisibleAsync();
        await Assertions.Expect(organiser.Page.Locator("#words-1")).ToHaveValueAsync("Off the record");
        await organiser.Page.FillAsync("#promise-0", "Publish the twin");
        await organiser.Page.FillAsync("#who-0", "Sofia");
        await organiser.Page.FillAsync("#due-0", "2025-01-31");
        await organiser.Page.Locator("form[action$=steps] button").ClickAsync();
        await organiser.PictureAsync("events-report-write");
        await Assertions.Expect(organiser.Page.Locator(".notice.good")).ToBeVisibleAsync();
        Assert.Empty((await organiser.Page.RunAxe()).Violations.Select(violation => violation.Id));

        await using var reader = await portal.VisitAsync();
        await reader.GoAsync("/reports/assembly-2024");
        var text = await reader.Page.Locator("main").InnerTextAsync();
        Assert.All(new[] { "The declaration was signed.", "Scale fast", "Think big", "Recording", "Publish the twin" }, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.DoesNotContain("Off the record", text, StringComparison.Ordinal);
        await reader.PictureAsync("events-report");
        Assert.Empty((await reader.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await reader.GoAsync("/reports");
        await reader.PictureAsync("events-reports");
        await Assertions.Expect(reader.Page.Locator("tr", new() { HasTextString = "Publish the twin" })).ToContainTextAsync("Overdue");
    }

    [Fact]
    public async Task Survey_OfAParticipantByKeyboard_IsKept()
    {
        using var api = await portal.SignInToApiAsync("officer@sant-boi.example");
        using var seat = await api.PostAsync("/api/events/v1/sessions/assembly-2026-debate/registrations", null, Cancelled);
        Assert.True(seat.IsSuccessStatusCode);
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ViewportSize = new() { Width = 390, Height = 844 } });
        await visitor.SignInAsync("officer@sant-boi.example", "/reports/assembly-2026");

        foreach (var name in (string[])["overall", "content", "organisation"])
        {
            await visitor.Page.FocusAsync($"#{name}-1");
            await visitor.Page.Keyboard.PressAsync("Space");
            await visitor.Page.Keyboard.PressAsync("ArrowRight");
        }

        await visitor.Page.FocusAsync("section[aria-labelledby=survey] button");
        await visitor.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToBeVisibleAsync();
        Assert.True(await visitor.Page.IsCheckedAsync("#overall-2"));
        await visitor.PictureAsync("events-survey-phone");
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => violation.Id));
    }

    [Fact]
    public async Task HostCall_FromApplicationToDecision_EndsWithReasonsForAll()
    {
        using var api = await portal.SignInToApiAsync("organiser@sofia.example");
        var now = DateTime.UtcNow;
        using var made = await api.PostAsJsonAsync("/api/events/v1/host-calls", new
        {
            title = "Call for hosts 2027", year = 2027, description = "Who hosts the forum of 2027?", criteria = new[] { new { id = "rooms", name = "Rooms for parallel sessions", weight = 2, most = 5 } },
            opens = $"{now.AddHours(-1):s}", deadline = $"{now.AddSeconds(20):s}", timeZone = "UTC",
        }, Cancelled);
        var page = $"/hosts/{(await made.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"]}";
        await using var city = await portal.VisitAsync();
        await city.SignInAsync("admin@sant-boi.example", page);
        await city.Page.FillAsync("#community", "Sant Boi de Llobregat");
        await city.Page.FillAsync("#contact", "host@example.org");
        await city.Page.FillAsync("#answer-rooms", "Ten rooms in one building");
        await city.Page.Locator("section[aria-labelledby=application] button").ClickAsync();
        await Assertions.Expect(city.Page.Locator(".notice.good")).ToBeVisibleAsync();
        Assert.Empty((await city.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await using var judge = await portal.VisitAsync();
        await judge.SignInAsync("assessor@sofia.example", page);
        await Eventually.TrueAsync(async () =>
        {
            await judge.GoAsync(page);
            return await judge.Page.Locator("form[action='/hosts/score']").CountAsync() == 1;
        }, "the deadline is over");

        await judge.Page.Locator("input[name=points-rooms]").FillAsync("4");
        await judge.Page.Locator("form[action='/hosts/score'] button").ClickAsync();
        await judge.PictureAsync("events-judging");
        await Assertions.Expect(judge.Page.Locator("article.card .badge")).ToContainTextAsync("80");
        Assert.Empty((await judge.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await using var organiser = await portal.VisitAsync();
        await organiser.SignInAsync("organiser@sofia.example", page);
        await organiser.Page.FillAsync("#reasons", "The most rooms.");
        await organiser.Page.Locator("form[action='/hosts/decide'] button").ClickAsync();

        await using var anyone = await portal.VisitAsync();
        await anyone.GoAsync(page);
        await Assertions.Expect(anyone.Page.Locator("section[aria-labelledby=decision]")).ToContainTextAsync("The most rooms.");
        await anyone.GoAsync("/hosts");
        await anyone.PictureAsync("events-hosts");
        Assert.Empty((await anyone.Page.RunAxe()).Violations.Select(violation => violation.Id));
    }

    [Fact]
    public async Task Chairs_ForTheOrganiser_ShowMandatesAndElectionsThatWereCalledHere()
    {
        await using var organiser = await portal.VisitAsync();
        await organiser.SignInAsync("organiser@sofia.example", "/chairs");

        await organiser.Page.SelectOptionAsync("#office", "co-chair");
        foreach (var (field, value) in new[] { ("opensOn", "2035-01-01"), ("opensAt", "09:00"), ("closesOn", "2035-01-08"), ("closesAt", "18:00") })
        {
            await organiser.Page.FillAsync($"#{field}", value);
        }

        await organiser.Page.Locator("section[aria-labelledby=call] button").ClickAsync();
        await Assertions.Expect(organiser.Page.Locator(".notice.good")).ToBeVisibleAsync();
        await organiser.Page.SelectOptionAsync("#person", new SelectOptionValue { Label = "Ivan Goychev" });
        await organiser.Page.FillAsync("#startsOn", "2026-03-01");
        await organiser.Page.Locator("section[aria-labelledby=mandate] button").ClickAsync();

        await Assertions.Expect(organiser.Page.Locator("section[aria-labelledby=mandates] tr", new() { HasTextString = "Ivan Goychev" })).ToContainTextAsync("2028");
        await Assertions.Expect(organiser.Page.Locator("section[aria-labelledby=elections] article").First).ToContainTextAsync("Europe/Brussels");
        Assert.Empty((await organiser.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await organiser.PictureAsync("events-chairs");
        await organiser.Page.Locator("section[aria-labelledby=mandates] a").First.ClickAsync();
        await organiser.PictureAsync("events-person");
        Assert.Empty((await organiser.Page.RunAxe()).Violations.Select(violation => violation.Id));
    }
}
