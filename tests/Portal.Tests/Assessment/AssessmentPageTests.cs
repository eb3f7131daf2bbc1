using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using LivingCity.Testing;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests.Assessment;

/// <summary>The assessment's pages in a browser, against the whole platform.</summary>
public sealed class AssessmentPageTests(RunningPortal portal)
{
    private static readonly string[] Parts = ["", "/review", "/results", "/peers", "/roadmap", "/roadmap?goal=nextLevel", "/needs"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WholeAssessment_ByKeyboardAlone_IsAnsweredSubmittedAndExplained()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("officer@sofia.example", "/assessment");
        var page = visitor.Page;
        var choice = await Keyboard.GoToAsync(page, stop => stop.Name == "questionnaire");
        while (choice.Value != "digital-maturity/2")
        {
            await page.Keyboard.PressAsync("ArrowDown");
            choice = await Keyboard.WhereAsync(page);
        }

        await Keyboard.GoToAsync(page, stop => stop.Name == "review");
        await page.Keyboard.PressAsync("Space"); // without a reviewer
        await Keyboard.GoToAsync(page, stop => stop is { Tag: "button", Text: "Start" });
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/assessment/*-*");
        var answered = 0;
        for (var section = 0; section < 7; section++)
        {
            answered += await Keyboard.AnswerSectionAsync(page);
            await page.WaitForURLAsync(section < 6 ? "**?part=*" : "**/review");
            await page.WaitForLoadStateAsync();
        }

        await Keyboard.GoToAsync(page, stop => stop is { Tag: "button", Text: "Submit" });
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync("**/results?done=1");
        await page.Locator("radar-chart canvas, radar-chart svg").First.WaitForAsync();
        Assert.InRange(answered, 40, 60);
        Assert.Contains("of 100 points", await page.Locator(".lead").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(7, await page.Locator("#explained, section[aria-labelledby=explained]").Locator("details").CountAsync());
        Assert.Empty(visitor.ForeignRequests);
        Assert.Empty(visitor.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light, "en", 1280)]
    [InlineData(ColorScheme.Dark, "bg", 390)]
    public async Task Pages_OfASubmittedAssessment_HaveNoViolationAndScrollOneWay(ColorScheme theme, string language, int width)
    {
        using var api = await portal.SignInToApiAsync("officer@sofia.example");
        var (submitted, open) = (await SubmittedAsync(api), await StartAsync(api));
        await DescribeCityAsync(api);
        using var assessor = await portal.SignInToApiAsync("assessor@sofia.example");
        using var issued = await assessor.PostAsJsonAsync($"/api/assessment/v1/assessments/{submitted}/roadmaps", new { budget = 600_000, people = 4, months = 24 }, Cancelled);
        Assert.True(issued.IsSuccessStatusCode, await issued.Content.ReadAsStringAsync(Cancelled));
        var roadmap = (await issued.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;
        foreach (var (action, progress) in roadmap["roadmap"]!["actions"]!.AsArray().Zip(["done", "started", "dropped"]))
        {
            using var followed = await api.PutAsJsonAsync($"/api/assessment/v1/roadmaps/{roadmap["id"]}/actions/{action!["id"]}", new { progress }, Cancelled);
            Assert.True(followed.IsSuccessStatusCode);
        }

        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ColorScheme = theme, Locale = language, ViewportSize = new() { Width = width, Height = 900 } });
        await visitor.SignInAsync("assessor@sofia.example", "/assessment");
        var folder = Environment.GetEnvironmentVariable("SCREENSHOTS");

        foreach (var address in Parts.Select(part => $"/assessment/{submitted}{part}").Append($"/assessment/{open}?part=people").Append("/assessment").Append("/expressions"))
        {
            var answer = await visitor.GoAsync(address);
            Assert.Equal(200, answer.Status);
            var result = await visitor.Page.RunAxe();
            Assert.True(result.Violations.Length == 0, $"{address}: {string.Join("; ", result.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"))}");
            Assert.True(await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{address} is wider than {width}");
            if (!string.IsNullOrEmpty(folder))
            {
                await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"assessment-{language}-{address.Replace(submitted, "done", StringComparison.Ordinal).Replace(open, "open", StringComparison.Ordinal).Replace('/', '-').Replace('?', '-')}.png"), FullPage = true });
            }
        }

        Assert.Empty(visitor.ForeignRequests);
    }

    [Fact]
    public async Task Answer_ThatAColleagueChangedMeanwhile_IsShownAndDecided()
    {
        using var planner = await portal.SignInToApiAsync("planner@sofia.example");
        var id = await StartAsync(planner);
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("officer@sofia.example", "/assessment");
        await visitor.GoAsync($"/assessment/{id}?part=governance");
        var card = visitor.Page.Locator("[id='governance.strategy']");
        await card.Locator(".save[hidden]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        using var first = await planner.PutAsJsonAsync($"/api/assessment/v1/assessments/{id}/answers/governance.strategy", new { value = "3" }, Cancelled);
        Assert.True(first.IsSuccessStatusCode);

        await card.Locator("input[value='1']").CheckAsync();
        await card.Locator("[role=alert]").WaitForAsync();
        var conflict = await card.Locator("[role=alert]").InnerTextAsync();
        await card.Locator("button:text-is('Use mine')").ClickAsync();
        await card.Locator("[data-state]:text-is('Saved.')").WaitForAsync();

        Assert.Contains("planner", conflict, StringComparison.Ordinal);
        Assert.Contains("Adopted, with a budget", conflict, StringComparison.Ordinal);
        var state = (await planner.GetFromJsonAsync<JsonObject>($"/api/assessment/v1/assessments/{id}", Cancelled))!;
        Assert.Equal(("1", 2), ((string)state["answers"]!["governance.strategy"]!["value"]!, (int)state["answers"]!["governance.strategy"]!["version"]!));
    }

    [Fact]
    public async Task Answers_WithoutScripts_AreSavedAndHiddenQuestionsAppear()
    {
        using var api = await portal.SignInToApiAsync("officer@sofia.example");
        var id = await StartAsync(api);
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        await visitor.SignInAsync("officer@sofia.example", "/assessment");
        await visitor.GoAsync($"/assessment/{id}?part=governance");
        Assert.False(await visitor.Page.Locator("[id='governance.reviewed']").IsVisibleAsync());

        await visitor.Page.Locator("[id='governance.strategy/2']").CheckAsync();
        await visitor.Page.Locator("[id='governance.strategy'] button.save").ClickAsync();
        await visitor.Page.WaitForURLAsync("**saved=governance.strategy*");

        Assert.True(await visitor.Page.Locator("[id='governance.reviewed']").IsVisibleAsync());
        Assert.True(await visitor.Page.Locator("[id='governance.strategy/2']").IsCheckedAsync());
    }

    [Fact]
    public async Task Expression_OfACity_IsInvitedByTheHelpdesk()
    {
        await using var city = await portal.VisitAsync();
        await city.SignInAsync("officer@sant-boi.example", "/expressions");
        await city.Page.FillAsync("#population", "20000");
        await city.Page.FillAsync("#contact", "it@sant-boi.example");
        await city.Page.FillAsync("#motivation", "We want to know what comes first.");
        await city.Page.ClickAsync("form[action='/expressions/ask'] button");
        await city.Page.WaitForURLAsync("**/expressions?done=1");
        await using var consultant = await portal.VisitAsync();
        await consultant.SignInAsync("operator@platform.example", "/expressions");

        await consultant.Page.Locator("form[action$='/invitation'] button").First.ClickAsync();
        await consultant.Page.WaitForURLAsync("**/expressions?done=1");
        await city.GoAsync("/expressions");

        Assert.Contains("at or below the advised size", await city.Page.Locator("section[aria-labelledby=yours]").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(6, await city.Page.Locator("section[aria-labelledby=yours] ol li").CountAsync());
    }

    [Fact]
    public async Task Questionnaire_ForSomebodyWhoReadsSpanish_IsSpanishInPagesThatAreNot()
    {
        using var api = await portal.SignInToApiAsync("officer@sofia.example");
        var id = await StartAsync(api);
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { Locale = "es-ES", JavaScriptEnabled = false });
        await visitor.SignInAsync("officer@sofia.example", "/assessment");
        await visitor.GoAsync($"/assessment/{id}?part=governance");
        var legend = visitor.Page.Locator("[id='governance.strategy'] legend span").First;

        var (page, spanish, words) = (await visitor.Page.Locator("html").GetAttributeAsync("lang"), await legend.GetAttributeAsync("lang"), await legend.InnerTextAsync());
        await visitor.Page.Locator("button[name=language][value=fr]:text-is('français')").ClickAsync();
        await visitor.Page.WaitForURLAsync("**part=governance");
        var (french, chosen) = (await legend.GetAttributeAsync("lang"), await visitor.Page.Locator("button[name=language][value=fr]").GetAttributeAsync("aria-pressed"));

        Assert.Equal(("en", "es", "fr", "true"), (page, spanish, french, chosen));
        Assert.Equal((string)(await api.GetFromJsonAsync<JsonObject>("/api/assessment/v1/questionnaires/digital-maturity/2?language=es", Cancelled))!["dimensions"]![0]!["questions"]![0]!["text"]!, words);
    }

    [Fact]
    public async Task Roadmap_ThatIsIssued_IsFollowedUpActionByAction()
    {
        using var api = await portal.SignInToApiAsync("officer@sofia.example");
        var id = await SubmittedAsync(api);
        await using var assessor = await portal.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        await assessor.SignInAsync("assessor@sofia.example", "/assessment");
        await assessor.GoAsync($"/assessment/{id}/roadmap?budget=200000&people=3&months=12");
        await assessor.Page.ClickAsync("button:text-is('Issue this roadmap')");
        await assessor.Page.WaitForURLAsync("**/roadmap?done=1*");
        await using var officer = await portal.VisitAsync();
        await officer.SignInAsync("officer@sofia.example", "/assessment");
        await officer.GoAsync($"/assessment/{id}/roadmap");
        var first = officer.Page.Locator("section[aria-labelledby=issued] tbody tr").First;

        await first.Locator("select").SelectOptionAsync("done");
        await first.Locator("input[name=note]").FillAsync("Named in March.");
        await first.Locator("button").ClickAsync();
        await officer.Page.WaitForURLAsync("**/roadmap?done=1*");

        Assert.Contains("1 of ", await officer.Page.Locator("section[aria-labelledby=issued] > p").First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Named in March.", await first.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("done", await first.Locator("select").InputValueAsync());
        var kept = (await api.GetFromJsonAsync<JsonArray>($"/api/assessment/v1/assessments/{id}/roadmaps", Cancelled))![0]!["progress"]!.AsObject().Single().Value!;
        Assert.Equal(("done", "Named in March."), ((string)kept["progress"]!, (string)kept["note"]!));
    }

    [Fact]
    public async Task Results_OfWhatScoredLow_LeadToDataModelsAndSessionsWithTheirReasons()
    {
        using var api = await portal.SignInToApiAsync("officer@sofia.example");
        var id = await SubmittedAsync(api, "climate-needs/1");
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("officer@sofia.example", "/assessment");
        var leads = visitor.Page.Locator("section[aria-labelledby=leads]");

        // Three services hear of it in their own time.
        await Eventually.TrueAsync(async () =>
        {
            await visitor.GoAsync($"/assessment/{id}/results");
            return await leads.Locator("h3").CountAsync() >= 2;
        }, "the platform recommends something");

        var text = await leads.InnerTextAsync();
        Assert.Contains("Simulations to try", text, StringComparison.Ordinal);
        Assert.Contains("Data to look at", text, StringComparison.Ordinal);
        Assert.Matches(@"because of .+ \(\d+\)", text);
        var link = await leads.Locator("a[href^='/datasets/']").First.GetAttributeAsync("href");
        Assert.Equal(200, (await visitor.GoAsync(link!)).Status);
    }

    [Fact]
    public async Task Aggregates_OfTheDemonstration_AreAnOpenDatasetOfTheCatalogue()
    {
        using var anyone = portal.Connect();
        JsonObject? dataset = null;
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await anyone.GetAsync("/api/dataspace/v1/datasets/urn:living-city:dataset:benchmark:digital-maturity:2", Cancelled);
            dataset = answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled) : null;
            return dataset is not null;
        }, "the dataset is offered");

        var distribution = dataset!["dcat:distribution"]![0]!;
        var csv = await anyone.GetStringAsync(new Uri((string)distribution["dcat:accessURL"]!["@id"]!).PathAndQuery, Cancelled);

        Assert.EndsWith("text/csv", (string)distribution["dcat:mediaType"]!["@id"]!, StringComparison.Ordinal);
        Assert.Contains(dataset["dcat:keyword"]!.AsArray(), keyword => (string)keyword!["@value"]! == "synthetic");
        var rows = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(',')).ToArray();
        Assert.Equal("n", rows[0][6]);
        Assert.True(rows.Length > 100);
        Assert.All(rows.Skip(1), row => Assert.True(row[6].Length == 0 || int.Parse(row[6], System.Globalization.CultureInfo.InvariantCulture) >= 5, string.Join(',', row)));
    }

    [Fact]
    public void Texts_OfBothLanguages_HaveTheSameKeys()
    {
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../gateway/Portal/Assessment"));
        string[] Keys(string file) => [.. System.Xml.Linq.XDocument.Load(Path.Combine(folder, file)).Root!.Elements("data").Select(data => (string)data.Attribute("name")!)];

        Assert.Equal(Keys("AssessmentTexts.resx"), Keys("AssessmentTexts.bg.resx"));
    }

    private static async Task<string> StartAsync(HttpClient api, string questionnaire = "digital-maturity/2")
    {
        using var started = await api.PostAsJsonAsync("/api/assessment/v1/assessments", new { questionnaire }, Cancelled);
        return (string)(await started.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"]!;
    }

    /// <summary>Says what the city's peers are formed by, once.</summary>
    private static async Task DescribeCityAsync(HttpClient api)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/assessment/v1/city") { Content = JsonContent.Create(new { name = "Sofia", country = "BG", region = "BG411", population = 1_200_000 }) };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var described = await api.SendAsync(request, Cancelled);
        Assert.True(described.IsSuccessStatusCode, await described.Content.ReadAsStringAsync(Cancelled));
    }

    /// <summary>Answers each question with its first real answer, number or date, until none is open.</summary>
    private static async Task<string> SubmittedAsync(HttpClient api, string questionnaire = "digital-maturity/2")
    {
        var id = await StartAsync(api, questionnaire);
        var questions = (await api.GetFromJsonAsync<JsonObject>($"/api/assessment/v1/questionnaires/{questionnaire}", Cancelled))!["dimensions"]!.AsArray()
            .SelectMany(dimension => dimension!["questions"]!.AsArray()).ToDictionary(question => (string)question!["id"]!, question => question!);
        while ((await api.GetFromJsonAsync<JsonObject>($"/api/assessment/v1/assessments/{id}", Cancelled))!["open"]!.AsArray().Select(open => (string)open!).ToArray() is { Length: > 0 } open)
        {
            foreach (var question in open.Select(one => questions[one]))
            {
                object value = (string)question["kind"]! switch
                {
                    "single" => (string)question["options"]![1]!["id"]!,
                    "multiple" => new[] { (string)question["options"]![0]!["id"]! },
                    "matrix" => question["rows"]!.AsArray().ToDictionary(row => (string)row!["id"]!, _ => "2"),
                    "number" => 5,
                    "date" => "2026-06-01",
                    _ => new[] { "https://city.example/" },
                };
                using var saved = await api.PutAsJsonAsync($"/api/assessment/v1/assessments/{id}/answers/{question["id"]}", new { value }, Cancelled);
                Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync(Cancelled));
            }
        }

        using var submitted = await api.PostAsync($"/api/assessment/v1/assessments/{id}/submission", null, Cancelled);
        Assert.True(submitted.IsSuccessStatusCode);
        return id;
    }
}
