using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Programme;
using LivingCity.Events.Registration;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Registration;

/// <summary>Two visits at once, after which all meet: whoever has a seat in a visit has one of the meeting's.</summary>
public sealed class MeetingTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Visit_OfTheForum_HasASeatOfTheBusinessMeetingThatStaysThroughASwitchAndEndsWithIt()
    {
        using var person = fixture.Host.As("sofia", "citizen", "meets");
        var before = await TakenAsync(person, "forum-2026-business");

        var visit = await person.RegisterAsync("forum-2026-gate");
        var meeting = (await OwnAsync(person, "forum-2026-business"))!;
        var taken = await TakenAsync(person, "forum-2026-business");
        using var switched = await person.PostAsJsonAsync($"/api/events/v1/registrations/{visit["id"]}/switch", new { to = "forum-2026-techpark" }, Cancelled);
        var kept = (await OwnAsync(person, "forum-2026-business"))!;
        var agenda = (await person.GetFromJsonAsync<JsonArray>("/api/events/v1/agenda", Cancelled))!.Single(item => (string)item!["event"]! == "forum-2026")!;
        using var given = await person.DeleteAsync($"/api/events/v1/registrations/{(await OwnAsync(person, "forum-2026-techpark"))!["id"]}", Cancelled);

        Assert.Equal(("confirmed", true, before + 1), ((string)meeting["state"]!, (bool)meeting["joined"]!, taken));
        Assert.Equal((string)meeting["id"]!, (string)kept["id"]!);
        Assert.Contains(agenda["items"]!.AsArray(), item => (string)item!["session"]! == "forum-2026-business" && (string)item["state"]! == "joins");
        Assert.Null(await OwnAsync(person, "forum-2026-business"));
        Assert.Equal(before, await TakenAsync(person, "forum-2026-business"));
    }

    [Fact]
    public async Task Meeting_AskedForByOneself_StaysWhenTheVisitIsGivenBack()
    {
        using var person = fixture.Host.As("sant-boi", "citizen", "meets anyway");
        var visit = await person.RegisterAsync("forum-2026-gate");

        await person.RegisterAsync("forum-2026-business");
        using var given = await person.DeleteAsync($"/api/events/v1/registrations/{visit["id"]}", Cancelled);

        Assert.False((bool)(await OwnAsync(person, "forum-2026-business"))!["joined"]!);
        Assert.True((bool)(await person.GetFromJsonAsync<JsonObject>("/api/events/v1/events/forum-2026/log/replay", Cancelled))!["agrees"]!);
    }

    [Fact]
    public async Task Meeting_WithFewerSeatsThanVisitors_QueuesThemAndASeatGivenBackMovesTheNextUp()
    {
        using var organiser = fixture.Host.As("sofia", "organiser");
        JsonObject Visit(string id) => Leading(Programmes.Session(id, "10:00", "11:00", group: "fork"), "fork-meeting");
        await organiser.PublishNewAsync(Programmes.Of("fork", Visit("fork-a"), Visit("fork-b"), Programmes.Session("fork-meeting", "12:00", "13:00", capacity: 1)));
        using var first = fixture.Host.As("sofia", "citizen", "fork1");
        using var second = fixture.Host.As("sant-boi", "citizen", "fork2");
        var visit = await first.RegisterAsync("fork-a");
        await second.RegisterAsync("fork-b");
        var waiting = (await OwnAsync(second, "fork-meeting"))!;

        using var given = await first.DeleteAsync($"/api/events/v1/registrations/{visit["id"]}", Cancelled);

        Assert.Equal(("waiting", 1), ((string)waiting["state"]!, (int)waiting["position"]!));
        Assert.Equal("confirmed", (string)(await OwnAsync(second, "fork-meeting"))!["state"]!);
    }

    [Fact]
    public async Task Meeting_PlannedLater_SeatsThoseWhoHaveAVisitAlready()
    {
        using var organiser = fixture.Host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("later", Programmes.Session("later-a"), Programmes.Session("later-meeting")));
        using var person = fixture.Host.As("sofia", "citizen", "later");
        await person.RegisterAsync("later-a");

        await organiser.EditAsync("later", draft => draft["sessions"]![0]!["joins"] = "later-meeting");
        await organiser.PublishAsync("later");
        await Eventually.TrueAsync(async () => await OwnAsync(person, "later-meeting") is not null, "there is a seat in the meeting");
        await organiser.EditAsync("later", draft => draft["sessions"]![0]!.AsObject().Remove("joins"));
        await organiser.PublishAsync("later");

        await Eventually.TrueAsync(async () => await OwnAsync(person, "later-meeting") is null, "the seat has ended with the plan");
    }

    [Fact]
    public void Book_InAThousandRandomSequences_KeepsSeatsAndMeetingsInStepAndReplays()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var (book, log) = (new SeatBook(), new List<Command>());
            var people = Enumerable.Range(0, 8).Select(_ => Guid.NewGuid()).ToArray();
            string[] names = ["a", "b", "m"];
            void Do(Command command)
            {
                log.Add(ProgrammeJson.Parse<Command>(ProgrammeJson.Write(command)));
                book.Apply(command);
            }

            var sizes = names.ToDictionary(name => name, _ => (int?)random.Next(1, 6));
            PlanSeats Plan() => new([.. names.Select(name => new PlannedSession(name, sizes[name], name == "m" ? null : "visits", name == "m" ? null : "m"))]);
            Do(Plan());
            for (var step = 0; step < 60; step++)
            {
                var (person, at, to) = (people[random.Next(8)], names[random.Next(3)], names[random.Next(2)]);
                var place = book.Ledger.Of(person, at);
                switch (random.Next(8))
                {
                    case <= 2:
                        Do(new Register(at, [new Applicant(Guid.NewGuid(), person)]));
                        break;
                    case <= 4 when place is not null:
                        Do(new Cancel(place.Id));
                        break;
                    case 5 when place is not null && at != "m":
                        Do(new Switch(place.Id, to, Guid.NewGuid()));
                        break;
                    case 6 when place is not null:
                        Do(new Substitute(place.Id, people[random.Next(8)]));
                        break;
                    case 7:
                        sizes[at]++;
                        Do(Plan());
                        break;
                }

                Check(book.Ledger, people, $"seed {seed}, step {step}");
            }

            Assert.Equal(ProgrammeJson.Write(LogEndpoints.SeatsOf(book.Ledger)), ProgrammeJson.Write(LogEndpoints.SeatsOf(LogEndpoints.Replay(log))));
        }
    }

    private static void Check(SeatLedger ledger, Guid[] people, string at)
    {
        foreach (var session in ledger.AllSeats)
        {
            var seated = ledger.Places.Count(place => place.Session == session.Session && place.State == PlaceState.Confirmed);
            Assert.True(seated == session.Taken && seated <= session.Capacity && session.Queue.Count == session.Waiting, at);
            Assert.True(seated == session.Capacity || session.Waiting == 0, $"{at}: a seat of {session.Session} is free and somebody waits");
        }

        foreach (var person in people)
        {
            var visits = new[] { ledger.Of(person, "a"), ledger.Of(person, "b") }.Count(place => place?.State == PlaceState.Confirmed);
            Assert.True(visits <= 1, $"{at}: two visits");
            Assert.True(ledger.Of(person, "m") is not { Joined: true } || visits == 1, $"{at}: a meeting without a visit");
        }
    }

    private static JsonObject Leading(JsonObject session, string to)
    {
        session["joins"] = to;
        return session;
    }

    private static async Task<int> TakenAsync(HttpClient client, string session) =>
        (int)(await client.GetFromJsonAsync<JsonArray>("/api/events/v1/events/forum-2026/seats", Cancelled))!.Single(row => (string)row!["session"]! == session)!["taken"]!;

    private static async Task<JsonObject?> OwnAsync(HttpClient client, string session) =>
        (JsonObject?)(await client.GetFromJsonAsync<JsonArray>("/api/events/v1/registrations", Cancelled))!.FirstOrDefault(place => (string)place!["session"]! == session);
}
