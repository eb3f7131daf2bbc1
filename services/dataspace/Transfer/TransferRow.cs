using System.Text.Json.Nodes;
using LivingCity.Dataspace.Processes;

namespace LivingCity.Dataspace.Transfer;

/// <summary>This side of a transfer process.</summary>
internal sealed record TransferRow : ProcessRow
{
    public required string AgreementId { get; init; }

    public required string Format { get; init; }

    /// <summary>JSON of the other side's data address: where a consumer fetches from, or where a provider sends to.</summary>
    public string? DataAddress { get; init; }

    /// <summary>SHA-256 of the token that opens the data plane, on the provider's side.</summary>
    public byte[]? TokenSha256 { get; init; }

    /// <summary>The declared purpose, to which the token is bound.</summary>
    public string? Purpose { get; init; }

    public DateTime? ExpiresAt { get; init; }

    /// <summary>True when a person of this side has suspended it: then the other side cannot start it again.</summary>
    public bool StoppedByOfficer { get; init; }

    public JsonObject? DataAddressJson => DataAddress is null ? null : JsonNode.Parse(DataAddress)!.AsObject();

    /// <summary>A property of the other side's data address.</summary>
    public string? EndpointProperty(string name) => DataAddressJson?["endpointProperties"] is JsonArray properties
        ? properties.Where(property => (string?)property?["name"] == name).Select(property => (string?)property!["value"]).FirstOrDefault()
        : null;
}
