namespace LivingCity.Gateway.Portal.Dataspace;

/// <summary>A negotiation, as the connector tells of it; members that the pages do not show are left out.</summary>
internal sealed record Negotiation(string Id, string Role, string Peer, string DatasetId, string State, bool AwaitsDecision, string? Reason, DateTimeOffset ChangedAt);

/// <summary>One negotiation with the terms on the table.</summary>
internal sealed record NegotiationDetail(string Id, string Role, string Peer, string DatasetId, string State, System.Text.Json.JsonElement Terms, string TermsBy, bool AwaitsDecision, string? Reason);

/// <summary>Another participant that the connector knows.</summary>
internal sealed record Partner(string Id, string Name, string? Address);

/// <summary>A dataset of another participant, as its own catalogue describes it.</summary>
internal sealed record PartnerDataset(string Peer, string Id, System.Text.Json.JsonElement Document, DateTimeOffset? FetchedAt)
{
    public IReadOnlyList<string> Offers => Document.TryGetProperty("hasPolicy", out var policies) && policies.ValueKind == System.Text.Json.JsonValueKind.Array
        ? [.. policies.EnumerateArray().Select(policy => policy.TryGetProperty("@id", out var id) ? id.GetString() : null).OfType<string>()] : [];

    /// <summary>The title in this language, else in English, else in any; else the identifier.</summary>
    public string Title(string language)
    {
        var texts = Document.TryGetProperty("http://purl.org/dc/terms/title", out var titles) && titles.ValueKind == System.Text.Json.JsonValueKind.Array
            ? titles.EnumerateArray().Where(text => text.ValueKind == System.Text.Json.JsonValueKind.Object && text.TryGetProperty("@value", out _)).Select(text => (Language: text.TryGetProperty("@language", out var tag) ? tag.GetString() : null, Text: text.GetProperty("@value").GetString())).ToArray()
            : [];
        return texts.FirstOrDefault(text => text.Language == language).Text ?? texts.FirstOrDefault(text => text.Language == "en").Text ?? texts.FirstOrDefault().Text ?? Id;
    }
}

internal static class Place
{
    /// <summary>The areas of a GeoJSON collection, by code.</summary>
    public static IReadOnlyList<(string Code, string Name)> In(System.Text.Json.JsonElement areas) =>
        [.. areas.GetProperty("features").EnumerateArray().Select(area => (area.GetProperty("id").GetString()!, area.GetProperty("properties").GetProperty("name").GetString()!))];
}

internal sealed record Agreement(string Id, string Role, string Peer, string DatasetId, string State, DateTimeOffset FinalizedAt, DateTimeOffset? DeletionDueAt, bool DeletionIsLate);

internal sealed record Transfer(string Id, string Role, string Peer, string AgreementId, string DatasetId, string State, string? Purpose, string? Reason, DateTimeOffset ChangedAt);

/// <summary>What another participant asks this one to attest, and what became of it.</summary>
internal sealed record CredentialsAsked(string Id, string Holder, IReadOnlyList<string> Types, string Status, string? Reason, DateTimeOffset RequestedAt, bool IsDelivered, DateTimeOffset? RevokedAt);

internal sealed record LedgerEntry(long Number, DateTimeOffset At, string Kind, System.Text.Json.JsonElement? Body);

internal sealed record LedgerCheck(bool Whole, long Entries, string? Break);

internal sealed record DataUse(string DatasetId, string Consumer, string? Purpose, DateOnly Day, long Times);

/// <summary>A sentence of a policy and how far it can be relied on: <c>enforced</c>, <c>attested</c> or <c>declared</c>.</summary>
public sealed record PolicySentence(string Key, string Text, string Assurance);

/// <summary>A policy in sentences; null where they would not say all of it.</summary>
internal sealed record PolicyExplained(IReadOnlyList<PolicySentence>? Sentences);

internal sealed record OfferTerms(string Id, IReadOnlyList<PolicySentence>? Sentences);

internal static class Short
{
    /// <summary>The last part of an identifier, which is the part that people know.</summary>
    public static string Name(string id) => id[(id.LastIndexOfAny([':', '/', '#']) + 1)..];
}
