using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Programme;

public sealed class EditingTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Draft_UntilPublished_IsSeenByItsOrganisersAlone()
    {
        using var organiser = host.As("sofia", "organiser");
        using var other = host.As("sant-boi", "organiser");
        using var citizen = host.As("sofia", "citizen");
        using var anyone = host.Anonymous();
        await organiser.CreateAsync(Programmes.Of("draft-only"));

        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/api/events/v1/events/draft-only", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync("/api/events/v1/events/draft-only/draft", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await citizen.GetAsync("/api/events/v1/events/draft-only/draft", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await organiser.GetAsync("/api/events/v1/events/draft-only/draft", Cancelled)).StatusCode);

        await organiser.PublishAsync("draft-only");
        await Eventually.TrueAsync(async () => (await anyone.GetAsync("/api/events/v1/events/draft-only", Cancelled)).IsSuccessStatusCode, "it is published");
    }

    [Fact]
    public async Task Drafts_OfACity_AreListedForItsOrganisersAlone()
    {
        using var organiser = host.As("sofia", "organiser");
        using var other = host.As("sant-boi", "organiser");
        using var citizen = host.As("sofia", "citizen");
        await organiser.CreateAsync(Programmes.Of("own-draft"));

        var own = (await organiser.GetFromJsonAsync<JsonArray>("/api/events/v1/drafts", Cancelled))!;
        var others = (await other.GetFromJsonAsync<JsonArray>("/api/events/v1/drafts", Cancelled))!;

        Assert.Equal(("own-draft", 0), ((string)own[0]!["id"]!, (int)own[0]!["version"]!));
        Assert.Contains(own, item => (string)item!["id"]! == "forum-2026" && (int)item["version"]! == 1);
        Assert.DoesNotContain(others, item => (string)item!["id"]! == "own-draft");
        Assert.Equal(HttpStatusCode.Forbidden, (await citizen.GetAsync("/api/events/v1/drafts", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Edit_OfAnOldRevision_IsRefusedAndWithoutOneToo()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.CreateAsync(Programmes.Of("revised"));
        var changed = Programmes.Of("revised");
        changed["title"] = "Second";

        Assert.Equal(HttpStatusCode.PreconditionRequired, (await organiser.PutAsJsonAsync("/api/events/v1/events/revised/draft", changed, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await organiser.PutDraftAsync("revised", changed, "\"1\"")).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await organiser.PutDraftAsync("revised", changed, "\"1\"")).StatusCode);
    }

    [Fact]
    public async Task Publication_AfterEdits_ListsWhatChangedAndCountsUpWhatMoved()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.CreateAsync(Programmes.Of("listed", Programmes.Session("listed-a", "10:00", "11:00", "R1"), Programmes.Session("listed-b", "11:00", "12:00", "R1")));
        await organiser.PublishAsync("listed");
        await organiser.EditAsync("listed", draft =>
        {
            draft["sessions"]![0]!["room"] = "R2";
            draft["sessions"]![1]!["note"] = "Bring a pen";
            draft["sessions"]!.AsArray().Add(Programmes.Session("listed-c", "12:00", "13:00", "R1"));
        });

        var publication = await organiser.PublishAsync("listed");
        var again = await organiser.PublishAsync("listed");

        Assert.Equal(2, (int)publication["version"]!);
        Assert.Equal(["listed-a changed room", "listed-b changed note", "listed-c added "], publication["changes"]!.AsArray().Select(change => $"{change!["session"]} {change["kind"]} {change["field"]}").Order());
        Assert.Equal(2, (int)again["version"]!);
        Assert.Equal(1, await host.ScalarAsync<int>("SELECT sequence FROM session WHERE id = 'listed-a'"));
        Assert.Equal(0, await host.ScalarAsync<int>("SELECT sequence FROM session WHERE id = 'listed-b'"));
        using var anyone = host.Anonymous();
        Assert.Equal(2, (await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/events/listed/versions", Cancelled))!.Count);
    }

    [Theory]
    [InlineData("timeZone", "Europe/Nowhere", "timeZone")]
    [InlineData("id", "NO", "id")]
    public async Task Event_ThatCannotBe_IsRefusedByField(string member, string value, string field)
    {
        using var organiser = host.As("sofia", "organiser");
        var draft = Programmes.Of("wrong-one");
        draft[member] = value;

        var answer = await organiser.PostAsJsonAsync("/api/events/v1/events", draft, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["errors"]![field]);
    }

    [Theory]
    [InlineData("day", "day-9")]
    [InlineData("venue", "nowhere")]
    [InlineData("room", "R9")]
    [InlineData("joins", "nothing")]
    [InlineData("id", "elsewhere-a")]
    public async Task Session_ThatCannotBe_IsRefusedByField(string member, string value)
    {
        using var organiser = host.As("sofia", "organiser");
        var session = Programmes.Session("wrong-two-a", "10:00", "11:00", "R1");
        session[member] = value;

        var answer = await organiser.PostAsJsonAsync("/api/events/v1/events", Programmes.Of("wrong-two", session), Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["errors"]![$"sessions[0].{member}"]);
    }

    [Fact]
    public async Task Session_InTheHourThatTheClocksSkip_IsRefused()
    {
        using var organiser = host.As("sofia", "organiser");
        var draft = Programmes.Of("skipped", Programmes.Session("skipped-a", "03:30", "04:30", "R1"));
        draft["days"]![0]!["date"] = "2026-03-29";

        var answer = await organiser.PostAsJsonAsync("/api/events/v1/events", draft, Cancelled);

        Assert.NotNull((await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["errors"]!["sessions[0].from"]);
    }

    [Fact]
    public async Task Clashes_OfRoomAndPerson_AreShownToTheOrganiser()
    {
        using var organiser = host.As("sofia", "organiser");
        var (first, second) = (Programmes.Session("clashing-a", "10:00", "11:00", "R1"), Programmes.Session("clashing-b", "10:30", "11:30", "R1"));
        foreach (var session in (JsonObject[])[first, second])
        {
            session["people"] = new JsonArray(new JsonObject { ["person"] = "guido-rink", ["name"] = "Guido Rink", ["role"] = "speaker" });
        }

        await organiser.CreateAsync(Programmes.Of("clashing", first, second));

        var clashes = (await organiser.GetFromJsonAsync<JsonArray>("/api/events/v1/events/clashing/draft/clashes", Cancelled))!;

        Assert.Equal([("person", 30), ("room", 30)], clashes.Select(clash => ((string)clash!["kind"]!, (int)clash["missingMinutes"]!)).Order());
    }

    [Fact]
    public async Task Template_Used_GivesItsSessionAnotherNameAndId()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.CreateAsync(Programmes.Of("templated"));
        var made = await organiser.PostAsJsonAsync("/api/events/v1/templates", new { name = "Visit", body = Programmes.Session("templated-x", "09:00", "12:00", "R1") }, Cancelled);
        var template = (string)(await made.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"]!;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/events/v1/events/templated/draft/sessions") { Content = JsonContent.Create(new { template, id = "templated-visit", title = new { en = "A visit" } }) };
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");

        var draft = (await (await organiser.SendAsync(request, Cancelled)).Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;

        Assert.Equal(("templated-visit", "A visit", "09:00:00"), ((string)draft["sessions"]![0]!["id"]!, (string)draft["sessions"]![0]!["title"]!["en"]!, (string)draft["sessions"]![0]!["from"]!));
    }
}
