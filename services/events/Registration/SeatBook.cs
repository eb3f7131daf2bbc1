namespace LivingCity.Events.Registration;

internal enum PlaceState
{
    Confirmed,
    Waiting,
    Cancelled,
}

/// <summary>A seat or a place in a queue.</summary>
internal sealed class Place(Guid id, string session, Guid participant, PlaceState state, long ticket, int priority = 0, Guid? insteadOf = null)
{
    public Guid Id { get; } = id;

    public string Session { get; } = session;

    public Guid Participant { get; set; } = participant;

    public PlaceState State { get; set; } = state;

    /// <summary>Order of asking within the session.</summary>
    public long Ticket { get; } = ticket;

    public int Priority { get; set; } = priority;

    /// <summary>The seat that is given up when this one is got.</summary>
    public Guid? InsteadOf { get; set; } = insteadOf;
}

/// <summary>The seats of a session.</summary>
internal sealed class Seats(string session)
{
    public string Session { get; } = session;

    public int? Capacity { get; set; }

    public string? Group { get; set; }

    public bool Cancelled { get; set; }

    public int Taken { get; set; }

    /// <summary>How many wait, whether or not they are in <see cref="Queue"/>.</summary>
    public int Waiting { get; set; }

    public long NextTicket { get; set; } = 1;

    /// <summary>Who waits: the higher priority first, then who asked first.</summary>
    public SortedSet<Place> Queue { get; } = new(Comparer<Place>.Create((a, b) => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Ticket.CompareTo(b.Ticket)));

    public bool Has(int seats) => Capacity is not { } capacity || Taken + seats <= capacity;
}

/// <summary>
/// Decides on the seats of one event, one command after the other: never beyond capacity, one of an exclusive group at most, fair queues, switching that never leaves anybody without a seat.
/// Knows no clock, no database and no names, so a log of commands leads to the same seats wherever it is replayed. It may hold a part of the event: the sessions, the places of those
/// concerned, and the queues where a command can free a seat (<see cref="CanFree"/>). Not thread-safe.
/// </summary>
internal sealed class SeatBook
{
    private readonly Dictionary<string, Seats> seats = [];
    private readonly Dictionary<Guid, Place> places = [];
    private readonly Dictionary<Guid, List<Place>> byParticipant = [];

    /// <summary>What the commands have changed so far.</summary>
    public HashSet<Place> Touched { get; } = [];

    public HashSet<Seats> TouchedSeats { get; } = [];

    /// <summary>Who has moved up from a queue to a seat.</summary>
    public List<Place> Promoted { get; } = [];

    public IEnumerable<Seats> AllSeats => seats.Values;

    public IEnumerable<Place> Places => places.Values;

    public static bool CanFree(Command command) => command is not Registration.Register;

    public void Load(Seats session) => seats[session.Session] = session;

    public void Load(Place place)
    {
        Keep(place);
        if (place.State == PlaceState.Waiting && seats.TryGetValue(place.Session, out var session))
        {
            session.Queue.Add(place);
        }
    }

    public Place? Find(Guid registration) => places.GetValueOrDefault(registration);

    public Seats? FindSeats(string session) => seats.GetValueOrDefault(session);

    /// <summary>The place in a session that a participant has.</summary>
    public Place? Of(Guid participant, string session) => byParticipant.GetValueOrDefault(participant)?.Find(place => place.Session == session);

    public Verdict Apply(Command command) => command switch
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

    private Verdict Plan(PlanSeats plan)
    {
        foreach (var planned in plan.Sessions)
        {
            if (!seats.TryGetValue(planned.Session, out var session))
            {
                seats[planned.Session] = session = new Seats(planned.Session);
            }

            (session.Capacity, session.Group, session.Cancelled) = (planned.Capacity, planned.Group, false);
            TouchedSeats.Add(session);
        }

        var kept = plan.Sessions.Select(planned => planned.Session).ToHashSet();
        foreach (var session in seats.Values.Where(session => !kept.Contains(session.Session) && !session.Cancelled).ToArray())
        {
            session.Cancelled = true;
            TouchedSeats.Add(session);
            foreach (var place in places.Values.Where(place => place.Session == session.Session && place.State != PlaceState.Cancelled).ToArray())
            {
                Remove(place);
            }
        }

        Refill(plan.Sessions.Select(planned => planned.Session));
        return Verdict.Done;
    }

    private Verdict Register(Register register)
    {
        if (!seats.TryGetValue(register.Session, out var session) || session.Cancelled)
        {
            return session is null ? Verdict.NotFound : Verdict.Closed;
        }

        if (register.Applicants is [var only] && Of(only.Participant, register.Session) is not null)
        {
            return Verdict.Existing;
        }

        if (register.Applicants.Any(applicant => Of(applicant.Participant, register.Session) is not null))
        {
            return Verdict.AlreadyThere;
        }

        if (register.Applicants.Any(applicant => InGroup(applicant.Participant, session).Any(place => place.State == PlaceState.Confirmed)))
        {
            return Verdict.Exclusive;
        }

        var free = session.Has(register.Applicants.Count) && session.Waiting == 0;
        foreach (var applicant in register.Applicants)
        {
            Add(session, applicant.Registration, applicant.Participant, free, null);
        }

        return free ? Verdict.Confirmed : Verdict.Waiting;
    }

    private Verdict Cancel(Cancel cancel)
    {
        if (Find(cancel.Registration) is not { } place)
        {
            return Verdict.NotFound;
        }

        Remove(place);
        Refill([place.Session]);
        return Verdict.Cancelled;
    }

    private Verdict Switch(Switch change)
    {
        if (Find(change.Registration) is not { State: PlaceState.Confirmed } held || !seats.TryGetValue(change.To, out var to) || to.Session == held.Session)
        {
            return Verdict.NotFound;
        }

        if (to.Cancelled)
        {
            return Verdict.Closed;
        }

        if (InGroup(held.Participant, to).Any(place => place != held && place.State == PlaceState.Confirmed) || Of(held.Participant, to.Session) is { State: PlaceState.Confirmed })
        {
            return Verdict.Exclusive;
        }

        if (Of(held.Participant, to.Session) is { } waiting)
        {
            waiting.InsteadOf = held.Id;
            Touched.Add(waiting);
            return Verdict.Waiting;
        }

        if (!to.Has(1) || to.Waiting > 0)
        {
            Add(to, change.New, held.Participant, false, held.Id);
            return Verdict.Waiting;
        }

        Remove(held);
        Add(to, change.New, held.Participant, true, null);
        Refill([held.Session]);
        return Verdict.Confirmed;
    }

    private Verdict Substitute(Substitute substitute)
    {
        if (Find(substitute.Registration) is not { } place)
        {
            return Verdict.NotFound;
        }

        if (place.Participant == substitute.Participant || Of(substitute.Participant, place.Session) is not null)
        {
            return Verdict.AlreadyThere;
        }

        if (InGroup(substitute.Participant, seats[place.Session]).Any(other => other.State == PlaceState.Confirmed))
        {
            return Verdict.Exclusive;
        }

        // A seat to be given up for this place belongs to who leaves; and no queue of who leaves may count on this one.
        foreach (var other in byParticipant[place.Participant].Where(other => other.InsteadOf == place.Id))
        {
            other.InsteadOf = null;
            Touched.Add(other);
        }

        byParticipant[place.Participant].Remove(place);
        (place.Participant, place.InsteadOf) = (substitute.Participant, null);
        Keep(place);
        Touched.Add(place);
        if (place.State == PlaceState.Confirmed)
        {
            LeaveOtherQueues(place);
        }

        return place.State == PlaceState.Confirmed ? Verdict.Confirmed : Verdict.Waiting;
    }

    private Verdict Prioritise(Prioritise prioritise)
    {
        if (Find(prioritise.Registration) is not { State: PlaceState.Waiting } place || string.IsNullOrWhiteSpace(prioritise.Reason))
        {
            return Verdict.NotFound;
        }

        var session = seats[place.Session];
        session.Queue.Remove(place);
        place.Priority = prioritise.Priority;
        session.Queue.Add(place);
        Touched.Add(place);
        return Verdict.Done;
    }

    private Verdict Allocate(Allocate allocate)
    {
        var group = seats.Values.Where(session => session.Group == allocate.Group && !session.Cancelled).ToDictionary(session => session.Session);
        var wishes = allocate.Wishes.Where(wish => group.Values.All(session => Of(wish.Participant, session.Session) is null)).ToArray();
        var free = group.Values.ToDictionary(session => session.Session, session => session.Waiting > 0 ? 0 : session.Capacity is { } capacity ? Math.Max(0, capacity - session.Taken) : wishes.Length);
        var result = Allocation.Allocator.Allocate(free, wishes, allocate.Seed);
        foreach (var wish in result.Order.Select(index => wishes[index]))
        {
            if (result.Seats.TryGetValue(wish.Participant, out var session))
            {
                Add(group[session], wish.Registration, wish.Participant, true, null);
            }
            else if (wish.Ranking.FirstOrDefault(group.ContainsKey) is { } first)
            {
                Add(group[first], wish.Registration, wish.Participant, false, null);
            }
        }

        return Verdict.Done;
    }

    private IEnumerable<Place> InGroup(Guid participant, Seats session) =>
        session.Group is null ? [] : byParticipant.GetValueOrDefault(participant, []).Where(place => place.Session != session.Session && seats[place.Session].Group == session.Group);

    private void Add(Seats session, Guid id, Guid participant, bool confirmed, Guid? insteadOf)
    {
        var place = new Place(id, session.Session, participant, confirmed ? PlaceState.Confirmed : PlaceState.Waiting, session.NextTicket++, 0, insteadOf);
        Keep(place);
        Touched.Add(place);
        TouchedSeats.Add(session);
        if (confirmed)
        {
            session.Taken++;
            LeaveOtherQueues(place);
        }
        else
        {
            session.Waiting++;
            session.Queue.Add(place);
        }
    }

    private void Keep(Place place)
    {
        places[place.Id] = place;
        if (!byParticipant.TryGetValue(place.Participant, out var own))
        {
            byParticipant[place.Participant] = own = [];
        }

        own.Add(place);
    }

    private void Remove(Place place)
    {
        var session = seats[place.Session];
        if (place.State == PlaceState.Confirmed)
        {
            session.Taken--;
        }
        else
        {
            session.Waiting--;
            session.Queue.Remove(place);
        }

        place.State = PlaceState.Cancelled;
        places.Remove(place.Id);
        byParticipant[place.Participant].Remove(place);
        foreach (var counting in byParticipant[place.Participant].Where(other => other.InsteadOf == place.Id))
        {
            counting.InsteadOf = null;
            Touched.Add(counting);
        }

        Touched.Add(place);
        TouchedSeats.Add(session);
    }

    /// <summary>Who has a seat in one session of a group waits for no other of it, unless to change.</summary>
    private void LeaveOtherQueues(Place seat)
    {
        foreach (var other in InGroup(seat.Participant, seats[seat.Session]).Where(place => place.State == PlaceState.Waiting && place.InsteadOf != seat.Id).ToArray())
        {
            Remove(other);
        }
    }

    /// <summary>Lets people move up wherever seats are free; a seat given up for another one frees one more.</summary>
    private void Refill(IEnumerable<string> sessions)
    {
        var free = new Queue<string>(sessions);
        while (free.TryDequeue(out var id))
        {
            var session = seats[id];
            while (!session.Cancelled && session.Has(1) && session.Queue.Min is { } next)
            {
                session.Queue.Remove(next);
                session.Waiting--;
                session.Taken++;
                var given = next.InsteadOf is { } old ? Find(old) : null;
                (next.State, next.InsteadOf) = (PlaceState.Confirmed, null);
                Touched.Add(next);
                TouchedSeats.Add(session);
                Promoted.Add(next);
                if (given is not null)
                {
                    Remove(given);
                    free.Enqueue(given.Session);
                }

                LeaveOtherQueues(next);
            }
        }
    }
}
