using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests.Dataspace;

/// <summary>Sofia's officer in a browser, and Sant Boi with a connector of its own: offers, negotiations and contracts are made with the buttons and forms of the pages.</summary>
public sealed class ContractPageTests(RunningPortal portal)
{
    private const string Officer = "officer@sofia.example";

    [Fact]
    public async Task Offer_MadeWithTheForm_IsAskedForAnsweredWithOtherTermsAndConcluded()
    {
        await using var partner = await PartnerCity.OpenAsync(portal);
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync(Officer, "/contracts/offers");
        var page = visitor.Page;
        await NoViolationAsync(visitor);
        var dataset = await page.Locator("#datasetId option").First.GetAttributeAsync("value");
        await page.SelectOptionAsync("#datasetId", dataset!);
        await page.SelectOptionAsync("#purpose", new SelectOptionValue { Label = "Urban planning" });
        await page.FillAsync("#Count", "1000");
        await page.FillAsync("#DeleteAfter", "30");
        await page.CheckAsync("#Attribution");
        await page.ClickAsync("form[action='/contracts/offers'] button");
        await Assertions.Expect(page.Locator(".notice.good")).ToContainTextAsync("The offer is in the catalogue.");
        await page.ClickAsync(".notice.good a");
        var terms = page.Locator("section:has-text('At most 1000 requests are answered.')").Last;
        await Assertions.Expect(terms).ToContainTextAsync("The purpose must be dpv:UrbanPlanning.");
        await Assertions.Expect(terms).ToContainTextAsync("The data must be deleted after P30D.");

        var negotiation = await partner.AskAsync(dataset!, await NewestOfferAsync(dataset!));
        await OpenAsync(visitor, dataset!, "A person decides");
        await NoViolationAsync(visitor);
        await Assertions.Expect(page.Locator("section[aria-labelledby=terms]")).ToContainTextAsync("At most 1000 requests are answered.");
        await page.FillAsync("#Count", "10");
        await page.ClickAsync("form[action='/contracts/counter'] button");
        await page.WaitForURLAsync("**/contracts?done=1");

        var offered = await partner.WaitAsync(negotiation, "OFFERED");
        Assert.Contains("\"10\"", offered["terms"]!.ToJsonString(), StringComparison.Ordinal);
        await partner.DecideAsync(negotiation, "approval");
        await partner.WaitAsync(negotiation, "FINALIZED");
        await visitor.GoAsync("/contracts");
        await Assertions.Expect(page.Locator("section[aria-labelledby=negotiations] tr", new() { HasText = "sant-boi" }).First).ToContainTextAsync("concluded");
        await Assertions.Expect(page.Locator("section[aria-labelledby=agreements] tr", new() { HasText = "sant-boi" }).First).ToContainTextAsync("in force");

        await page.Locator("section[aria-labelledby=agreements] tr", new() { HasText = "sant-boi" }).First.GetByRole(AriaRole.Button, new() { Name = "Suspend" }).ClickAsync();
        await page.WaitForURLAsync("**/contracts?done=1");
        await Assertions.Expect(page.Locator("section[aria-labelledby=agreements] tr", new() { HasText = "sant-boi" }).First).ToContainTextAsync("suspended");
        Assert.Empty(visitor.Complaints);
    }

    [Theory]
    [InlineData("Approve", "FINALIZED")]
    [InlineData("End", "TERMINATED")]
    public async Task Request_OfThePartner_IsDecidedWithAButton(string button, string state)
    {
        await using var partner = await PartnerCity.OpenAsync(portal);
        using var api = await portal.SignInToApiAsync(Officer);
        var dataset = (string)(await api.GetFromJsonAsync<JsonObject>("/api/dataspace/v1/catalogue?city=sofia&limit=10", TestContext.Current.CancellationToken))!["dcat:dataset"]!.AsArray()[^1]!["@id"]!;
        using var made = await api.PostAsJsonAsync("/api/dataspace/v1/offers", new { datasetId = dataset, policy = new { permission = new[] { new { action = "use" } } }, approval = "manual" }, TestContext.Current.CancellationToken);
        var negotiation = await partner.AskAsync(dataset, (string)(await made.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["id"]!);
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync(Officer, "/contracts");
        await OpenAsync(visitor, dataset, "A person decides");

        await visitor.Page.Locator(".actions").GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();

        await visitor.Page.WaitForURLAsync("**/contracts?done=1");
        await partner.WaitAsync(negotiation, state);
    }

    [Theory]
    [InlineData("en", "Negotiate", "concluded")]
    [InlineData("bg", "Договаряне", "сключено")]
    public async Task Dataset_OfThePartner_IsFoundNegotiatedAndConcluded(string language, string negotiate, string concluded)
    {
        await using var partner = await PartnerCity.OpenAsync(portal);
        var title = $"Air of Sant Boi {Guid.NewGuid():N}";
        var dataset = await partner.OfferAsync(title);
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { Locale = language });
        await visitor.SignInAsync(Officer, "/contracts/partners");
        var row = visitor.Page.Locator("tbody tr", new() { HasText = title });
        await Eventually.TrueAsync(
            async () =>
            {
                await visitor.GoAsync($"/contracts/partners?q={Uri.EscapeDataString(title)}");
                return await row.CountAsync() == 1;
            },
            "the partner's catalogue was fetched", TimeSpan.FromMinutes(1));
        await NoViolationAsync(visitor);

        await row.GetByRole(AriaRole.Button, new() { Name = negotiate }).ClickAsync();
        await visitor.Page.WaitForURLAsync("**/contracts?done=1");
        await partner.DecideAsync(await partner.AskedForAsync(dataset), "approval");

        await Eventually.TrueAsync(
            async () =>
            {
                await visitor.GoAsync("/contracts");
                return await visitor.Page.Locator("section[aria-labelledby=negotiations] tr", new() { HasText = dataset.Split(':')[^1] }).Filter(new() { HasText = concluded }).CountAsync() == 1;
            },
            "the negotiation is concluded");
        Assert.Empty(visitor.Complaints);
    }

    [Theory]
    [InlineData("/contracts/offers")]
    [InlineData("/contracts/begin")]
    [InlineData("/contracts/counter")]
    [InlineData("/contracts/act")]
    public async Task Form_FromElsewhere_IsRefused(string path)
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync(Officer);
        using var forger = portal.Connect();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["datasetId"] = "x", ["offerId"] = "x", ["peer"] = "x", ["approval"] = "manual", ["id"] = "x", ["kind"] = "negotiations", ["action"] = "refusal", ["Action"] = "use" });
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        request.Headers.Add("Cookie", await visitor.CookieAsync());

        using var answer = await forger.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Pages_ForACitizen_AreClosed()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("citizen@sofia.example");

        foreach (var path in (string[])["/contracts", "/contracts/offers", "/contracts/partners", "/contracts/negotiation?id=x"])
        {
            Assert.Equal(403, (await visitor.GoAsync(path)).Status);
        }
    }

    private static async Task NoViolationAsync(Visitor visitor) =>
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));

    private async Task<string> NewestOfferAsync(string dataset)
    {
        using var api = await portal.SignInToApiAsync(Officer);
        return (string)(await api.GetFromJsonAsync<JsonArray>($"/api/dataspace/v1/offers?dataset={Uri.EscapeDataString(dataset)}", TestContext.Current.CancellationToken))!.MaxBy(offer => (DateTimeOffset)offer!["createdAt"]!)!["id"]!;
    }

    /// <summary>Follows the link of the newest negotiation about this dataset that waits for a person.</summary>
    private static async Task OpenAsync(Visitor visitor, string dataset, string waiting)
    {
        var row = visitor.Page.Locator("section[aria-labelledby=negotiations] tbody tr", new() { HasText = dataset.Split(':')[^1] }).Filter(new() { Has = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Approve" }) }).First;
        await Eventually.TrueAsync(
            async () =>
            {
                await visitor.GoAsync("/contracts");
                return await row.CountAsync() == 1;
            },
            "the request waits for a decision");
        await row.Locator("a").First.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".facts")).ToContainTextAsync(waiting);
    }
}
