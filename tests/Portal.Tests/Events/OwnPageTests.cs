using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests.Events;

/// <summary>What people tell about themselves, hand on, and take back.</summary>
public sealed class OwnPageTests(RunningPortal portal)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Details_WithoutScripts_AreKeptWithConsentAndDeleted()
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        await visitor.SignInAsync("planner@sofia.example", "/agenda/forum-2026");

        await visitor.Page.FillAsync("#diet", "Vegan");
        await visitor.Page.FillAsync("#email", "planner@example.org");
        await visitor.Page.SelectOptionAsync("#language", "fr");
        await visitor.Page.Locator("section[aria-labelledby=details] form.form button").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".notice.bad")).ToBeVisibleAsync();
        await visitor.Page.FillAsync("#diet", "Vegan");
        await visitor.Page.FillAsync("#email", "planner@example.org");
        await visitor.Page.SelectOptionAsync("#language", "fr");
        await visitor.Page.CheckAsync("#consent");
        await visitor.Page.Locator("section[aria-labelledby=details] form.form button").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("#diet")).ToHaveValueAsync("Vegan");

        await visitor.Page.SelectOptionAsync("#delivery", "daily");
        await visitor.Page.UncheckAsync("#kind-reminder");
        await visitor.Page.Locator("section[aria-labelledby=notices] button").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#delivery")).ToHaveValueAsync("daily");
        Assert.False(await visitor.Page.IsCheckedAsync("#kind-reminder"));
        await visitor.PictureAsync("events-details");
        await visitor.Page.Locator("section[aria-labelledby=calendar] button").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("code.code")).ToContainTextAsync("/api/events/v1/feeds/");

        await visitor.GoAsync("/agenda/forum-2026");
        await visitor.Page.Locator("form[action$=erase] button").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#diet")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Seat_GivenToAColleague_IsTheirs()
    {
        using var api = await portal.SignInToApiAsync("admin@sant-boi.example");
        using var seat = await api.PostAsync("/api/events/v1/sessions/forum-2026-dinner/registrations", null, Cancelled);
        Assert.True(seat.IsSuccessStatusCode);
        await using var giver = await portal.VisitAsync();
        await giver.SignInAsync("admin@sant-boi.example", "/agenda");

        await giver.Page.Locator("li", new() { HasTextString = "Dinner" }).GetByRole(AriaRole.Button).ClickAsync();
        var code = await giver.Page.Locator("code.code").InnerTextAsync();
        await giver.PictureAsync("events-agenda");
        Assert.Empty((await giver.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await using var taker = await portal.VisitAsync();
        await taker.SignInAsync("assessor@sant-boi.example", "/agenda");
        await taker.Page.FillAsync("#code", code);
        await taker.Page.Locator("section[aria-labelledby=take-over] button").ClickAsync();

        await Assertions.Expect(taker.Page.Locator(".notice.good")).ToBeVisibleAsync();
        await Assertions.Expect(taker.Page.Locator(".sessions li", new() { HasTextString = "Dinner" })).ToBeVisibleAsync();
        await giver.GoAsync("/agenda");
        await Assertions.Expect(giver.Page.Locator(".sessions li", new() { HasTextString = "Dinner" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Group_ThatComesTogether_GetsSeatsTogether()
    {
        using var organiser = await portal.SignInToApiAsync("organiser@sofia.example");
        var before = await TakenAsync(organiser);
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("officer@sofia.example", "/programme/forum-2026/forum-2026-tour");

        await visitor.Page.ClickAsync("section[aria-labelledby=registration] summary");
        await visitor.Page.FillAsync("#companions", "Ana\nBoris");
        await visitor.Page.CheckAsync("#consent");
        await visitor.Page.ClickAsync("section[aria-labelledby=registration] button");

        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToBeVisibleAsync();
        Assert.Equal(before + 3, await TakenAsync(organiser));
    }

    [Fact]
    public async Task Guest_WithoutAccountAndScripts_TakesASeatAndGivesItBack()
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        await visitor.GoAsync("/programme/assembly-2026/assembly-2026-debate");

        await visitor.PictureAsync("events-guest-form");
        await visitor.Page.FillAsync("#name", "A Guest");
        await visitor.Page.FillAsync("#email", "a.guest@example.org");
        await visitor.Page.CheckAsync("#consent");
        await visitor.Page.Locator("form[action='/guests/register'] button").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".facts")).ToContainTextAsync("A Guest");
        await visitor.PictureAsync("events-guest");
        var own = visitor.Page.Url;
        await visitor.Page.Locator("form[action='/guests/leave'] button").ClickAsync();

        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToBeVisibleAsync();
        Assert.Equal(404, (await visitor.GoAsync(own.Split('?')[0])).Status);
    }

    [Fact]
    public async Task Invitation_FromTheDesk_LetsAGuestIntoASessionForMembers()
    {
        using var organiser = await portal.SignInToApiAsync("organiser@sofia.example");
        using var made = await organiser.PostAsJsonAsync("/api/events/v1/events/forum-2026/invitations", new { name = "Guest", email = "invited@example.org" }, Cancelled);
        var code = (string)(await made.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["code"]!;
        await using var visitor = await portal.VisitAsync();

        await visitor.GoAsync($"/programme/forum-2026?invitation={code}");
        await visitor.Page.Locator("a[href*=forum-2026-newcomers]").First.ClickAsync();
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => violation.Id));
        await visitor.Page.FillAsync("#name", "Guest");
        await visitor.Page.FillAsync("#email", "invited@example.org");
        await visitor.Page.CheckAsync("#consent");
        await visitor.Page.Locator("form[action='/guests/register'] button").ClickAsync();

        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToBeVisibleAsync();
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => violation.Id));
    }

    [Fact]
    public async Task Mail_OfTheDevelopmentStack_CanBeRead()
    {
        using var person = await portal.SignInToApiAsync("planner@sant-boi.example");
        using var told = await person.PutAsJsonAsync("/api/events/v1/events/forum-2026/profile", new { name = "A Planner", email = "planner@example.org", language = "bg", consent = true }, Cancelled);
        using var seat = await person.PostAsync("/api/events/v1/sessions/forum-2026-services/registrations", null, Cancelled);
        Assert.True(told.IsSuccessStatusCode);
        using var mail = portal.App.CreateHttpClient("mail");

        await LivingCity.Testing.Eventually.TrueAsync(async () => (await mail.GetStringAsync("/api/mails", Cancelled)).Contains("planner@example.org", StringComparison.Ordinal), "the message arrives");
        await using var visitor = await portal.VisitAsync();
        await visitor.GoAsync(portal.App.GetEndpoint("mail").ToString());
        await visitor.Page.Locator("tr", new() { HasTextString = "planner@example.org" }).GetByRole(AriaRole.Link).First.ClickAsync();

        await visitor.PictureAsync("events-mail");
        await Assertions.Expect(visitor.Page.Locator("pre").First).ToContainTextAsync("Имате място");
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => violation.Id));
        Assert.Equal(403, (int)(await mail.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "elsewhere.example" } }, Cancelled)).StatusCode);
    }

    private static async Task<int> TakenAsync(HttpClient client) =>
        (int)(await client.GetFromJsonAsync<JsonArray>("/api/events/v1/events/forum-2026/seats", Cancelled))!.Single(row => (string)row!["session"]! == "forum-2026-tour")!["taken"]!;
}
