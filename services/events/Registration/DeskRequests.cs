namespace LivingCity.Events.Registration;

/// <summary>Who comes to an event.</summary>
/// <param name="Person">The token's subject, or a made-up one for guests.</param>
/// <param name="City">The city that the person belongs to; empty for guests of none.</param>
/// <param name="Kind"><c>member</c>, <c>guest</c> or <c>invited</c>.</param>
/// <param name="Name">Name to show.</param>
/// <param name="Email">Where to write to, or null.</param>
/// <param name="Language">In which language.</param>
internal sealed record Visitor(string Person, string City, string Kind, string Name, string? Email, string Language);

/// <summary>Something the desk of an event is asked to do.</summary>
internal abstract record DeskRequest
{
    public Visitor? Visitor { get; init; }

    /// <summary>The request's idempotency key with what it was used for.</summary>
    public RequestKey? Key { get; init; }
}

/// <param name="Caller">Client and person, as in the platform's keys.</param>
/// <param name="Value">The key.</param>
/// <param name="Fingerprint">Digest of the request.</param>
internal sealed record RequestKey(string Caller, string Value, byte[] Fingerprint);

/// <summary>A seat for the visitor and those who come along.</summary>
internal sealed record RegisterRequest(string Session, IReadOnlyList<string> Companions) : DeskRequest;

/// <param name="Registration">Which.</param>
/// <param name="Anybodys">Whether an organiser asks, who may cancel for others.</param>
internal sealed record CancelRequest(Guid Registration, bool Anybodys) : DeskRequest;

internal sealed record SwitchRequest(Guid Registration, string To) : DeskRequest;

internal sealed record TakeOverRequest(Guid Registration) : DeskRequest;

internal sealed record PrioritiseRequest(Guid Registration, int Priority, string Reason) : DeskRequest;

internal sealed record AllocateRequest(string Group, long Seed) : DeskRequest;

/// <summary>Nothing of its own: the desk catches up with the programme whenever it works.</summary>
internal sealed record CatchUpRequest : DeskRequest;

/// <summary>What the desk answers, ready to be sent.</summary>
/// <param name="Verdict">How it ended.</param>
/// <param name="Views">The seats or places that it is about; where a key came again, empty.</param>
/// <param name="Kept">The answer that was given to this key before.</param>
internal sealed record DeskAnswer(Verdict Verdict, IReadOnlyList<RegistrationView> Views, KeptAnswer? Kept = null);

/// <summary>An answer that was given before; null where the key was used for another request.</summary>
internal sealed record KeptAnswer(RegistrationView[]? Views);

/// <summary>A seat, or a place in the queue.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Event">The event.</param>
/// <param name="Session">The session.</param>
/// <param name="Name">Who attends.</param>
/// <param name="State"><c>confirmed</c>, <c>waiting</c> or <c>cancelled</c>.</param>
/// <param name="Position">Place in the queue from 1, while waiting.</param>
/// <param name="RegisteredAt">Since when.</param>
/// <param name="InsteadOf">The seat that is given up when this one is got.</param>
/// <param name="Joined">Whether it came with a seat in a session that leads here, and ends with it.</param>
internal sealed record RegistrationView(Guid Id, string Event, string Session, string Name, PlaceState State, int? Position, DateTimeOffset RegisteredAt, Guid? InsteadOf = null, bool Joined = false);
