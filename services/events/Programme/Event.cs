namespace LivingCity.Events.Programme;

/// <summary>An assembly or forum. What is not known yet is absent, at every level: "to be announced", never invented.</summary>
internal sealed record Event
{
    /// <summary>Stable name: lower-case letters, digits and hyphens.</summary>
    public required string Id { get; init; }

    public required Text Title { get; init; }

    /// <summary>IANA zone of the venue; all clock times are in it.</summary>
    public required string TimeZone { get; init; }

    public required string City { get; init; }

    public required string Country { get; init; }

    public Text? Theme { get; init; }

    public Text? Abstract { get; init; }

    /// <summary>The code under which a larger event lists it.</summary>
    public string? Code { get; init; }

    /// <summary>The event of this programme that it is held with.</summary>
    public string? PartOf { get; init; }

    /// <summary>The larger event of others that it belongs to.</summary>
    public Text? Within { get; init; }

    /// <summary>First and last day, where they are known although single days are not.</summary>
    public DateOnly? Starts { get; init; }

    public DateOnly? Ends { get; init; }

    public Text? Format { get; init; }

    public Text? Topic { get; init; }

    public Text? PartnershipType { get; init; }

    /// <summary>How many came, in the words of the source.</summary>
    public Text? Attendance { get; init; }

    public bool OpenToNonMembers { get; init; }

    public IReadOnlyList<string> Languages { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<Venue> Venues { get; init; } = [];

    /// <summary>Minutes from door to door, where the organiser knows them.</summary>
    public IReadOnlyList<Travel> Travel { get; init; } = [];

    public IReadOnlyList<Day> Days { get; init; } = [];

    public IReadOnlyList<Session> Sessions { get; init; } = [];

    public IReadOnlyList<Participation> People { get; init; } = [];

    public IReadOnlyList<Partner> Partners { get; init; } = [];

    public IReadOnlyList<Text> Notes { get; init; } = [];

    public IReadOnlyList<Link> Links { get; init; } = [];

    public IReadOnlyList<Link> Documents { get; init; } = [];
}

/// <summary>A day of an event; its date may be unknown.</summary>
internal sealed record Day(string Id, Text Title, DateOnly? Date = null, Text? Theme = null);

/// <summary>A place. Position in degrees (WGS 84).</summary>
internal sealed record Venue(string Id, Text Name, string? Address = null, double? Latitude = null, double? Longitude = null, Text? Accessibility = null)
{
    public IReadOnlyList<Room> Rooms { get; init; } = [];
}

internal sealed record Room(string Name, int? Capacity = null, Text? Accessibility = null);

/// <summary>Minutes between two venues, in either direction.</summary>
internal sealed record Travel(string From, string To, int Minutes);

/// <summary>A part in which a person appears. Organisation and title are those of that time.</summary>
internal sealed record Participation(string Person, string Name, Role Role, Text? As = null);

internal enum Role
{
    Speaker,
    Panellist,
    Moderator,
    Chair,
    CoChair,
    Host,
    Interpreter,
}

internal sealed record Partner(string Name, string? City = null, string? Country = null);

internal sealed record Link(string Url, Text Title);

internal sealed record AgendaPoint(Text Title, int? Minutes = null);

/// <summary>Something that happens around a session at a time of its own: gathering, transfer.</summary>
internal sealed record Step(Text Title, TimeOnly From, TimeOnly To);
