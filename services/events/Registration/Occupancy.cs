namespace LivingCity.Events.Registration;

/// <summary>Who sits and who waits. It may hold a part of the event: the sessions, the places of those concerned, and the queues where seats can become free. Not thread-safe.</summary>
internal abstract class Occupancy
{
    private readonly Dictionary<string, Seats> seats = [];
    private readonly Dictionary<Guid, Place> places = [];
    private readonly Dictionary<Guid, List<Place>> byParticipant = [];

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
    public Place? Of(Guid participant, string session) => PlacesOf(participant).FirstOrDefault(place => place.Session == session);

    /// <summary>The seat that a participant has in another session of the same group.</summary>
    public Place? SeatInGroup(Guid participant, Seats session) => InGroup(participant, session).FirstOrDefault(place => place.State == PlaceState.Confirmed);

    protected Seats SeatsOf(Place place) => seats[place.Session];

    protected IEnumerable<Place> PlacesOf(Guid participant) => byParticipant.GetValueOrDefault(participant, []);

    protected IEnumerable<Place> InGroup(Guid participant, Seats session) =>
        session.Group is null ? [] : PlacesOf(participant).Where(place => place.Session != session.Session && SeatsOf(place).Group == session.Group);

    /// <summary>Whether a seat of the participant leads to this session.</summary>
    protected bool Leads(Guid participant, string session) => PlacesOf(participant).Any(place => place.State == PlaceState.Confirmed && SeatsOf(place).Joins == session);

    protected void Keep(Place place)
    {
        places[place.Id] = place;
        if (!byParticipant.TryGetValue(place.Participant, out var own))
        {
            byParticipant[place.Participant] = own = [];
        }

        own.Add(place);
    }

    protected void Forget(Place place)
    {
        places.Remove(place.Id);
        byParticipant[place.Participant].Remove(place);
    }
}
