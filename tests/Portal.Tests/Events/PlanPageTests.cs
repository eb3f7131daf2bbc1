using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests.Events;

/// <summary>Beginning an event, its days, venues and ways, and programmes from files.</summary>
public sealed class PlanPageTests(RunningPortal portal)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_BegunWithoutScript_GetsDaysVenuesAndTravelTimes_AndMistakesStandBesideTheirFields()
    {
        await using var organiser = await portal.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        var page = organiser.Page;
        await organiser.SignInAsync("organiser@sofia.example", "/organise");

        await FillAsync(page, ("title", "Planning test"), ("id", "forum-2026"), ("city", "Sofia"), ("country", "Bulgaria"), ("timeZone", "Europe/Nowhere"));
        await page.ClickAsync("section[aria-labelledby=new] button");
        await ExpectMistakeAsync(page, "timeZone");
        await FillAsync(page, ("timeZone", "Europe/Sofia"));
        await page.ClickAsync("section[aria-labelledby=new] button");
        await ExpectMistakeAsync(page, "id");
        await Assertions.Expect(page.Locator("#title")).ToHaveValueAsync("Planning test");
        await FillAsync(page, ("id", "plan-test"));
        await page.ClickAsync("section[aria-labelledby=new] button");
        await page.WaitForURLAsync("**/organise/plan-test/plan*");

        await FillAsync(page, ("day-0-title", "First day"), ("day-0-date", "31.05.2027"), ("venue-0-name", "Hall"), ("venue-0-latitude", "42.7"), ("venue-0-rooms", "R1 | 40\nR2"));
        await page.ClickAsync("main form.form button");
        await ExpectMistakeAsync(page, "day-0-date");
        await ExpectMistakeAsync(page, "venue-0-longitude");
        await Assertions.Expect(page.Locator("#venue-0-rooms")).ToHaveValueAsync("R1 | 40\nR2");
        await FillAsync(page, ("day-0-date", "2027-05-31"), ("venue-0-longitude", "23,3"));
        await SaveAsync(page);
        await FillAsync(page, ("venue-1-name", "Park"));
        await SaveAsync(page);
        await page.SelectOptionAsync("#way-0-from", new SelectOptionValue { Label = "Hall" });
        await page.SelectOptionAsync("#way-0-to", new SelectOptionValue { Label = "Hall" });
        await FillAsync(page, ("way-0-minutes", "25"));
        await page.ClickAsync("main form.form button");
        await ExpectMistakeAsync(page, "way-0-to");
        await page.SelectOptionAsync("#way-0-to", new SelectOptionValue { Label = "Park" });
        await SaveAsync(page);
        await organiser.GoAsync("/organise/plan-test/plan?text=bg");
        await FillAsync(page, ("day-0-title", "Първи ден"));
        await SaveAsync(page);

        using var api = await portal.SignInToApiAsync("organiser@sofia.example");
        var draft = (await api.GetFromJsonAsync<JsonObject>("/api/events/v1/events/plan-test/draft", Cancelled))!;
        Assert.Equal(("First day", "Първи ден", "2027-05-31"), ((string)draft["days"]![0]!["title"]!["en"]!, (string)draft["days"]![0]!["title"]!["bg"]!, (string)draft["days"]![0]!["date"]!));
        Assert.Equal((42.7, 23.3, 40, "R2"), ((double)draft["venues"]![0]!["latitude"]!, (double)draft["venues"]![0]!["longitude"]!, (int)draft["venues"]![0]!["rooms"]![0]!["capacity"]!, (string)draft["venues"]![0]!["rooms"]![1]!["name"]!));
        Assert.Equal(("venue-1", "venue-2", 25), ((string)draft["travel"]![0]!["from"]!, (string)draft["travel"]![0]!["to"]!, (int)draft["travel"]![0]!["minutes"]!));
    }

    [Fact]
    public async Task Plan_OfAnEventWithSessions_KeepsWhatTheyStandOn_AndOfTwoOrganisersTheSecondIsTold()
    {
        using var api = await portal.SignInToApiAsync("organiser@sofia.example");
        using var made = await api.PostAsJsonAsync("/api/events/v1/events", new
        {
            id = "plan-kept", title = "Kept", timeZone = "Europe/Sofia", city = "Sofia", country = "Bulgaria", days = new[] { new { id = "d", title = "Day" } }, venues = new[] { new { id = "v", name = "Hall", rooms = new[] { new { name = "R1" } } } },
            sessions = new[] { new { id = "plan-kept-a", title = "A", day = "d", venue = "v", room = "R1" } },
        }, Cancelled);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(Cancelled));
        await using var organiser = await portal.VisitAsync();
        await organiser.SignInAsync("organiser@sofia.example", "/organise/plan-kept/plan");
        var page = organiser.Page;
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => violation.Id));

        await page.CheckAsync("#day-0-removed");
        await FillAsync(page, ("venue-0-rooms", "R2"));
        await page.ClickAsync("main form.form button");
        await ExpectMistakeAsync(page, "day-0-removed");
        await ExpectMistakeAsync(page, "venue-0-rooms");
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => violation.Id));
        await organiser.PictureAsync("events-plan");

        await using var second = await portal.VisitAsync();
        await second.SignInAsync("organiser@sofia.example", "/organise/plan-kept/plan");
        await page.UncheckAsync("#day-0-removed");
        await FillAsync(page, ("venue-0-rooms", "R1\nR2"));
        await SaveAsync(page);
        await FillAsync(second.Page, ("theme", "Too late"));
        await second.Page.ClickAsync("main form.form button");
        await Assertions.Expect(second.Page.Locator(".notice.bad a")).ToBeVisibleAsync();
        await Assertions.Expect(second.Page.Locator("#theme")).ToHaveValueAsync("Too late");
    }

    [Fact]
    public async Task Import_OfAFileWithOddities_ReportsEachOnThePage_AndWhatCannotBeReadIsRefused()
    {
        await using var organiser = await portal.VisitAsync();
        await organiser.SignInAsync("organiser@sofia.example", "/organise");
        var page = organiser.Page;
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => violation.Id));
        await organiser.PictureAsync("events-organise");
        const string Schedule = """
            <schedule><conference><title>Imported</title><time_zone_name>Europe/Sofia</time_zone_name></conference>
            <day index="1" date="2027-05-31"><room name="Main">
              <event id="1"><date>2027-05-31T10:00:00+03:00</date><start>10:00</start><duration>01:00</duration><title>Opening</title></event>
              <event id="2"><start>soon</start><title>Later</title></event>
            </room></day></schedule>
            """;

        await FillAsync(page, ("event", "imported-page"));
        await ChooseAsync(page, "schedule.xml", "This is no schedule.");
        await ExpectMistakeAsync(page, "file");
        await ChooseAsync(page, "schedule.xml", Schedule);
        await Assertions.Expect(page.Locator(".notice.caution")).ToContainTextAsync("Sessions in the draft: 2.");
        Assert.NotEqual(0, await page.Locator("table td[lang=en]", new() { HasTextString = "to be announced" }).CountAsync());
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => violation.Id));
        await organiser.PictureAsync("events-import");

        await page.Locator(".notice.caution a").ClickAsync();
        await Assertions.Expect(page.Locator("th", new() { HasTextString = "Opening" })).ToBeVisibleAsync();
        await organiser.GoAsync("/organise/imported-page/import");
        await ChooseAsync(page, "programme.csv", "id,title\nimported-page-1,Renamed\n");
        await Assertions.Expect(page.Locator(".notice.caution")).ToContainTextAsync("Sessions in the draft: 1.");
        Assert.Equal(1, await page.Locator("table td[lang=en]", new() { HasTextString = "was taken out of the draft" }).CountAsync());
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => violation.Id));
    }

    private static async Task ChooseAsync(IPage page, string name, string content)
    {
        await page.SetInputFilesAsync("#file", new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = Encoding.UTF8.GetBytes(content) });
        await page.Locator("form[enctype] button").ClickAsync();
    }

    private static async Task FillAsync(IPage page, params (string Field, string Value)[] fields)
    {
        foreach (var (field, value) in fields)
        {
            await page.FillAsync($"#{field}", value);
        }
    }

    private static async Task SaveAsync(IPage page)
    {
        await page.ClickAsync("main form.form button");
        await Assertions.Expect(page.Locator(".notice.good")).ToBeVisibleAsync();
    }

    /// <summary>The mistake stands at the field, and the field names it for those who do not see it.</summary>
    private static async Task ExpectMistakeAsync(IPage page, string field)
    {
        await Assertions.Expect(page.Locator($"#{field}-error")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator($"#{field}[aria-invalid=true]")).ToHaveAttributeAsync("aria-describedby", new System.Text.RegularExpressions.Regex($"{field}-error"));
    }
}
