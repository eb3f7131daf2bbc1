using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Contracts.Events;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Desk;

/// <summary>The declaration, the chairs, the call for hosts, and what follows from events.</summary>
public sealed class NetworkTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Rzeszow", "Rzeszów", "2023-06-15")]
    [InlineData("Matosihnos", "Matosinhos", null)]
    [InlineData("EDIH Trakia", "EDIH Trakia", null)]
    public async Task Signatories_InAnySpelling_AreFoundWithWhatIsKnown(string words, string name, string? date)
    {
        using var anyone = host.Anonymous();

        var found = (await anyone.GetFromJsonAsync<JsonArray>($"/api/events/v1/signatories?q={Uri.EscapeDataString(words)}", Cancelled))!;

        var signatory = found.Single(candidate => (string)candidate!["name"]! == name)!;
        Assert.Equal(date, (string?)signatory["signedOn"]);
    }

    [Fact]
    public async Task Signatories_OfTheSources_AreFourteenAndTwelveOf2023()
    {
        using var anyone = host.Anonymous();

        var all = (await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/signatories", Cancelled))!.Where(signatory => (string?)signatory!["name"] is not ("Sofia" or "Sant Boi")).ToArray();

        Assert.Equal(14, all.Length);
        Assert.Equal("Oulu", (string)all[0]!["name"]!);
        Assert.Equal(12, all.Count(signatory => (int?)signatory!["year"] == 2023));
        Assert.Equal(4, all.Count(signatory => (string?)signatory!["signedOn"] == "2023-06-15"));
        Assert.Equal(("hub", 2025), ((string)all[^1]!["kind"]!, (int)all[^1]!["year"]!));
    }

    [Fact]
    public async Task Signing_FromApplicationToCountersignature_MakesASignatoryAndTellsOthers()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        var heard = await bus.ListenAsync<DeclarationSigned>();
        using var mayor = host.As("sant-boi", "city-admin");
        using var network = host.As("sofia", "organiser");
        using var stranger = host.As("elsewhere", "organiser");
        using var citizen = host.As("sant-boi", "citizen");
        var request = new { name = "Sant Boi", kind = "city", country = "Spain", signerName = "A. Mayor", signerTitle = "Mayor", authority = "Council decision 7" };

        using var refused = await citizen.PostAsJsonAsync("/api/events/v1/signings", request, Cancelled);
        using var begun = await mayor.PostAsJsonAsync("/api/events/v1/signings", request, Cancelled);
        var id = (string)(await begun.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"]!;
        using var early = await network.PostAsync($"/api/events/v1/signings/{id}/countersignature", null, Cancelled);
        using var signed = await mayor.PostAsync($"/api/events/v1/signings/{id}/signature", null, Cancelled);
        using var foreign = await stranger.PostAsync($"/api/events/v1/signings/{id}/countersignature", null, Cancelled);
        using var done = await network.PostAsync($"/api/events/v1/signings/{id}/countersignature", null, Cancelled);
        using var twice = await mayor.PostAsJsonAsync("/api/events/v1/signings", request, Cancelled);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.OK), (refused.StatusCode, begun.StatusCode, early.StatusCode, signed.StatusCode));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.Conflict), (foreign.StatusCode, done.StatusCode, twice.StatusCode));
        await Eventually.TrueAsync(() => Task.FromResult(heard.Any(message => message is { City: "sant-boi", Name: "Sant Boi", Kind: "city" })), "other services hear of it");
        using var anyone = host.Anonymous();
        Assert.Contains((await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/signatories", Cancelled))!, signatory => (string)signatory!["name"]! == "Sant Boi");
    }

    [Fact]
    public async Task Mandate_LastsTwoYears()
    {
        using var organiser = host.As("sofia", "organiser");

        using var given = await organiser.PostAsJsonAsync("/api/events/v1/mandates", new { person = "ivan-goychev", office = "co-chair", startsOn = "2026-03-01" }, Cancelled);
        using var unknown = await organiser.PostAsJsonAsync("/api/events/v1/mandates", new { person = "nobody", office = "co-chair", startsOn = "2026-03-01" }, Cancelled);

        Assert.Equal("2028-03-01", (string)(await given.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["endsOn"]!);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        using var anyone = host.Anonymous();
        Assert.Single((await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/mandates", Cancelled))!);
    }

    [Fact]
    public async Task Election_IsForSignatoriesAlone()
    {
        using var organiser = host.As("sofia", "organiser");
        using var outsider = host.As("nowhere-signed", "city-admin");
        using var called = await organiser.PostAsJsonAsync("/api/events/v1/elections", new { office = "chair", opens = "2030-01-01T09:00:00", closes = "2030-01-08T18:00:00", timeZone = "Europe/Brussels" }, Cancelled);
        var election = (await called.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;

        using var standing = await outsider.PostAsJsonAsync($"/api/events/v1/elections/{election["id"]}/candidacies", new { person = "ivan-goychev", statement = "x" }, Cancelled);
        using var voting = await outsider.PostAsJsonAsync($"/api/events/v1/elections/{election["id"]}/votes", new { candidate = Guid.NewGuid() }, Cancelled);

        Assert.Equal("2030-01-01T09:00:00+01:00", (string)election["opensAt"]!);
        Assert.Contains((await outsider.GetFromJsonAsync<JsonArray>("/api/events/v1/elections", Cancelled))!, listed => (string)listed!["opensAt"]! == "2030-01-01T09:00:00+01:00");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (standing.StatusCode, voting.StatusCode));
    }

    [Fact]
    public async Task HostCall_FromApplicationToDecision_KeepsItsDeadlineByTheClockOfItsZone()
    {
        using var organiser = host.As("sofia", "organiser");
        using var city = host.As("sant-boi", "city-admin");
        using var judge = host.As("sofia", "assessor");
        object Call(string opens, string deadline) => new { title = "Hosts 2027", year = 2027, description = "x", criteria = new[] { new { id = "rooms", name = "Rooms", weight = 2, most = 5 }, new { id = "reach", name = "Reach", weight = 1, most = 5 } }, opens, deadline, timeZone = "Europe/Sofia" };
        var application = new { community = "Sant Boi", contact = "host@example.org", answers = new { rooms = "Ten", reach = "By rail" } };
        using var made = await organiser.PostAsJsonAsync("/api/events/v1/host-calls", Call("2020-01-01T00:00:00", "2090-10-29T03:30:00"), Cancelled);
        var open = (await made.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;
        using var ended = await organiser.PostAsJsonAsync("/api/events/v1/host-calls", Call("2020-01-01T00:00:00", "2021-01-01T00:00:00"), Cancelled);
        var over = (string)(await ended.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"]!;

        using var incomplete = await city.PutAsJsonAsync($"/api/events/v1/host-calls/{open["id"]}/application", new { application.community, application.contact, answers = new { rooms = "Ten" } }, Cancelled);
        using var applied = await city.PutAsJsonAsync($"/api/events/v1/host-calls/{open["id"]}/application", application, Cancelled);
        using var late = await city.PutAsJsonAsync($"/api/events/v1/host-calls/{over}/application", application, Cancelled);
        var applications = (await organiser.GetFromJsonAsync<JsonArray>($"/api/events/v1/host-calls/{open["id"]}/applications", Cancelled))!;
        using var earlyScore = await judge.PutAsJsonAsync($"/api/events/v1/host-calls/{open["id"]}/applications/{applications[0]!["id"]}/scores", new { points = new { rooms = 5, reach = 3 } }, Cancelled);

        // 29 October 2090 is the last Sunday: 03:30 is shown twice, and the later one counts.
        Assert.Equal("2090-10-29T03:30:00+02:00", (string)open["deadline"]!);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NoContent, HttpStatusCode.Conflict, HttpStatusCode.Conflict), (incomplete.StatusCode, applied.StatusCode, late.StatusCode, earlyScore.StatusCode));
        Assert.Single(applications);
    }

    [Fact]
    public void Score_OfACommittee_IsTheMeanOfWeightedShares() => Assert.Equal(70, LivingCity.Events.Hosts.HostEndpoints.ScoreOf(
        [new("rooms", "Rooms", 2, 5), new("reach", "Reach", 1, 10)],
        [(default, "a", "rooms", 5), (default, "a", "reach", 10), (default, "b", "rooms", 2), (default, "b", "reach", 4)]));

    [Fact]
    public async Task Report_ShowsQuotesWithConsentAlone_AndFollowUpCountsByYear()
    {
        using var organiser = host.As("sofia", "organiser");
        var report = new { summary = "Well", quotes = new[] { new { words = "Yes", by = "A", consent = true }, new { words = "Secret", by = "B", consent = false } } };

        using var written = await organiser.PutAsJsonAsync("/api/events/v1/events/assembly-2025/report", report, Cancelled);
        using var blind = await organiser.PutAsJsonAsync("/api/events/v1/events/assembly-2025/report", report, Cancelled);
        foreach (var (status, due) in new[] { ("open", "2025-12-01"), ("done", "2025-12-01"), ("under-way", "2099-01-01") })
        {
            using var added = await organiser.PostAsJsonAsync("/api/events/v1/events/assembly-2025/next-steps", new { promise = status, responsible = "Somebody", status, dueOn = due }, Cancelled);
            Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync(Cancelled));
        }

        using var anyone = host.Anonymous();
        var shown = await anyone.GetStringAsync("/api/events/v1/events/assembly-2025/report", Cancelled);
        var year = (await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/follow-up", Cancelled))!.Single(candidate => (int)candidate!["year"]! == 2025)!;
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.PreconditionRequired), (written.StatusCode, blind.StatusCode));
        Assert.DoesNotContain("Secret", shown, StringComparison.Ordinal);
        Assert.Equal((3, 1, 1, 1), ((int)year["promised"]!, (int)year["done"]!, (int)year["underWay"]!, (int)year["overdue"]!));
    }
}
