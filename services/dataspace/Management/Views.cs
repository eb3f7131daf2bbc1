using System.Text.Json.Nodes;
using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Transfer;

namespace LivingCity.Dataspace.Management;

/// <summary>A negotiation, as its officer sees it.</summary>
/// <param name="Id">This side's process id.</param>
/// <param name="Role"><c>provider</c> or <c>consumer</c>.</param>
/// <param name="Peer">The other side's participant id.</param>
/// <param name="DatasetId">What it is about.</param>
/// <param name="OfferId">The offer it began with.</param>
/// <param name="State">The protocol's state.</param>
/// <param name="Terms">The offer on the table.</param>
/// <param name="TermsBy">Who put it there.</param>
/// <param name="AwaitsDecision">True while a person of this side has to decide.</param>
/// <param name="Delivered">False while the other side has not yet taken our last message.</param>
/// <param name="Reason">Why it is held or ended.</param>
/// <param name="AgreementId">The agreement, once there is one.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="ChangedAt">When it last changed.</param>
internal sealed record NegotiationView(
    string Id, string Role, string Peer, string DatasetId, string OfferId, string State, JsonObject Terms, string TermsBy, bool AwaitsDecision, bool Delivered, string? Reason, string? AgreementId,
    DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
{
    public static NegotiationView From(NegotiationRow row) => new(
        row.Id, row.Role, row.Peer, row.DatasetId, row.OfferId, row.State, row.TermsJson, row.TermsBy, row.Held, row.Pending is null, row.Reason,
        row.Agreement is null ? null : (string?)JsonNode.Parse(row.Agreement)!["@id"], row.CreatedAt, row.ChangedAt);
}

/// <summary>An agreement, as its officer sees it.</summary>
internal sealed record AgreementView(string Id, string Role, string Peer, string DatasetId, string NegotiationId, string State, JsonObject Policy, DateTimeOffset FinalizedAt, DateTimeOffset? DeletionDueAt, bool DeletionIsLate)
{
    public static AgreementView From(AgreementRow row) => new(row.Id, row.Role, row.Peer, row.DatasetId, row.NegotiationId, row.State, JsonNode.Parse(row.Policy)!.AsObject(), row.FinalizedAt, row.DeletionDueAt, row.DeletionLateSince is not null);
}

/// <summary>A transfer, as its officer sees it. Tokens are not shown.</summary>
internal sealed record TransferView(
    string Id, string Role, string Peer, string AgreementId, string DatasetId, string Format, string State, string? Purpose, bool Delivered, string? Reason, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
{
    public static TransferView From(TransferRow row) => new(
        row.Id, row.Role, row.Peer, row.AgreementId, row.DatasetId, row.Format, row.State, row.Purpose, row.Pending is null, row.Reason, row.ExpiresAt, row.CreatedAt, row.ChangedAt);
}

/// <summary>An offer, as its officer sees it.</summary>
internal sealed record OfferView(string Id, string DatasetId, JsonObject Policy, string Approval, long Version, DateTimeOffset CreatedAt)
{
    public static OfferView From(OfferRow row) => new(row.Id, row.DatasetId, JsonNode.Parse(row.Policy)!.AsObject(), row.Approval, row.Version, row.CreatedAt);
}

/// <summary>Why a person of this side ends or interrupts something.</summary>
internal sealed record Because(string? Reason = null);
