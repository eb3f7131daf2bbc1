namespace LivingCity.Events.Registration;

/// <summary>
/// Changes who sits and who waits, with what follows by itself: a seat that becomes free goes to the next, who has a seat in one session of a group waits for no other, who has a seat in a session that
/// leads to another has a seat there too. Not thread-safe.
/// </summary>
internal sealed class SeatLedger : Occupancy
{
    private readonly Queue<string> freed = [];

    /// <summary>What was changed so far.</summary>
    public HashSet<Place> Touched { get; } = [];

    public HashSet<Seats> TouchedSeats { get; } = [];

    /// <summary>Who has moved up from a queue to a seat.</summary>
    public List<Place> Promoted { get; } = [];

    /// <summary>Places that came with another seat.</summary>
    public List<Place> Met { get; } = [];

    /// <summary>Seats that ended.</summary>
    public List<Place> Ended { get; } = [];

    /// <summary>The session as it is planned now; a new one where it was not known.</summary>
    public Seats Plan(PlannedSession planned)
    {
        var session = FindSeats(planned.Session);
        if (session is null)
        {
            Load(session = new Seats(planned.Session));
        }

        (session.Capacity, session.Group, session.Joins, session.Cancelled) = (planned.Capacity, planned.Group, planned.Joins, false);
        TouchedSeats.Add(session);
        freed.Enqueue(session.Session);
        return session;
    }

    /// <summary>Takes a session out: its seats and queue end.</summary>
    public void Close(Seats session)
    {
        session.Cancelled = true;
        TouchedSeats.Add(session);
        foreach (var place in Places.Where(place => place.Session == session.Session).ToArray())
        {
            Remove(place);
        }
    }

    /// <summary>Lets all meet where the plan now says, and nobody where it no longer does.</summary>
    public void MeetAgain()
    {
        foreach (var place in Places.Where(place => place.Joined && !Leads(place.Participant, place.Session)).ToArray())
        {
            Remove(place);
        }

        foreach (var place in Places.Where(place => place.State == PlaceState.Confirmed).OrderBy(place => place.Session, StringComparer.Ordinal).ThenBy(place => place.Ticket).ToArray())
        {
            Meet(place);
        }
    }

    public void Add(Seats session, Guid id, Guid participant, bool confirmed, Guid? insteadOf, bool joined = false)
    {
        var place = new Place(id, session.Session, participant, confirmed ? PlaceState.Confirmed : PlaceState.Waiting, session.NextTicket++, 0, insteadOf, joined);
        Keep(place);
        Touched.Add(place);
        TouchedSeats.Add(session);
        if (joined)
        {
            Met.Add(place);
        }

        if (confirmed)
        {
            session.Taken++;
            Seated(place);
        }
        else
        {
            session.Waiting++;
            session.Queue.Add(place);
        }
    }

    /// <summary>Ends a place; a seat that was its own is free for the next at <see cref="Refill"/>.</summary>
    public void Remove(Place place)
    {
        if (place.State == PlaceState.Cancelled)
        {
            return;
        }

        var session = SeatsOf(place);
        if (place.State == PlaceState.Confirmed)
        {
            session.Taken--;
            freed.Enqueue(place.Session);
            Ended.Add(place);
        }
        else
        {
            session.Waiting--;
            session.Queue.Remove(place);
        }

        place.State = PlaceState.Cancelled;
        Forget(place);
        ForgetExchange(place);
        Touched.Add(place);
        TouchedSeats.Add(session);
        if (session.Joins is { } joins && Of(place.Participant, joins) is { Joined: true } meeting && !Leads(place.Participant, joins))
        {
            Remove(meeting);
        }
    }

    /// <summary>Gives a place to somebody else, and with it what came with it.</summary>
    public void HandOver(Place place, Guid participant)
    {
        var leaver = place.Participant;
        // A seat to be given up for this place belongs to who leaves; and no queue of who leaves may count on this one.
        ForgetExchange(place);
        Forget(place);
        (place.Participant, place.InsteadOf) = (participant, null);
        Keep(place);
        Touched.Add(place);
        if (place.State != PlaceState.Confirmed)
        {
            return;
        }

        if (SeatsOf(place).Joins is { } joins && Of(leaver, joins) is { Joined: true } meeting && !Leads(leaver, joins))
        {
            if (Of(participant, joins) is null)
            {
                HandOver(meeting, participant);
            }
            else
            {
                Remove(meeting);
            }
        }

        Seated(place);
    }

    /// <summary>Moves somebody within a queue.</summary>
    public void Requeue(Place place, int priority)
    {
        var session = SeatsOf(place);
        session.Queue.Remove(place);
        place.Priority = priority;
        session.Queue.Add(place);
        Touched.Add(place);
    }

    /// <summary>Lets people move up wherever seats have become free; a seat given up for another one frees one more.</summary>
    public void Refill()
    {
        while (freed.TryDequeue(out var id))
        {
            var session = FindSeats(id)!;
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
                Seated(next, given);
                if (given is not null)
                {
                    Remove(given);
                }
            }
        }
    }

    private void Seated(Place seat, Place? given = null)
    {
        // Who has a seat in one session of a group waits for no other of it, unless to change.
        foreach (var other in InGroup(seat.Participant, SeatsOf(seat)).Where(place => place != given && place.State == PlaceState.Waiting && place.InsteadOf != seat.Id).ToArray())
        {
            Remove(other);
        }

        Meet(seat);
    }

    private void Meet(Place seat)
    {
        if (SeatsOf(seat).Joins is { } joins && FindSeats(joins) is { Cancelled: false } meeting && Of(seat.Participant, joins) is null && SeatInGroup(seat.Participant, meeting) is null)
        {
            Add(meeting, MeetingIds.Of(seat.Id, meeting), seat.Participant, meeting.Has(1) && meeting.Waiting == 0, null, joined: true);
        }
    }

    private void ForgetExchange(Place seat)
    {
        foreach (var counting in PlacesOf(seat.Participant).Where(other => other.InsteadOf == seat.Id))
        {
            counting.InsteadOf = null;
            Touched.Add(counting);
        }
    }
}
