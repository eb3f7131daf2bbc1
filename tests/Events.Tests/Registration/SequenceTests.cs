using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Programme;
using LivingCity.Events.Registration;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Registration;

/// <summary>Random sequences of registering, cancelling, switching and more seats, against a model on paper: alone, through the whole service, and replayed from the log.</summary>
public sealed class SequenceTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Book_InAThousandRandomSequences_AgreesWithTheModelAndWithItsReplay()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var sessions = Names.ToDictionary(name => name, name => (Capacity: (int?)random.Next(0, 4), Group: name == "d" ? null : "visits"));
            var (book, model, log) = (new SeatBook(), new NaiveSeats(sessions), new List<Command>());
            var (people, registrations) = (Enumerable.Range(0, 8).Select(_ => Guid.NewGuid()).ToArray(), new Dictionary<(Guid, string), Guid>());
            void Do(Command command)
            {
                log.Add(ProgrammeJson.Parse<Command>(ProgrammeJson.Write(command)));
                book.Apply(command);
            }

            Do(Plan(sessions));
            for (var step = 0; step < 60; step++)
            {
                var (person, at, to) = (people[random.Next(people.Length)], Names[random.Next(4)], Names[random.Next(4)]);
                switch (random.Next(8))
                {
                    case <= 3:
                        Do(new Register(at, [new Applicant(Guid.NewGuid(), person)]));
                        model.Register(person.ToString(), at);
                        break;
                    case <= 5:
                        if (book.Ledger.Of(person, at) is { } place)
                        {
                            Do(new Cancel(place.Id));
                            model.Cancel(person.ToString(), at);
                        }

                        break;
                    case 6:
                        if (book.Ledger.Of(person, at) is { } held)
                        {
                            Do(new Switch(held.Id, to, Guid.NewGuid()));
                            model.Switch(person.ToString(), at, to);
                        }

                        break;
                    default:
                        sessions[at] = sessions[at] with { Capacity = sessions[at].Capacity + 1 };
                        Do(Plan(sessions));
                        model.Resize(at, sessions[at].Capacity);
                        break;
                }

                Compare(book, model, seed);
            }

            Assert.Equal(Written(LogEndpoints.SeatsOf(book.Ledger)), Written(LogEndpoints.SeatsOf(LogEndpoints.Replay(log))));
        }
    }

    [Fact]
    public async Task Service_InRandomSequences_AgreesWithTheModelAndItsReplay()
    {
        using var organiser = fixture.Host.As("sofia", "organiser");
        var sessions = Names.ToDictionary(name => $"random-{name}", name => (Capacity: (int?)2, Group: name == "d" ? null : "random-visits"));
        await organiser.PublishNewAsync(Programmes.Of("random", [.. sessions.Select(session => Programmes.Session(session.Key, "10:00", "11:00", null, session.Value.Capacity, session.Value.Group))]));
        var (random, model) = (new Random(7), new NaiveSeats(sessions));
        var people = Enumerable.Range(0, 8).Select(number => (Name: $"p{number}", Client: fixture.Host.As(number % 2 == 0 ? "sofia" : "sant-boi", $"random{number}"))).ToArray();
        for (var step = 0; step < 300; step++)
        {
            var (person, at, to) = (people[random.Next(people.Length)], $"random-{Names[random.Next(4)]}", $"random-{Names[random.Next(4)]}");
            if (random.Next(2) == 0)
            {
                using var _ = await person.Client.PostAsync($"/api/events/v1/sessions/{at}/registrations", null, Cancelled);
                model.Register(person.Name, at);
                continue;
            }

            var own = (await person.Client.GetFromJsonAsync<JsonArray>("/api/events/v1/registrations", Cancelled))!.FirstOrDefault(place => (string)place!["session"]! == at);
            if (own is null)
            {
                continue;
            }

            if (random.Next(2) == 0)
            {
                using var _ = await person.Client.DeleteAsync($"/api/events/v1/registrations/{own["id"]}", Cancelled);
                model.Cancel(person.Name, at);
            }
            else
            {
                using var _ = await person.Client.PostAsJsonAsync($"/api/events/v1/registrations/{own["id"]}/switch", new { to }, Cancelled);
                model.Switch(person.Name, at, to);
            }
        }

        foreach (var (name, client) in people)
        {
            var own = (await client.GetFromJsonAsync<JsonArray>("/api/events/v1/registrations", Cancelled))!;
            Assert.Equal(
                model.Seated.Where(seats => seats.Value.Contains(name)).Select(seats => $"{seats.Key} confirmed ")
                    .Concat(model.Queue.SelectMany(queue => queue.Value.Select((place, at) => (queue.Key, place.Person, at))).Where(place => place.Person == name).Select(place => $"{place.Key} waiting {place.at + 1}")).Order(),
                own.Select(place => $"{place!["session"]} {place["state"]} {place["position"]}").Order());
            client.Dispose();
        }

        Assert.True((bool)(await organiser.GetFromJsonAsync<JsonObject>("/api/events/v1/events/random/log/replay", Cancelled))!["agrees"]!);
    }

    private static PlanSeats Plan(Dictionary<string, (int? Capacity, string? Group)> sessions) => new([.. sessions.Select(session => new PlannedSession(session.Key, session.Value.Capacity, session.Value.Group))]);

    private static void Compare(SeatBook book, NaiveSeats model, int seed)
    {
        foreach (var list in LogEndpoints.SeatsOf(book.Ledger))
        {
            Assert.True(model.Seated[list.Session].Order().SequenceEqual(list.Confirmed.Select(id => book.Ledger.Find(id)!.Participant.ToString()).Order()), $"seed {seed}, seats of {list.Session}");
            Assert.True(model.Queue[list.Session].Select(place => place.Person).SequenceEqual(list.Waiting.Select(id => book.Ledger.Find(id)!.Participant.ToString())), $"seed {seed}, queue of {list.Session}");
            var seats = book.Ledger.FindSeats(list.Session)!;
            Assert.Equal((list.Confirmed.Count, list.Waiting.Count), (seats.Taken, seats.Waiting));
        }
    }

    private static string Written(IReadOnlyList<SeatList> seats) => ProgrammeJson.Write(seats);
}
