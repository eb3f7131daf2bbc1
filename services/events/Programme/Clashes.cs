namespace LivingCity.Events.Programme;

/// <summary>Why two sessions cannot both take place as planned.</summary>
internal enum ClashKind
{
    Room,
    Person,
    Host,
    Agenda,
}

/// <param name="Kind">What is wanted twice.</param>
/// <param name="What">The room, person or host.</param>
/// <param name="First">The session that begins first.</param>
/// <param name="Second">The other.</param>
/// <param name="MissingMinutes">By how much the time between them is too short, travel included.</param>
internal sealed record Clash(ClashKind Kind, string What, string First, string Second, int MissingMinutes);

/// <summary>Something that can be in one place only, taken by a session for a while.</summary>
internal sealed record Booking(ClashKind Kind, string What, string Session, DateTimeOffset Start, DateTimeOffset End, string? Venue);

/// <summary>Finds what is planned twice at once. Sessions without times clash with nothing, and neither do two that only touch.</summary>
internal static class Clashes
{
    public static IReadOnlyList<Clash> Of(Event item) => Find(item.Sessions.SelectMany(session => Bookings(item, session)), TravelTimes.Of(item));

    /// <summary>Clashes of a person's own choice.</summary>
    public static IReadOnlyList<Clash> OfAgenda(Event item, IReadOnlySet<string> sessions) => Find(
        item.Sessions.Where(session => sessions.Contains(session.Id)).SelectMany(session => Booked(item, session, ClashKind.Agenda, "agenda")), TravelTimes.Of(item));

    /// <summary>For each thing in the order of time: only what begins before the longest end so far, plus the longest way, can clash.</summary>
    public static IReadOnlyList<Clash> Find(IEnumerable<Booking> bookings, TravelTimes travel)
    {
        var found = new List<Clash>();
        foreach (var thing in bookings.GroupBy(booking => (booking.Kind, booking.What)))
        {
            var open = new List<Booking>();
            foreach (var next in thing.OrderBy(booking => booking.Start).ThenBy(booking => booking.Session, StringComparer.Ordinal))
            {
                open.RemoveAll(earlier => earlier.End + travel.Longest <= next.Start);
                found.AddRange(open.Select(earlier => Between(earlier, next, travel)).OfType<Clash>());
                open.Add(next);
            }
        }

        return found;
    }

    internal static Clash? Between(Booking first, Booking second, TravelTimes travel)
    {
        var missing = first.End + (first.Kind == ClashKind.Room ? TimeSpan.Zero : travel.Between(first.Venue, second.Venue)) - second.Start;
        return missing > TimeSpan.Zero && first.Session != second.Session ? new Clash(first.Kind, first.What, first.Session, second.Session, (int)Math.Ceiling(missing.TotalMinutes)) : null;
    }

    private static IEnumerable<Booking> Bookings(Event item, Session session) =>
    [
        .. session.Room is null ? [] : Booked(item, session, ClashKind.Room, $"{session.Venue} {session.Room}".Trim()),
        .. session.People.Select(part => part.Person).Distinct().SelectMany(person => Booked(item, session, ClashKind.Person, person)),
        .. session.Host is null ? [] : Booked(item, session, ClashKind.Host, session.Host.Plain),
    ];

    private static IEnumerable<Booking> Booked(Event item, Session session, ClashKind kind, string what) =>
        SessionTimes.Of(item, session) is { End: { } end } time && end > time.Start ? [new Booking(kind, what, session.Id, time.Start, end, session.Venue)] : [];
}

/// <summary>How long it takes from venue to venue: what the organiser knows, else an estimate from the distance.</summary>
internal sealed class TravelTimes
{
    /// <summary>Door to door in a city, waiting included: an assumption of ours, on the careful side.</summary>
    private const double KilometresPerHour = 12;

    private readonly Dictionary<(string, string), TimeSpan> known = [];

    public static readonly TravelTimes None = new();

    public TimeSpan Longest { get; private set; }

    public static TravelTimes Of(Event item)
    {
        var times = new TravelTimes();
        foreach (var from in item.Venues)
        {
            foreach (var to in item.Venues.Where(to => to.Id != from.Id && to.Latitude is not null && from.Latitude is not null))
            {
                times.Set(from.Id, to.Id, TimeSpan.FromMinutes(Math.Ceiling(Distance(from, to) / KilometresPerHour * 60)));
            }
        }

        foreach (var way in item.Travel)
        {
            times.Set(way.From, way.To, TimeSpan.FromMinutes(way.Minutes));
            times.Set(way.To, way.From, TimeSpan.FromMinutes(way.Minutes));
        }

        times.Longest = times.known.Values.DefaultIfEmpty().Max();
        return times;
    }

    public TimeSpan Between(string? from, string? to) => from is not null && to is not null && known.TryGetValue((from, to), out var time) ? time : TimeSpan.Zero;

    private void Set(string from, string to, TimeSpan time) => known[(from, to)] = time;

    /// <summary>Great circle on a sphere, in kilometres.</summary>
    private static double Distance(Venue a, Venue b)
    {
        var (lat1, lat2) = (double.DegreesToRadians(a.Latitude!.Value), double.DegreesToRadians(b.Latitude!.Value));
        var halfLongitude = Math.Sin(double.DegreesToRadians(b.Longitude!.Value - a.Longitude!.Value) / 2);
        var halfLatitude = Math.Sin((lat2 - lat1) / 2);
        return 2 * 6371 * Math.Asin(Math.Sqrt((halfLatitude * halfLatitude) + (Math.Cos(lat1) * Math.Cos(lat2) * halfLongitude * halfLongitude)));
    }
}
