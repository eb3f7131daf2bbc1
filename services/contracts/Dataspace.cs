namespace LivingCity.Contracts.Dataspace;

/// <summary>A contract negotiation has changed and its next step, if it is this side's, is due.</summary>
/// <param name="City">The tenant.</param>
/// <param name="NegotiationId">This side's process id.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="Told">The message that the change left for the other side, if it did.</param>
public sealed record NegotiationAdvanced(string City, string NegotiationId, DateTimeOffset ChangedAt, Guid? Told = null);

/// <summary>A transfer process has changed and its next step, if it is this side's, is due.</summary>
/// <param name="City">The tenant.</param>
/// <param name="TransferId">This side's process id.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="Told">The message that the change left for the other side, if it did.</param>
public sealed record TransferAdvanced(string City, string TransferId, DateTimeOffset ChangedAt, Guid? Told = null);

/// <summary>Both sides of a negotiation are bound by an agreement.</summary>
/// <param name="City">The tenant.</param>
/// <param name="AgreementId">The agreement.</param>
/// <param name="DatasetId">What it is about.</param>
/// <param name="Provider">Participant id of who provides.</param>
/// <param name="Consumer">Participant id of who uses.</param>
/// <param name="FinalizedAt">When it became binding.</param>
public sealed record AgreementFinalized(string City, string AgreementId, string DatasetId, string Provider, string Consumer, DateTimeOffset FinalizedAt);

/// <summary>Data under an agreement may not be had any more: the transfer was suspended, ended or the agreement withdrawn.</summary>
/// <param name="City">The tenant.</param>
/// <param name="AgreementId">The agreement.</param>
/// <param name="TransferId">The transfer that was closed.</param>
/// <param name="Reason">Why: <c>suspended</c>, <c>completed</c> or <c>terminated</c>.</param>
/// <param name="RevokedAt">From when on.</param>
public sealed record AccessRevoked(string City, string AgreementId, string TransferId, string Reason, DateTimeOffset RevokedAt);

/// <summary>Data that was had under an agreement was not deleted in time, or nobody has said so.</summary>
/// <param name="City">The tenant.</param>
/// <param name="AgreementId">The agreement.</param>
/// <param name="DatasetId">What it is about.</param>
/// <param name="Peer">Participant id of the other side.</param>
/// <param name="Role">This side's role: <c>provider</c> or <c>consumer</c>.</param>
/// <param name="DueAt">When it should have been deleted.</param>
public sealed record DeletionOverdue(string City, string AgreementId, string DatasetId, string Peer, string Role, DateTimeOffset DueAt);
