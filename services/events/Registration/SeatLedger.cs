using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LivingCity.Events.Registration;

/// <summary>
/// Who sits and who waits, and what follows from a change by itself: a seat that becomes free goes to the next, who has a seat in one session of a group waits for no other, who has a
/// seat in a session that leads to another has a seat there too. It may hold a part of the event: the sessions, the places of those concerned, and the queues where seats can become free. Not thread-safe.
/// </summary>
internal sealed class SeatLedger
{
    private readonly Dictionary<string, Seats> seats = [];
    private readonly Dictionary<Guid, Place> places = [];
    private readonly Dictionary<Guid, List<Place>> byParticipant = [];
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

    public IEnumerable<Seats> AllSeats => seats.Values;

    public IEnumerable<Place> Places => places.Values;

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

    /// <summary>The seat that a participant has in another session of the same group.</summary>
    public Place? SeatInGroup(Guid participant, Seats session) => InGroup(participant, session).FirstOrDefault(place => place.State == PlaceState.Confirmed);

    /// <summary>The session as it is planned now; a new one where it was not known.</summary>
    public Seats Plan(PlannedSession planned)
    {
        if (!seats.TryGetValue(planned.Session, out var session))
        {
            seats[planned.Session] = session = new Seats(planned.Session);
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
        foreach (var place in places.Values.Where(place => place.Session == session.Session).ToArray())
        {
            Remove(place);
        }
    }

    /// <summary>Lets all meet where the plan now says, and nobody where it no longer does.</summary>
    public void MeetAgain()
    {
        foreach (var place in places.Values.Where(place => place.Joined && !Leads(place.Participant, place.Session)).ToArray())
        {
            Remove(place);
        }

        foreach (var place in places.Values.Where(place => place.State == PlaceState.Confirmed).OrderBy(place => place.Session, StringComparer.Ordinal).ThenBy(place => place.Ticket).ToArray())
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

        var session = seats[place.Session];
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
        places.Remove(place.Id);
        byParticipant[place.Participant].Remove(place);
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
        byParticipant[leaver].Remove(place);
        (place.Participant, place.InsteadOf) = (participant, null);
        Keep(place);
        Touched.Add(place);
        if (place.State != PlaceState.Confirmed)
        {
            return;
        }

        if (seats[place.Session].Joins is { } joins && Of(leaver, joins) is { Joined: true } meeting && !Leads(leaver, joins))
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
        var session = seats[place.Session];
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
                Seated(next, given);
                if (given is not null)
                {
                    Remove(given);
                }
            }
        }
    }

    private IEnumerable<Place> InGroup(Guid participant, Seats session) =>
        session.Group is null ? [] : byParticipant.GetValueOrDefault(participant, []).Where(place => place.Session != session.Session && seats[place.Session].Group == session.Group);

    private void Keep(Place place)
    {
        places[place.Id] = place;
        if (!byParticipant.TryGetValue(place.Participant, out var own))
        {
            byParticipant[place.Participant] = own = [];
        }

        own.Add(place);
    }

    private void Seated(Place seat, Place? given = null)
    {
        // Who has a seat in one session of a group waits for no other of it, unless to change.
        foreach (var other in InGroup(seat.Participant, seats[seat.Session]).Where(place => place != given && place.State == PlaceState.Waiting && place.InsteadOf != seat.Id).ToArray())
        {
            Remove(other);
        }

        Meet(seat);
    }

    private void Meet(Place seat)
    {
        if (seats[seat.Session].Joins is { } joins && FindSeats(joins) is { Cancelled: false } meeting && Of(seat.Participant, joins) is null && SeatInGroup(seat.Participant, meeting) is null)
        {
            Add(meeting, IdOf(seat.Id, meeting), seat.Participant, meeting.Has(1) && meeting.Waiting == 0, null, joined: true);
        }
    }

    /// <summary>Whether a seat of the participant leads to this session.</summary>
    private bool Leads(Guid participant, string session) => byParticipant.GetValueOrDefault(participant, []).Any(place => place.State == PlaceState.Confirmed && seats[place.Session].Joins == session);

    private void ForgetExchange(Place seat)
    {
        foreach (var counting in byParticipant[seat.Participant].Where(other => other.InsteadOf == seat.Id))
        {
            counting.InsteadOf = null;
            Touched.Add(counting);
        }
    }

    /// <summary>The same wherever the log is replayed, and never twice: no ticket of a session is given again.</summary>
    private static Guid IdOf(Guid cause, Seats meeting)
    {
        var name = Encoding.UTF8.GetBytes(meeting.Session);
        var content = new byte[24 + name.Length];
        cause.TryWriteBytes(content, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(16), meeting.NextTicket);
        name.CopyTo(content, 24);
        return new Guid(SHA256.HashData(content).AsSpan(0, 16), bigEndian: true);
    }
}
