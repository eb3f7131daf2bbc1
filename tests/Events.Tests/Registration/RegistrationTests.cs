using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Contracts.Events;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Registration;

public sealed class RegistrationTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Register_TwiceAtOnce_IsOneSeat()
    {
        using var person = host.As("sofia", "citizen", "twice");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AskAsync(person, "forum-2026-dinner")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single((await person.GetFromJsonAsync<JsonArray>("/api/events/v1/registrations", Cancelled))!);
    }

    [Fact]
    public async Task Register_OfAThousandForTwoSiteVisitsAtOnce_IsOneOfThemForEach()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("doubles", Programmes.Session("doubles-a", group: "doubles-visits"), Programmes.Session("doubles-b", group: "doubles-visits", capacity: 300)));
        var people = Enumerable.Range(0, 1000).Select(number => host.As("sofia", "citizen", $"double{number}")).ToArray();

        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Cancelled }, async (person, _) =>
        {
            var answers = await Task.WhenAll(AskAsync(person, "doubles-a"), AskAsync(person, "doubles-b"));
            Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, answer.StatusCode.ToString()));
        });

        Assert.Equal(1000L, await host.ScalarAsync<long>("SELECT count(DISTINCT participant) FROM registration WHERE event_id = 'doubles' AND state = 'confirmed'", "sofia"));
        Assert.Equal(1000L, await host.ScalarAsync<long>("SELECT count(*) FROM registration WHERE event_id = 'doubles' AND state = 'confirmed'", "sofia"));
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT count(*) FROM registration WHERE event_id = 'doubles' AND state = 'waiting' AND instead_of IS NULL", "sofia"));
        Array.ForEach(people, person => person.Dispose());
    }

    [Fact]
    public async Task Register_BeyondCapacity_QueuesAcrossCitiesAndASeatGivenBackGoesToTheFirst()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        var heard = await bus.ListenAsync<RegistrationConfirmed>();
        using var organiser = host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("queued", Programmes.Session("queued-a", capacity: 1)));
        using var first = host.As("sofia", "citizen", "q1");
        using var second = host.As("sant-boi", "citizen", "q2");
        using var third = host.As("sofia", "citizen", "q3");

        var seat = await first.RegisterAsync("queued-a");
        var next = await second.RegisterAsync("queued-a");
        var last = await third.RegisterAsync("queued-a");
        var given = await first.DeleteAsync($"/api/events/v1/registrations/{seat["id"]}", Cancelled);

        Assert.Equal(("confirmed", "waiting 1", "waiting 2"), ((string)seat["state"]!, $"{next["state"]} {next["position"]}", $"{last["state"]} {last["position"]}"));
        Assert.Equal(HttpStatusCode.NoContent, given.StatusCode);
        Assert.Equal("confirmed", (string)(await OwnAsync(second, "queued-a"))!["state"]!);
        Assert.Equal(1, (int)(await OwnAsync(third, "queued-a"))!["position"]!);
        await Eventually.TrueAsync(() => Task.FromResult(heard.Any(message => message.City == "sant-boi" && message.Seats.Any(confirmed => confirmed.RegistrationId == Guid.Parse((string)next["id"]!)))), "other services hear of it");
        Assert.DoesNotContain(heard.SelectMany(message => message.Seats), confirmed => confirmed.RegistrationId == Guid.Parse((string)last["id"]!));
    }

    [Fact]
    public async Task Capacity_ThatGrows_LetsPeopleMoveUp()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("growing", Programmes.Session("growing-a", capacity: 1)));
        using var first = host.As("sofia", "citizen", "g1");
        using var second = host.As("sofia", "citizen", "g2");
        await first.RegisterAsync("growing-a");
        await second.RegisterAsync("growing-a");

        await organiser.EditAsync("growing", draft => draft["sessions"]![0]!["capacity"] = 2);
        await organiser.PublishAsync("growing");

        await Eventually.TrueAsync(async () => (string)(await OwnAsync(second, "growing-a"))!["state"]! == "confirmed", "the second has a seat");
    }

    [Fact]
    public async Task Switch_ToAFullSession_KeepsTheSeatUntilThereIsOne()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("switching", Programmes.Session("switching-a", capacity: 1, group: "switching"), Programmes.Session("switching-b", capacity: 1, group: "switching")));
        using var mover = host.As("sofia", "citizen", "s1");
        using var holder = host.As("sant-boi", "citizen", "s2");
        using var waiter = host.As("sofia", "citizen", "s3");
        var held = await mover.RegisterAsync("switching-a");
        var wanted = await holder.RegisterAsync("switching-b");
        await waiter.RegisterAsync("switching-a");

        using var switched = await mover.PostAsJsonAsync($"/api/events/v1/registrations/{held["id"]}/switch", new { to = "switching-b" }, Cancelled);

        Assert.Equal("waiting", (string)(await switched.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["state"]!);
        Assert.Equal("confirmed", (string)(await OwnAsync(mover, "switching-a"))!["state"]!);
        using var given = await holder.DeleteAsync($"/api/events/v1/registrations/{wanted["id"]}", Cancelled);
        Assert.Null(await OwnAsync(mover, "switching-a"));
        Assert.Equal("confirmed", (string)(await OwnAsync(mover, "switching-b"))!["state"]!);
        Assert.Equal("confirmed", (string)(await OwnAsync(waiter, "switching-a"))!["state"]!);
    }

    [Fact]
    public async Task Substitution_ByAColleague_HandsTheSeatOverOnceAndInTheCityOnly()
    {
        using var person = host.As("sofia", "citizen", "leaves");
        using var colleague = host.As("sofia", "citizen", "comes");
        using var stranger = host.As("sant-boi", "citizen", "stranger");
        var seat = await person.RegisterAsync("forum-2026-scene");
        using var offered = await person.PostAsync($"/api/events/v1/registrations/{seat["id"]}/substitution", null, Cancelled);
        var code = (await offered.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["code"];

        using var refused = await stranger.PostAsJsonAsync("/api/events/v1/substitutions", new { code }, Cancelled);
        using var taken = await colleague.PostAsJsonAsync("/api/events/v1/substitutions", new { code }, Cancelled);
        using var again = await colleague.PostAsJsonAsync("/api/events/v1/substitutions", new { code }, Cancelled);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Created, HttpStatusCode.NotFound), (refused.StatusCode, taken.StatusCode, again.StatusCode));
        Assert.Null(await OwnAsync(person, "forum-2026-scene"));
        Assert.Equal((string)seat["id"]!, (string)(await OwnAsync(colleague, "forum-2026-scene"))!["id"]!);
    }

    [Fact]
    public async Task Group_ThatDoesNotFit_WaitsTogether()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("grouped", Programmes.Session("grouped-a", capacity: 2)));
        using var leader = host.As("sofia", "citizen", "leader");
        using var small = host.As("sofia", "citizen", "small");

        using var group = await leader.PostAsJsonAsync("/api/events/v1/sessions/grouped-a/registrations", new { companions = new[] { "Ana", "Boris" } }, Cancelled);
        var single = await small.RegisterAsync("grouped-a");

        Assert.Equal("waiting", (string)(await group.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["state"]!);
        Assert.Equal(("waiting", 4), ((string)single["state"]!, (int)single["position"]!));
    }

    [Fact]
    public async Task Priority_InTheQueue_NeedsAReasonThatEverybodyReads()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("ranked", Programmes.Session("ranked-a", capacity: 0)));
        using var first = host.As("sofia", "citizen", "r1");
        using var second = host.As("sant-boi", "citizen", "r2");
        await first.RegisterAsync("ranked-a");
        var late = await second.RegisterAsync("ranked-a");

        using var refused = await organiser.PutAsJsonAsync($"/api/events/v1/events/ranked/registrations/{late["id"]}/priority", new { priority = 5, reason = " " }, Cancelled);
        using var foreign = await second.PutAsJsonAsync($"/api/events/v1/events/ranked/registrations/{late["id"]}/priority", new { priority = 5, reason = "me" }, Cancelled);
        using var done = await organiser.PutAsJsonAsync($"/api/events/v1/events/ranked/registrations/{late["id"]}/priority", new { priority = 5, reason = "speaks there" }, Cancelled);
        await organiser.EditAsync("ranked", draft => draft["sessions"]![0]!["capacity"] = 1);
        await organiser.PublishAsync("ranked");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.NoContent), (refused.StatusCode, foreign.StatusCode, done.StatusCode));
        await Eventually.TrueAsync(async () => (string)(await OwnAsync(second, "ranked-a"))!["state"]! == "confirmed", "the one with priority has the seat");
        using var anyone = host.Anonymous();
        Assert.Contains("speaks there", await anyone.GetStringAsync("/api/events/v1/events/ranked/log", Cancelled), StringComparison.Ordinal);
        Assert.True((bool)(await anyone.GetFromJsonAsync<JsonObject>("/api/events/v1/events/ranked/log/replay", Cancelled))!["agrees"]!);
    }

    [Fact]
    public async Task Key_UsedAgain_GivesTheFirstAnswerAndForAnotherRequestNone()
    {
        using var person = host.As("sofia", "citizen", "keyed");
        person.DefaultRequestHeaders.Add("Idempotency-Key", "one");

        var first = await person.RegisterAsync("forum-2026-cio");
        var repeat = await person.RegisterAsync("forum-2026-cio");
        using var other = await person.PostAsync("/api/events/v1/sessions/forum-2026-tour/registrations", null, Cancelled);

        Assert.True(JsonNode.DeepEquals(first, repeat));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task Guest_InAnOpenSession_GetsASeatThatItsCodeGivesBack()
    {
        using var anyone = host.Anonymous();
        var guest = new { name = "Guest", email = "guest@example.org", consent = true };

        using var closed = await anyone.PostAsJsonAsync("/api/events/v1/sessions/forum-2026-dinner/guests", guest, Cancelled);
        using var open = await anyone.PostAsJsonAsync("/api/events/v1/sessions/assembly-2026-debate/guests", guest, Cancelled);
        using var twice = await anyone.PostAsJsonAsync("/api/events/v1/sessions/assembly-2026-debate/guests", guest, Cancelled);
        using var silent = await anyone.PostAsJsonAsync("/api/events/v1/sessions/assembly-2026-debate/guests", guest with { consent = false }, Cancelled);
        var code = (string)(await open.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["code"]!;
        using var given = await anyone.DeleteAsync($"/api/events/v1/guests/{code}", Cancelled);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.BadRequest, HttpStatusCode.NoContent), (closed.StatusCode, open.StatusCode, twice.StatusCode, silent.StatusCode, given.StatusCode));
    }

    [Fact]
    public async Task Invitation_OpensASessionForMembersToAGuest()
    {
        using var organiser = host.As("sofia", "organiser");
        using var anyone = host.Anonymous();
        using var made = await organiser.PostAsJsonAsync("/api/events/v1/events/forum-2026/invitations", new { name = "Guest", email = "invited@example.org" }, Cancelled);
        var invitation = (string)(await made.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["code"]!;

        using var seat = await anyone.PostAsJsonAsync("/api/events/v1/sessions/forum-2026-newcomers/guests", new { name = "Guest", email = "invited@example.org", consent = true, invitation }, Cancelled);

        Assert.Equal(HttpStatusCode.Created, seat.StatusCode);
    }

    [Fact]
    public async Task Register_WithoutSessionOrToken_IsRefused()
    {
        using var person = host.As("sofia", "citizen");
        using var anyone = host.Anonymous();
        using var nobodysCity = host.As(null, "citizen");

        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(person, "no-such-session")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(anyone, "forum-2026-dinner")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(nobodysCity, "forum-2026-dinner")).StatusCode);
    }

    [Fact]
    public async Task Cancel_SomebodyElsesSeat_DoesNotExist()
    {
        using var person = host.As("sofia", "citizen", "owner");
        using var other = host.As("sofia", "citizen", "other");
        using var foreign = host.As("sant-boi", "citizen", "other");
        var seat = await person.RegisterAsync("forum-2026-tour");

        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync($"/api/events/v1/registrations/{seat["id"]}", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await foreign.DeleteAsync($"/api/events/v1/registrations/{seat["id"]}", Cancelled)).StatusCode);
        Assert.NotNull(await OwnAsync(person, "forum-2026-tour"));
    }

    [Fact]
    public async Task Session_TakenOut_EndsItsSeatsAndTakesNoMore()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("shrinking", Programmes.Session("shrinking-a"), Programmes.Session("shrinking-b")));
        using var person = host.As("sofia", "citizen", "shrunk");
        await person.RegisterAsync("shrinking-a");

        await organiser.EditAsync("shrinking", draft => draft["sessions"]!.AsArray().RemoveAt(0));
        await organiser.PublishAsync("shrinking");

        await Eventually.TrueAsync(async () => await OwnAsync(person, "shrinking-a") is null, "the seat has ended");
        Assert.Equal(HttpStatusCode.Conflict, (await AskAsync(person, "shrinking-a")).StatusCode);
    }

    [Fact]
    public async Task Profile_WithoutConsent_KeepsNoNeeds()
    {
        using var person = host.As("sofia", "citizen", "profile");

        using var refused = await person.PutAsJsonAsync("/api/events/v1/events/forum-2026/profile", new { name = "A", diet = "vegan" }, Cancelled);
        using var kept = await person.PutAsJsonAsync("/api/events/v1/events/forum-2026/profile", new { name = "A", diet = "vegan", consent = true }, Cancelled);
        var read = (await person.GetFromJsonAsync<JsonObject>("/api/events/v1/events/forum-2026/profile", Cancelled))!;
        using var erased = await person.DeleteAsync("/api/events/v1/events/forum-2026/profile", Cancelled);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.NoContent), (refused.StatusCode, kept.StatusCode, erased.StatusCode));
        Assert.Equal("vegan", (string)read["diet"]!);
        Assert.Null((await person.GetFromJsonAsync<JsonObject>("/api/events/v1/events/forum-2026/profile", Cancelled))!["diet"]);
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string session) => client.PostAsync($"/api/events/v1/sessions/{session}/registrations", null, Cancelled);

    private static async Task<JsonObject?> OwnAsync(HttpClient client, string session) =>
        (JsonObject?)(await client.GetFromJsonAsync<JsonArray>("/api/events/v1/registrations", Cancelled))!.FirstOrDefault(place => (string)place!["session"]! == session);
}
