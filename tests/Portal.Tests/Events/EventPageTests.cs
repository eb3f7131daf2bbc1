using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests.Events;

public sealed class EventPageTests(RunningPortal portal)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registration_OnAPhoneByKeyboardAlone_EndsWithASeatAndNoViolation()
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ViewportSize = new() { Width = 390, Height = 844 }, HasTouch = true });
        await visitor.GoAsync("/programme/forum-2026/forum-2026-newcomers");

        await TabToAsync(visitor, "section[aria-labelledby=registration] a.button");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await TabToAsync(visitor, "#username");
        await visitor.Page.Keyboard.TypeAsync("planner@sant-boi.example");
        await TabToAsync(visitor, "#password");
        await visitor.Page.Keyboard.TypeAsync("demo");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.Page.WaitForURLAsync("**/forum-2026-newcomers*");
        await TabToAsync(visitor, "#consent");
        await visitor.Page.Keyboard.PressAsync("Space");
        await TabToAsync(visitor, "section[aria-labelledby=registration] button");
        await visitor.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToBeVisibleAsync();
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => violation.Id));
        foreach (var path in (string[])["/agenda", "/tickets/forum-2026"])
        {
            await visitor.GoAsync(path);
            Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => $"{path} {violation.Id}"));
        }

        Assert.NotEqual(0, await visitor.Page.Locator(".ticket svg").CountAsync());
        await visitor.PictureAsync("events-ticket-phone");
    }

    [Fact]
    public async Task Text_InBulgarian_IsThereAndWhatIsNotSaysItsLanguage()
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { Locale = "bg" });

        await visitor.GoAsync("/programme/forum-2026/forum-2026-dinner");

        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Вечеря");
        await Assertions.Expect(visitor.Page.Locator("[lang=en]", new() { HasTextString = "Business casual" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Search_ForAMisspelling_Finds()
    {
        await using var visitor = await portal.VisitAsync();

        await visitor.GoAsync("/programme?q=Millenium");

        await Assertions.Expect(visitor.Page.Locator("section[aria-labelledby=found] a").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Desk_OfTheOrganiser_EditsPublishesAndShowsClashes()
    {
        using var api = await portal.SignInToApiAsync("organiser@sofia.example");
        var room = new JsonObject { ["id"] = "hall", ["name"] = "Hall", ["rooms"] = new JsonArray(new JsonObject { ["name"] = "R1" }, new JsonObject { ["name"] = "R2" }) };
        JsonObject Session(string id, string from, string to, string at) => new() { ["id"] = id, ["title"] = id, ["day"] = "d", ["from"] = from, ["to"] = to, ["venue"] = "hall", ["room"] = at };
        using var made = await api.PostAsJsonAsync("/api/events/v1/events", new JsonObject
        {
            ["id"] = "desk-test", ["title"] = "Desk test", ["timeZone"] = "Europe/Sofia", ["city"] = "Sofia", ["country"] = "Bulgaria", ["venues"] = new JsonArray(room),
            ["days"] = new JsonArray(new JsonObject { ["id"] = "d", ["title"] = "Day", ["date"] = "2026-07-01" }),
            ["sessions"] = new JsonArray(Session("desk-test-a", "10:00:00", "11:00:00", "R1"), Session("desk-test-b", "10:30:00", "11:30:00", "R2")),
        }, Cancelled);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(Cancelled));
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("organiser@sofia.example", "/organise/desk-test");

        await visitor.Page.Locator("tr", new() { HasTextString = "desk-test-b" }).GetByRole(AriaRole.Link).ClickAsync();
        await visitor.Page.FillAsync("#room", "R9");
        await visitor.Page.FillAsync("#to", "noon");
        await visitor.Page.FillAsync("#subtitle", "Kept");
        await visitor.Page.Locator("main form.form button").First.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#to-error")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("#to")).ToHaveValueAsync("noon");
        await visitor.Page.FillAsync("#to", "11:30");
        await visitor.Page.Locator("main form.form button").First.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#room-error")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("#subtitle")).ToHaveValueAsync("Kept");
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await visitor.Page.FillAsync("#room", "R1");
        await visitor.Page.FillAsync("#abstract", "What it is about");
        await visitor.Page.FillAsync("#languages", "en, bg");
        await visitor.Page.CheckAsync("#openToNonMembers");
        await visitor.Page.SelectOptionAsync("#person-0", new SelectOptionValue { Label = "Ivan Goychev" });
        await visitor.Page.SelectOptionAsync("#role-0", "moderator");
        await visitor.Page.FillAsync("#agenda", "Welcome | 10\nDebate");
        await visitor.Page.Locator("main form.form button").First.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator(".notice.caution")).ToContainTextAsync("desk-test-a");
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await visitor.PictureAsync("events-session-edit");
        await visitor.GoAsync("/organise/desk-test/desk-test-b?text=bg");
        await visitor.Page.FillAsync("#title", "Сесия Б");
        await visitor.Page.Locator("main form.form button").First.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToBeVisibleAsync();
        await visitor.GoAsync("/organise/desk-test");
        await visitor.PictureAsync("events-desk");
        await Assertions.Expect(visitor.Page.Locator("section[aria-labelledby=clashes] li")).ToContainTextAsync("desk-test-a, desk-test-b");
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await visitor.Page.Locator("section[aria-labelledby=changes] button").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToBeVisibleAsync();
        await visitor.Page.WaitForFunctionAsync("fetch('/programme/desk-test').then(answer => answer.ok)");
        var published = (await api.GetFromJsonAsync<JsonObject>("/api/events/v1/events/desk-test?lang=bg", Cancelled))!["sessions"]![1]!;
        Assert.Equal(("Сесия Б", "What it is about", true), ((string)published["title"]!["text"]!, (string)published["abstract"]!["text"]!, (bool)published["openToNonMembers"]!));
        Assert.Equal(("moderator", 10, "bg"), ((string)published["people"]![0]!["role"]!, (int)published["agenda"]![0]!["minutes"]!, (string)published["languages"]![1]!));
    }

    [Fact]
    public async Task Scanner_WithoutAConnection_ChecksTicketsAndSendsThemLater()
    {
        using var person = await portal.SignInToApiAsync("officer@sant-boi.example");
        using var seat = await person.PostAsync("/api/events/v1/sessions/forum-2026-cio/registrations", null, Cancelled);
        Assert.True(seat.IsSuccessStatusCode);
        var ticket = (string)(await person.GetFromJsonAsync<JsonObject>("/api/events/v1/events/forum-2026/ticket", Cancelled))!["ticket"]!;
        using var organiser = await portal.SignInToApiAsync("organiser@sofia.example");
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("organiser@sofia.example");
        await visitor.Page.EvaluateAsync("navigator.serviceWorker.ready.then(() => undefined)");
        Assert.False(await visitor.Page.EvaluateAsync<bool>("document.featurePolicy.allowsFeature('camera')"));
        await visitor.GoAsync("/check-in/forum-2026");
        await visitor.Page.ReloadAsync();
        Assert.True(await visitor.Page.EvaluateAsync<bool>("document.featurePolicy.allowsFeature('camera')"), "the scanner may use the camera");
        await visitor.Page.SelectOptionAsync("#door", "forum-2026-cio");
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => violation.Id));

        await visitor.Context.SetOfflineAsync(true);
        await visitor.Page.ReloadAsync();
        await visitor.Page.SelectOptionAsync("#door", "forum-2026-cio");
        foreach (var (code, expected) in new[] { (ticket, "good"), (ticket, "caution"), (ticket[..^8] + "AAAAAAAA", "bad") })
        {
            await visitor.Page.FillAsync("#code", code);
            await visitor.Page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(visitor.Page.Locator($".scan-result.{expected}")).ToBeVisibleAsync();
            await visitor.PictureAsync($"events-check-in-{expected}");
        }

        await visitor.Context.SetOfflineAsync(false);

        await LivingCity.Testing.Eventually.TrueAsync(
            async () => (await organiser.GetFromJsonAsync<JsonArray>("/api/events/v1/events/forum-2026/check-in/counts", Cancelled))!.Any(count => (string)count!["session"]! == "forum-2026-cio" && (int)count["admitted"]! == 1), "the scan is sent");
    }

    [Fact]
    public async Task Declaration_FromApplicationToCountersignature_EndsInTheListAndOnTheMap()
    {
        await using var admin = await portal.VisitAsync();
        await admin.SignInAsync("admin@sant-boi.example", "/declaration");
        foreach (var (field, value) in new[] { ("name", "Testville"), ("country", "Spain"), ("signerName", "A. Mayor"), ("signerTitle", "Mayor"), ("authority", "Council decision") })
        {
            await admin.Page.FillAsync($"#{field}", value);
        }

        await admin.Page.FillAsync("#latitude", "40.4");
        await admin.Page.FillAsync("#longitude", "-3.7");
        await admin.Page.Locator("form.form button").ClickAsync();
        await admin.Page.Locator("article.card", new() { HasTextString = "Testville" }).Locator("button").ClickAsync();
        await using var network = await portal.VisitAsync();
        await network.SignInAsync("organiser@sofia.example", "/declaration");
        await network.Page.Locator("article.card", new() { HasTextString = "Testville" }).Locator("form button").First.ClickAsync();

        await Assertions.Expect(network.Page.Locator("th", new() { HasTextString = "Testville" })).ToBeVisibleAsync();
        await network.Page.Locator("city-map").ScrollIntoViewIfNeededAsync();
        await network.Page.Locator("city-map[data-state=ready]").WaitForAsync(new() { Timeout = 60_000 });
        await network.PictureAsync("events-declaration");
        await Assertions.Expect(network.Page.Locator("city-map button[aria-label*=Testville]")).ToHaveCountAsync(1);
        Assert.True(await network.Page.Locator("city-map button.viz-marker").CountAsync() >= 15);
        await Assertions.Expect(network.Page.Locator("td a", new() { HasTextString = "EU Mayors' Digital Assembly 2023" }).First).ToBeVisibleAsync();
    }

    private static async Task TabToAsync(Visitor visitor, string selector)
    {
        await visitor.Page.Locator(selector).First.WaitForAsync();
        for (var presses = 0; presses < 100; presses++)
        {
            if (await visitor.Page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector))
            {
                return;
            }

            await visitor.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"The tab key does not lead to {selector}.");
    }
}
