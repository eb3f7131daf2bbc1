namespace LivingCity.Events.Programme;

/// <summary>A session of an event.</summary>
internal sealed record Session
{
    /// <summary>Stable name: begins with the event's and a hyphen.</summary>
    public required string Id { get; init; }

    public required Text Title { get; init; }

    /// <summary>Where another system made it, its id there; else one is derived from <see cref="Id"/>.</summary>
    public Guid? Guid { get; init; }

    /// <summary>The day, or null while it is not known.</summary>
    public string? Day { get; init; }

    /// <summary>The date where it is not the day's: after midnight.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Clock time at the venue; known or not, independently of the date.</summary>
    public TimeOnly? From { get; init; }

    /// <summary>Clock time at the venue; not later than <see cref="From"/> means the day after.</summary>
    public TimeOnly? To { get; init; }

    /// <summary>Offset from UTC in minutes: only where the clock shows the time twice.</summary>
    public int? Offset { get; init; }

    /// <summary>What happens before it at known times.</summary>
    public IReadOnlyList<Step> Steps { get; init; } = [];

    public Text? Subtitle { get; init; }

    public Text? Format { get; init; }

    public Text? Theme { get; init; }

    public string? Track { get; init; }

    public Text? Abstract { get; init; }

    public Text? Note { get; init; }

    /// <summary>Languages spoken (BCP 47).</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Languages interpreted into.</summary>
    public IReadOnlyList<string> Interpretation { get; init; } = [];

    public string? Venue { get; init; }

    public string? Room { get; init; }

    /// <summary>Seats, where limited.</summary>
    public int? Capacity { get; init; }

    public Text? Host { get; init; }

    public Text? DressCode { get; init; }

    /// <summary>Who pays.</summary>
    public Text? CoveredBy { get; init; }

    public bool OpenToNonMembers { get; init; }

    public bool InOfficialProgramme { get; init; } = true;

    /// <summary>Of the sessions that share it, a person attends one at most.</summary>
    public string? ExclusiveGroup { get; init; }

    /// <summary>Where those who were in one of several sessions come together again.</summary>
    public string? Joins { get; init; }

    public IReadOnlyList<AgendaPoint> Agenda { get; init; } = [];

    public IReadOnlyList<Participation> People { get; init; } = [];

    public IReadOnlyList<Link> Links { get; init; } = [];

    public IReadOnlyList<Link> Documents { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The dimensions of digital maturity it speaks to: our classification, which recommendations rest on.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>What an import brought that has no place of its own here, so that nothing is lost.</summary>
    public IReadOnlyDictionary<string, string>? Extra { get; init; }
}
