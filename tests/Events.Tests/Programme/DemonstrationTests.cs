using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Programme;

/// <summary>The five events: every fact of the sources, and nothing else.</summary>
public sealed class DemonstrationTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    [Fact]
    public async Task Programme_HasTheFiveEventsAndInventsNoTimes()
    {
        using var anyone = fixture.Host.Anonymous();

        var events = (await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/events", TestContext.Current.CancellationToken))!;

        Assert.Equal(["assembly-2023", "assembly-2024", "assembly-2025", "assembly-2026", "forum-2026"], events.Select(item => (string)item!["id"]!));
        foreach (var id in (string[])["assembly-2026", "forum-2026"])
        {
            var item = await EventAsync(id);
            Assert.Null(item["starts"]);
            Assert.All(item["days"]!.AsArray(), day => Assert.Null(day!["date"]));
            Assert.All(item["sessions"]!.AsArray(), session => Assert.Null(session!["start"]));
        }
    }

    [Theory]
    [InlineData("assembly-2023", "Seppo Määttä", "Mayor of Oulu", "Lluïsa Moret Sabidó", "Mayor of Sant Boi de Llobregat", "More than 130", "2023-06-15", "Brussels Urban Summit", "Leading by example", "Leaving no one behind",
        "Renate Nikolay", "DG CNECT", "Matteo Lepore", "Bologna", "Felix Sproll", "Munich", "Tiit Terik", "Tallinn", "Delphine Jamet", "Bordeaux Métropole", "Constance Nebbula", "Pays de la Loire / Angers Loire Métropole",
        "Markku Markkula", "Helsinki Region / CoR", "Federica Bordelot", "Eurocities", "Local Digital Twin & CitiVerse EDIC", "Estonia", "Germany, Slovenia, Czech Republic, Spain", "LORDIMAS", "2 October 2023", "recording")]
    [InlineData("assembly-2024", "Think big, start small, and scale fast", "2024-10-09", "Jacques Delors building, Committee of the Regions", "European Week of Regions and Cities", "Mirja Vehkaperä", "Lluïsa Moret Sabidó", "André Sobczak",
        "Guido Rink", "Emmen", "Arnis Gulbis", "Riga Digital Agency", "Sophie Valdenaire-Ratto", "Bourgogne-Franche-Comté", "Martin Bailey", "AI Office", "Signing ceremony of the declaration")]
    [InlineData("assembly-2025", "Empowering Cities and Regions through Data and People-Centred Digitalisation", "15PD252142", "2025-10-15", "Van Maerlant", "VMA23", "Partnership", "Political/policy debate", "Cities building tomorrow",
        "\"en\",\"es\",\"fr\"", "Digital and ICT", "EU/European", "Governance and public administration", "Local and regional", "Research and innovation", "Social inclusion and equality", "ENoLL", "Eurocities", "DG Connect", "European Committee of the Regions")]
    [InlineData("assembly-2026", "Key Technologies for Future-Proof Cities: from data spaces to digital twins", "\"partOf\":\"forum-2026\"", "\"openToNonMembers\":true", "\"inOfficialProgramme\":false", "Ivan Goychev", "Deputy Mayor, Sofia",
        "Political debate", "City use cases of twins for climate adaptation")]
    [InlineData("forum-2026", "Grand Hotel Millennium Sofia", "Vitosha Blvd 89B, 1463 Sofia, Bulgaria", "Digital Democracy: Citizens, Policy, and Participation", "Newcomers' session", "Scene setting", "Federated data spaces", "Digital tools for city services",
        "High-level political meeting", "Sofia Municipality", "Business casual", "People, Policies, and Technologies", "CIO session", "Parallel session 3", "Discover Sofia", "last stop is the informal dinner venue",
        "Collaboration for a Sustainable Digital Future – Real-World Application", "GATE Institute", "Sofia Tech Park", "attend only one", "08:30", "08:45", "09:15", "stays longer at GATE", "five points", "Call for hosts 2027")]
    public async Task Event_Each_HoldsEveryFactOfItsSource(string id, params string[] facts)
    {
        using var anyone = fixture.Host.Anonymous();

        var text = System.Text.RegularExpressions.Regex.Unescape(await anyone.GetStringAsync($"/api/events/v1/events/{id}", TestContext.Current.CancellationToken));

        Assert.All(facts, fact => Assert.Contains(fact, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Debate_Of2025_StartsAtHalfPastNineUtc()
    {
        var assembly = await EventAsync("assembly-2025");

        var start = DateTimeOffset.Parse((string)assembly["sessions"]![0]!["start"]!, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(new DateTimeOffset(2025, 10, 15, 9, 30, 0, TimeSpan.Zero), start);
        Assert.Equal(TimeSpan.FromHours(2), start.Offset);
        Assert.Equal("2025-10-15T13:00:00+02:00", (string)assembly["sessions"]![0]!["end"]!);
    }

    [Theory]
    [InlineData("bg", "Вечеря", "bg", "Business casual", "en")]
    [InlineData("fr-BE, bg;q=0.5", "Вечеря", "bg", "Business casual", "en")]
    [InlineData("fr", "Dinner", "en", "Business casual", "en")]
    public async Task Text_InAReadersLanguage_FallsBackVisibly(string wanted, string title, string titleLanguage, string dress, string dressLanguage)
    {
        using var anyone = fixture.Host.Anonymous();
        anyone.DefaultRequestHeaders.AcceptLanguage.ParseAdd(wanted);

        var forum = (await anyone.GetFromJsonAsync<JsonObject>("/api/events/v1/events/forum-2026", TestContext.Current.CancellationToken))!;

        var dinner = forum["sessions"]!.AsArray().Single(session => (string)session!["id"]! == "forum-2026-dinner")!;
        Assert.Equal((title, titleLanguage), ((string)dinner["title"]!["text"]!, (string)dinner["title"]!["lang"]!));
        Assert.Equal((dress, dressLanguage), ((string)dinner["dressCode"]!["text"]!, (string)dinner["dressCode"]!["lang"]!));
    }

    [Theory]
    [InlineData("Millenium", "forum-2026")]
    [InlineData("Millennium", "forum-2026")]
    [InlineData("Luisa Moret", "assembly-2023")]
    [InlineData("lluisa sabido", "assembly-2024")]
    [InlineData("maatta", "assembly-2023")]
    [InlineData("Määttä Oulu", "assembly-2023")]
    [InlineData("vehkapera", "assembly-2024")]
    [InlineData("15pd252142", "assembly-2025")]
    [InlineData("вечеря", "forum-2026")]
    public async Task Search_InAnySpelling_Finds(string words, string expected)
    {
        using var anyone = fixture.Host.Anonymous();

        var found = (await anyone.GetFromJsonAsync<JsonArray>($"/api/events/v1/search?q={Uri.EscapeDataString(words)}", TestContext.Current.CancellationToken))!;

        Assert.Contains(expected, found.Select(hit => (string)hit!["event"]!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=")]
    [InlineData("?q=a%20b%20c%20d%20e%20f%20g%20h%20i")]
    public async Task Search_WithoutWordsOrWithTooMany_NamesTheField(string query)
    {
        using var anyone = fixture.Host.Anonymous();

        var answer = await anyone.GetAsync($"/api/events/v1/search{query}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["errors"]!["q"]);
    }

    [Fact]
    public async Task Search_ForWhatIsNowhere_FindsNothing()
    {
        using var anyone = fixture.Host.Anonymous();

        Assert.Empty((await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/search?q=xylophone", TestContext.Current.CancellationToken))!);
    }

    [Fact]
    public async Task Person_WithTitlesOverTime_HasThemByEvent()
    {
        using var anyone = fixture.Host.Anonymous();

        var found = (await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/people?q=Luisa", TestContext.Current.CancellationToken))!;
        var person = (await anyone.GetFromJsonAsync<JsonObject>($"/api/events/v1/people/{found[0]!["id"]}", TestContext.Current.CancellationToken))!;

        Assert.Equal("Lluïsa Moret Sabidó", (string)person["person"]!["name"]!);
        Assert.Equal(["assembly-2023", "assembly-2024", "assembly-2026"], person["appearances"]!.AsArray().Select(part => (string)part!["event"]!));
        Assert.Equal("Mayor of Sant Boi de Llobregat", (string)person["appearances"]![0]!["as"]!);
    }

    [Fact]
    public async Task Event_ReadAgainUnchanged_IsNotSentAgain()
    {
        using var anyone = fixture.Host.Anonymous();
        var first = await anyone.GetAsync("/api/events/v1/events/forum-2026", TestContext.Current.CancellationToken);
        anyone.DefaultRequestHeaders.IfNoneMatch.Add(EntityTagHeaderValue.Parse(first.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotModified, (await anyone.GetAsync("/api/events/v1/events/forum-2026", TestContext.Current.CancellationToken)).StatusCode);
    }

    private async Task<JsonObject> EventAsync(string id)
    {
        using var anyone = fixture.Host.Anonymous();
        return (await anyone.GetFromJsonAsync<JsonObject>($"/api/events/v1/events/{id}", TestContext.Current.CancellationToken))!;
    }
}
