namespace LivingCity.Contracts.Events;

/// <summary>A city, region or hub has signed the declaration.</summary>
/// <param name="City">The tenant of the signatory.</param>
/// <param name="SignatoryId">Stable id of the signatory.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>city</c>, <c>region</c> or <c>hub</c>.</param>
/// <param name="Country">ISO 3166-1 code.</param>
/// <param name="SignedOn">The day.</param>
/// <param name="AtEvent">Id of the event at which it was signed; null where it was signed elsewhere.</param>
public sealed record DeclarationSigned(string City, string SignatoryId, string Name, string Kind, string Country, DateOnly SignedOn, string? AtEvent = null);
