namespace LivingCity.Events.Registration;

/// <summary>The seats of a session.</summary>
internal sealed class Seats(string session)
{
    public string Session { get; } = session;

    public int? Capacity { get; set; }

    public string? Group { get; set; }

    /// <summary>The session at which all who sat here meet afterwards.</summary>
    public string? Joins { get; set; }

    public bool Cancelled { get; set; }

    public int Taken { get; set; }

    /// <summary>How many wait, whether or not they are in <see cref="Queue"/>.</summary>
    public int Waiting { get; set; }

    public long NextTicket { get; set; } = 1;

    /// <summary>Who waits: the higher priority first, then who asked first.</summary>
    public SortedSet<Place> Queue { get; } = new(Comparer<Place>.Create((a, b) => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Ticket.CompareTo(b.Ticket)));

    public bool Has(int seats) => Capacity is not { } capacity || Taken + seats <= capacity;
}
