namespace LivingCity.Events.Registration;

/// <summary>
/// Decides on the seats of one event, one command after the other: never beyond capacity, one of an exclusive group at most, fair queues, switching that never leaves anybody without a seat.
/// Knows no clock, no database and no names, so a log of commands leads to the same seats wherever it is replayed. Not thread-safe.
/// </summary>
internal sealed class SeatBook
{
    /// <summary>Who sits and waits.</summary>
    public SeatLedger Ledger { get; } = new();

    public Verdict Apply(Command command)
    {
        var verdict = command switch
        {
            PlanSeats plan => Plan(plan),
            Register register => Register(register),
            Cancel cancel => Cancel(cancel),
            Switch change => Switch(change),
            Substitute substitute => Substitute(substitute),
            Prioritise prioritise => Prioritise(prioritise),
            Allocate allocate => Allocate(allocate),
            _ => throw new ArgumentOutOfRangeException(nameof(command)),
        };
        Ledger.Refill();
        return verdict;
    }

    private Verdict Plan(PlanSeats plan)
    {
        foreach (var planned in plan.Sessions)
        {
            Ledger.Plan(planned);
        }

        var kept = plan.Sessions.Select(planned => planned.Session).ToHashSet();
        foreach (var session in Ledger.AllSeats.Where(session => !kept.Contains(session.Session) && !session.Cancelled).ToArray())
        {
            Ledger.Close(session);
        }

        Ledger.MeetAgain();
        return Verdict.Done;
    }

    private Verdict Register(Register register)
    {
        if (Ledger.FindSeats(register.Session) is not { Cancelled: false } session)
        {
            return Ledger.FindSeats(register.Session) is null ? Verdict.NotFound : Verdict.Closed;
        }

        if (register.Applicants is [var only] && Ledger.Of(only.Participant, register.Session) is { } known)
        {
            return Claim(known);
        }

        if (register.Applicants.Any(applicant => Ledger.Of(applicant.Participant, register.Session) is not null))
        {
            return Verdict.AlreadyThere;
        }

        if (register.Applicants.Any(applicant => Ledger.SeatInGroup(applicant.Participant, session) is not null))
        {
            return Verdict.Exclusive;
        }

        var free = session.Has(register.Applicants.Count) && session.Waiting == 0;
        foreach (var applicant in register.Applicants)
        {
            Ledger.Add(session, applicant.Registration, applicant.Participant, free, null);
        }

        return free ? Verdict.Confirmed : Verdict.Waiting;
    }

    /// <summary>Who asks for a place that came with another one keeps it without that one too.</summary>
    private Verdict Claim(Place known)
    {
        if (!known.Joined)
        {
            return Verdict.Existing;
        }

        known.Joined = false;
        Ledger.Touched.Add(known);
        return known.State == PlaceState.Confirmed ? Verdict.Confirmed : Verdict.Waiting;
    }

    private Verdict Cancel(Cancel cancel)
    {
        if (Ledger.Find(cancel.Registration) is not { } place)
        {
            return Verdict.NotFound;
        }

        Ledger.Remove(place);
        return Verdict.Cancelled;
    }

    private Verdict Switch(Switch change)
    {
        if (Ledger.Find(change.Registration) is not { State: PlaceState.Confirmed } held || Ledger.FindSeats(change.To) is not { } to || to.Session == held.Session)
        {
            return Verdict.NotFound;
        }

        if (to.Cancelled)
        {
            return Verdict.Closed;
        }

        var there = Ledger.Of(held.Participant, to.Session);
        if ((Ledger.SeatInGroup(held.Participant, to) is { } other && other != held) || there is { State: PlaceState.Confirmed })
        {
            return Verdict.Exclusive;
        }

        if (there is not null)
        {
            there.InsteadOf = held.Id;
            Ledger.Touched.Add(there);
            return Verdict.Waiting;
        }

        var free = to.Has(1) && to.Waiting == 0;
        Ledger.Add(to, change.New, held.Participant, free, free ? null : held.Id);
        if (free)
        {
            Ledger.Remove(held);
        }

        return free ? Verdict.Confirmed : Verdict.Waiting;
    }

    private Verdict Substitute(Substitute substitute)
    {
        if (Ledger.Find(substitute.Registration) is not { } place)
        {
            return Verdict.NotFound;
        }

        if (place.Participant == substitute.Participant || Ledger.Of(substitute.Participant, place.Session) is not null)
        {
            return Verdict.AlreadyThere;
        }

        if (Ledger.SeatInGroup(substitute.Participant, Ledger.FindSeats(place.Session)!) is not null)
        {
            return Verdict.Exclusive;
        }

        // Given on by itself it no longer hangs on the visit that it came with.
        place.Joined = false;
        Ledger.HandOver(place, substitute.Participant);
        return place.State == PlaceState.Confirmed ? Verdict.Confirmed : Verdict.Waiting;
    }

    private Verdict Prioritise(Prioritise prioritise)
    {
        if (Ledger.Find(prioritise.Registration) is not { State: PlaceState.Waiting } place || string.IsNullOrWhiteSpace(prioritise.Reason))
        {
            return Verdict.NotFound;
        }

        Ledger.Requeue(place, prioritise.Priority);
        return Verdict.Done;
    }

    private Verdict Allocate(Allocate allocate)
    {
        var group = Ledger.AllSeats.Where(session => session.Group == allocate.Group && !session.Cancelled).ToDictionary(session => session.Session);
        var wishes = allocate.Wishes.Where(wish => group.Values.All(session => Ledger.Of(wish.Participant, session.Session) is null)).ToArray();
        var free = group.Values.ToDictionary(session => session.Session, session => session.Waiting > 0 ? 0 : session.Capacity is { } capacity ? Math.Max(0, capacity - session.Taken) : wishes.Length);
        var result = Allocation.Allocator.Allocate(free, wishes, allocate.Seed);
        foreach (var wish in result.Order.Select(index => wishes[index]))
        {
            if (result.Seats.TryGetValue(wish.Participant, out var session))
            {
                Ledger.Add(group[session], wish.Registration, wish.Participant, true, null);
            }
            else if (wish.Ranking.FirstOrDefault(group.ContainsKey) is { } first)
            {
                Ledger.Add(group[first], wish.Registration, wish.Participant, false, null);
            }
        }

        return Verdict.Done;
    }
}
