using System.Text.Json.Nodes;
using LivingCity.Dataspace.Processes;

namespace LivingCity.Dataspace.Negotiation;

/// <summary>This side of a contract negotiation.</summary>
internal sealed record NegotiationRow : ProcessRow
{
    public required string OfferId { get; init; }

    /// <summary>JSON of the offer that lies on the table.</summary>
    public required string Terms { get; init; }

    /// <summary>The role of who put it there.</summary>
    public required string TermsBy { get; init; }

    /// <summary>JSON of the terms that this side wants.</summary>
    public required string Asked { get; init; }

    /// <summary>JSON of the agreement, once there is one.</summary>
    public string? Agreement { get; init; }

    /// <summary><see cref="Catalogue.Approval"/>: whether this side answers by itself.</summary>
    public required string Approval { get; init; }

    /// <summary>True while a person of this side has to decide.</summary>
    public bool Held { get; init; }

    public JsonObject TermsJson => JsonNode.Parse(Terms)!.AsObject();
}
