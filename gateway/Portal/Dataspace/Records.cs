namespace LivingCity.Gateway.Portal.Dataspace;

/// <summary>A negotiation, as the connector tells of it; members that the pages do not show are left out.</summary>
internal sealed record Negotiation(string Id, string Role, string Peer, string DatasetId, string State, bool AwaitsDecision, string? Reason, DateTimeOffset ChangedAt);

internal sealed record Agreement(string Id, string Role, string Peer, string DatasetId, string State, DateTimeOffset FinalizedAt);

internal sealed record Transfer(string Id, string Role, string Peer, string AgreementId, string DatasetId, string State, string? Purpose, string? Reason, DateTimeOffset ChangedAt);

internal sealed record LedgerEntry(long Number, DateTimeOffset At, string Kind, System.Text.Json.JsonElement? Body);

internal sealed record LedgerCheck(bool Whole, long Entries, string? Break);

internal sealed record DataUse(string DatasetId, string Consumer, string? Purpose, DateOnly Day, long Times);

/// <summary>A sentence of a policy and how far it can be relied on: <c>enforced</c>, <c>attested</c> or <c>declared</c>.</summary>
internal sealed record PolicySentence(string Key, string Text, string Assurance);

internal sealed record OfferTerms(string Id, IReadOnlyList<PolicySentence>? Sentences);

internal static class Short
{
    /// <summary>The last part of an identifier, which is the part that people know.</summary>
    public static string Name(string id) => id[(id.LastIndexOfAny([':', '/', '#']) + 1)..];
}
