namespace LivingCity.Contracts.Events;

/// <summary>People of a city got seats in sessions of an event. One message tells of all that were decided together. It names nobody.</summary>
/// <param name="City">The tenant whose people they are.</param>
/// <param name="EventId">The event.</param>
/// <param name="ConfirmedAt">When.</param>
/// <param name="Seats">The seats.</param>
public sealed record RegistrationConfirmed(string City, string EventId, DateTimeOffset ConfirmedAt, IReadOnlyList<ConfirmedSeat> Seats);

/// <summary>A seat.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="RegistrationId">A random id.</param>
public sealed record ConfirmedSeat(string SessionId, Guid RegistrationId);

/// <summary>A city, region or hub has signed the declaration, and the countersignature is there: it is a signatory.</summary>
/// <param name="City">The tenant that signed.</param>
/// <param name="SignatoryId">The signatory.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>city</c>, <c>region</c> or <c>hub</c>.</param>
/// <param name="SignedAt">When the countersignature completed it.</param>
/// <param name="EventId">The event at which it joined, if at one.</param>
public sealed record DeclarationSigned(string City, Guid SignatoryId, string Name, string Kind, DateTimeOffset SignedAt, string? EventId = null);
