using System.Text.Json.Serialization;

namespace LivingCity.Events.Registration;

/// <summary>A decision on seats, as the log keeps it. It names nobody: registrations and participants are random ids.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PlanSeats), "plan")]
[JsonDerivedType(typeof(Register), "register")]
[JsonDerivedType(typeof(Cancel), "cancel")]
[JsonDerivedType(typeof(Switch), "switch")]
[JsonDerivedType(typeof(Substitute), "substitute")]
[JsonDerivedType(typeof(Prioritise), "prioritise")]
[JsonDerivedType(typeof(Allocate), "allocate")]
internal abstract record Command;

/// <summary>The sessions of the programme as they are now; those that are not named are cancelled.</summary>
internal sealed record PlanSeats(IReadOnlyList<PlannedSession> Sessions) : Command;

/// <param name="Session">The session.</param>
/// <param name="Capacity">Seats; null is no limit.</param>
/// <param name="Group">Of the sessions that share it, a person has a seat in one at most.</param>
/// <param name="Joins">The session at which all who have a seat meet afterwards: they have one there too.</param>
internal sealed record PlannedSession(string Session, int? Capacity, string? Group, string? Joins = null);

/// <summary>Asks for seats: for one person, or for several who come together or not at all.</summary>
internal sealed record Register(string Session, IReadOnlyList<Applicant> Applicants) : Command;

internal sealed record Applicant(Guid Registration, Guid Participant);

internal sealed record Cancel(Guid Registration) : Command;

/// <summary>Goes to another session and keeps the seat until there is one there.</summary>
internal sealed record Switch(Guid Registration, string To, Guid New) : Command;

/// <summary>A colleague takes over the seat, or the place in the queue.</summary>
internal sealed record Substitute(Guid Registration, Guid Participant) : Command;

/// <summary>Moves somebody in the queue: higher priorities come first. Never without a reason, which everybody can read.</summary>
internal sealed record Prioritise(Guid Registration, int Priority, string Reason) : Command;

/// <summary>Gives the seats of an exclusive group by ranked preferences, drawing lots by the seed.</summary>
internal sealed record Allocate(string Group, long Seed, IReadOnlyList<Wish> Wishes) : Command;

/// <param name="Participant">Whose wish.</param>
/// <param name="Ranking">Sessions, the dearest first.</param>
/// <param name="Priority">Higher ones are served first.</param>
/// <param name="Reason">Why the priority is not 0.</param>
/// <param name="Registration">The id that a seat or place in the queue gets.</param>
internal sealed record Wish(Guid Participant, IReadOnlyList<string> Ranking, int Priority, string? Reason, Guid Registration);

/// <summary>How a command ended.</summary>
internal enum Verdict
{
    Confirmed,
    Waiting,
    Existing,
    Cancelled,
    Done,
    NotFound,
    Exclusive,
    Closed,
    AlreadyThere,
}
