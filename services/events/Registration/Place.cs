namespace LivingCity.Events.Registration;

internal enum PlaceState
{
    Confirmed,
    Waiting,
    Cancelled,
}

/// <summary>A seat or a place in a queue.</summary>
internal sealed class Place(Guid id, string session, Guid participant, PlaceState state, long ticket, int priority = 0, Guid? insteadOf = null, bool joined = false)
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

    /// <summary>Whether it came with a seat in a session that leads here, and so ends with it.</summary>
    public bool Joined { get; set; } = joined;
}
