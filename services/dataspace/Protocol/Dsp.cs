using System.Text.Json.Nodes;

namespace LivingCity.Dataspace.Protocol;

/// <summary>Names of the Dataspace Protocol 2025-1.</summary>
internal static class Dsp
{
    public const string Version = "2025-1";

    /// <summary>The path of the protocol's endpoints.</summary>
    public const string Path = "/dsp/2025-1";

    public const string Context = "https://w3id.org/dspace/2025/1/context.jsonld";

    /// <summary>The consumer fetches with the token of the start message.</summary>
    public const string HttpPull = "HttpData-PULL";

    /// <summary>The provider sends to the address of the request message.</summary>
    public const string HttpPush = "HttpData-PUSH";

    /// <summary>A subscription in NGSI-LD (ETSI GS CIM 009, 5.8): a transfer without an end.</summary>
    public const string Stream = "NgsiLd-SUBSCRIPTION";

    /// <summary>The formats in which this connector transfers data.</summary>
    public static readonly IReadOnlyList<string> Formats = [HttpPull, HttpPush, Stream];

    /// <summary>A new identifier of a process, an agreement or an offer.</summary>
    public static string NewId() => $"urn:uuid:{Guid.CreateVersion7()}";

    /// <summary>A message of this type with the protocol's context.</summary>
    public static JsonObject Message(string type, params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var message = new JsonObject { ["@context"] = new JsonArray(Context), ["@type"] = type };
        foreach (var (name, value) in members)
        {
            if (value is not null)
            {
                message[name] = value.Parent is null ? value : value.DeepClone();
            }
        }

        return message;
    }

    /// <summary>Reasons as the protocol's messages carry them.</summary>
    public static JsonArray Reasons(params IEnumerable<string> reasons) => new([.. reasons.Select(reason => (JsonNode)reason)]);
}
