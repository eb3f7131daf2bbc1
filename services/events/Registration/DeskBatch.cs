using System.Text.Json;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Events.Registration;

/// <summary>Works through requests in their order, in one transaction: either all that was decided holds, or nothing of it.</summary>
internal sealed class DeskBatch(Work work, DeskState state, string eventId, string owner, DateTimeOffset now)
{
    private readonly DeskWriter writer = new(work, eventId, owner, now);

    public async Task<IReadOnlyList<DeskAnswer>> RunAsync(IReadOnlyList<DeskRequest> requests, CancellationToken cancellationToken)
    {
        if (state.Plan is not null)
        {
            Apply(state.Plan);
        }

        var answers = requests.Select(request => Answer(request)).ToArray();
        TellWhoMoved();
        writer.Write(state);
        await work.CommitAsync(cancellationToken);
        return answers;
    }

    private DeskAnswer Answer(DeskRequest request)
    {
        if (request.Key is { } key && state.Answers.TryGetValue((key.Caller, key.Value), out var kept))
        {
            return new DeskAnswer(Verdict.Existing, [], new KeptAnswer(
                kept.Fingerprint.AsSpan().SequenceEqual(key.Fingerprint) ? JsonSerializer.Deserialize<RegistrationView[]>(kept.Body, ProgrammeJson.Options) : null));
        }

        var answer = Decide(request);
        if (request.Key is { } used && answer.Verdict is Verdict.Confirmed or Verdict.Waiting or Verdict.Existing or Verdict.Cancelled or Verdict.Done)
        {
            RegistrationView[] views = [.. answer.Views];
            writer.Keep(request.Key, views);
            state.Answers[(request.Key.Caller, request.Key.Value)] = (request.Key.Fingerprint, JsonSerializer.SerializeToUtf8Bytes(views, ProgrammeJson.Options));
        }

        return answer;
    }

    private DeskAnswer Decide(DeskRequest request) => request switch
    {
        RegisterRequest register => Register(register),
        CancelRequest cancel => Cancel(cancel),
        SwitchRequest change => Switch(change),
        TakeOverRequest take => TakeOver(take),
        PrioritiseRequest prioritise => Answer(Apply(new Prioritise(prioritise.Registration, prioritise.Priority, prioritise.Reason)), state.Book.Ledger.Find(prioritise.Registration)),
        AllocateRequest allocate => Allocate(allocate),
        _ => new DeskAnswer(Verdict.Done, []),
    };

    private DeskAnswer Register(RegisterRequest request)
    {
        var visitors = request.Companions.Select((name, at) => request.Visitor! with { Person = $"{request.Visitor.Person}/{Guid.CreateVersion7():N}", Name = name, Email = null }).Prepend(request.Visitor!).ToArray();
        var found = state.ByPerson.GetValueOrDefault(request.Visitor!.Person);
        if (found is not null && state.Book.Ledger.Of(found.Id, request.Session) is { } existing)
        {
            if (request.Companions.Count == 0 && existing.Joined)
            {
                Apply(new Register(request.Session, [new Applicant(existing.Id, found.Id)]));
            }

            return request.Companions.Count == 0 ? Answer(Verdict.Existing, existing) : new DeskAnswer(Verdict.AlreadyThere, []);
        }

        var applicants = visitors.Select(visitor => (Visitor: visitor, Row: state.ByPerson.GetValueOrDefault(visitor.Person) ?? new Participant(Guid.NewGuid(), visitor.Person, visitor.City, visitor.Name, visitor.Email))).ToArray();
        var command = new Register(request.Session, [.. applicants.Select(applicant => new Applicant(Guid.CreateVersion7(), applicant.Row.Id))]);
        var verdict = state.Book.Apply(command);
        if (verdict is not (Verdict.Confirmed or Verdict.Waiting))
        {
            return new DeskAnswer(verdict, []);
        }

        foreach (var (visitor, row) in applicants.Where(applicant => !state.ById.ContainsKey(applicant.Row.Id)))
        {
            state.Add(row);
            writer.Add(row, visitor);
        }

        writer.Log(command);
        var places = command.Applicants.Select(applicant => state.Book.Ledger.Find(applicant.Registration)!).ToArray();
        foreach (var place in places)
        {
            writer.Tell(place.State == PlaceState.Confirmed ? "confirmed" : "waiting", place.Participant, place.Session, $"{place.Id:N}");
        }

        return new DeskAnswer(verdict, [.. places.Select(place => View(place))]);
    }

    private DeskAnswer Cancel(CancelRequest request)
    {
        if (Own(request.Registration, request.Anybodys ? null : request.Visitor) is not { } place)
        {
            return new DeskAnswer(Verdict.NotFound, []);
        }

        return Answer(Apply(new Cancel(place.Id)), place);
    }

    private DeskAnswer Switch(SwitchRequest request)
    {
        if (Own(request.Registration, request.Visitor) is not { } held)
        {
            return new DeskAnswer(Verdict.NotFound, []);
        }

        var verdict = Apply(new Switch(held.Id, request.To, Guid.CreateVersion7()));
        return verdict is Verdict.Confirmed or Verdict.Waiting ? Answer(verdict, state.Book.Ledger.Of(held.Participant, request.To)) : new DeskAnswer(verdict, []);
    }

    private DeskAnswer TakeOver(TakeOverRequest request)
    {
        if (state.Book.Ledger.Find(request.Registration) is not { } place || state.ById[place.Participant].City != request.Visitor!.City)
        {
            return new DeskAnswer(Verdict.NotFound, []);
        }

        var row = state.ByPerson.GetValueOrDefault(request.Visitor.Person);
        var colleague = row ?? new Participant(Guid.NewGuid(), request.Visitor.Person, request.Visitor.City, request.Visitor.Name, request.Visitor.Email);
        var command = new Substitute(place.Id, colleague.Id);
        var verdict = state.Book.Apply(command);
        if (verdict is not (Verdict.Confirmed or Verdict.Waiting))
        {
            return new DeskAnswer(verdict, []);
        }

        if (row is null)
        {
            state.Add(colleague);
            writer.Add(colleague, request.Visitor);
        }

        writer.Log(command);
        writer.Tell(verdict == Verdict.Confirmed ? "confirmed" : "waiting", colleague.Id, place.Session, $"{place.Id:N} {colleague.Id:N}");
        return Answer(verdict, place);
    }

    private DeskAnswer Allocate(AllocateRequest request)
    {
        var command = new Allocate(request.Group, request.Seed, state.Wishes);
        var verdict = Apply(command);
        var places = command.Wishes.Select(wish => state.Book.Ledger.Find(wish.Registration)).OfType<Place>().ToArray();
        foreach (var place in places)
        {
            writer.Tell(place.State == PlaceState.Confirmed ? "confirmed" : "waiting", place.Participant, place.Session, $"{place.Id:N}");
        }

        return new DeskAnswer(verdict, [.. places.Select(place => View(place))]);
    }

    private Verdict Apply(Command command)
    {
        var verdict = state.Book.Apply(command);
        if (verdict is Verdict.Confirmed or Verdict.Waiting or Verdict.Cancelled or Verdict.Done)
        {
            writer.Log(command);
        }

        return verdict;
    }

    private void TellWhoMoved()
    {
        var ledger = state.Book.Ledger;
        foreach (var place in ledger.Promoted)
        {
            writer.Tell("promoted", place.Participant, place.Session, $"{place.Id:N} up");
        }

        foreach (var place in ledger.Met.Where(place => place.State != PlaceState.Cancelled).Except(ledger.Promoted))
        {
            writer.Tell(place.State == PlaceState.Confirmed ? "confirmed" : "waiting", place.Participant, place.Session, $"{place.Id:N}");
        }

        // Of a session that was taken out the publication tells.
        foreach (var place in ledger.Ended.Where(place => state.RegisteredAt.ContainsKey(place.Id) && !ledger.FindSeats(place.Session)!.Cancelled))
        {
            writer.Tell("cancelled", place.Participant, place.Session, $"{place.Id:N} ended");
        }
    }

    private Place? Own(Guid registration, Visitor? visitor) =>
        state.Book.Ledger.Find(registration) is { } place && (visitor is null || state.ById[place.Participant].Person == visitor.Person) ? place : null;

    private DeskAnswer Answer(Verdict verdict, Place? place) => new(verdict, place is null ? [] : [View(place)]);

    /// <summary>A new place is the last one of its queue; for one that was there before, the position is looked up by who shows it.</summary>
    private RegistrationView View(Place place) => new(
        place.Id, eventId, place.Session, state.ById[place.Participant].Name, place.State, place.State == PlaceState.Waiting && !state.RegisteredAt.ContainsKey(place.Id) ? state.Book.Ledger.FindSeats(place.Session)!.Waiting : null,
        state.RegisteredAt.TryGetValue(place.Id, out var since) ? since : now, place.InsteadOf, place.Joined);
}
