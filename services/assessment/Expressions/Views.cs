namespace LivingCity.Assessment.Expressions;

/// <summary>A phase as others see it.</summary>
/// <param name="OpensAt">The instant from which on it is open.</param>
/// <param name="ClosesAt">The first instant that is too late.</param>
/// <param name="Open">Whether it is open now.</param>
internal sealed record PhaseView(string Id, DateOnly Opens, DateOnly Deadline, DateOnly Ends, string Zone, int EncouragedAbove, bool Demonstration, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, bool Open)
{
    public static PhaseView Of(Phase phase, DateTimeOffset now) =>
        new(phase.Id, phase.Opens, phase.Deadline, phase.Ends, phase.Zone, phase.EncouragedAbove, phase.Demonstration, phase.OpensAt, phase.ClosesAt, phase.IsOpen(now));
}

/// <summary>A new phase.</summary>
internal sealed record PhaseRequest(string Id, DateOnly Opens, DateOnly Deadline, DateOnly Ends, string Zone, int EncouragedAbove = 20_000);

/// <summary>A city asks for the service.</summary>
/// <param name="Phase">In which phase.</param>
/// <param name="Population">Inhabitants.</param>
/// <param name="Contact">Whom to write to.</param>
/// <param name="Motivation">Why.</param>
internal sealed record ExpressionRequest(string Phase, int Population, string Contact, string Motivation);

/// <summary>An expression of interest.</summary>
/// <param name="Id">Its id.</param>
/// <param name="City">Whose it is.</param>
/// <param name="Phase">In which phase.</param>
/// <param name="Population">Inhabitants.</param>
/// <param name="Encouraged">Whether the city has more inhabitants than the phase encourages; advice to the reader, no decision.</param>
/// <param name="Contact">Whom to write to.</param>
/// <param name="Motivation">Why.</param>
/// <param name="SubmittedAt">When.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="InvitedAt">When the service began.</param>
/// <param name="ServiceEnds">The day on which the service ends.</param>
/// <param name="Milestones">The steps of the service.</param>
/// <param name="Report">What came of it.</param>
internal sealed record ExpressionView(
    Guid Id, string City, string Phase, int Population, bool Encouraged, string Contact, string Motivation, DateTimeOffset SubmittedAt, ExpressionStatus Status, DateTimeOffset? InvitedAt, DateOnly? ServiceEnds,
    IReadOnlyList<MilestoneView> Milestones, string? Report, DateTimeOffset? CompletedAt);

/// <summary>Where an expression of interest stands.</summary>
internal enum ExpressionStatus
{
    Submitted,
    Invited,
    Completed,
}

/// <summary>A step of the service.</summary>
internal sealed record MilestoneView(string Name, DateOnly Due, DateTimeOffset? DoneAt, string? DoneBy, string? Link);

/// <summary>A step is done.</summary>
/// <param name="Link">Where its result is, a path of this platform or an address.</param>
internal sealed record MilestoneRequest(string? Link = null);

/// <summary>What came of the service.</summary>
internal sealed record OutcomeRequest(string Report);
