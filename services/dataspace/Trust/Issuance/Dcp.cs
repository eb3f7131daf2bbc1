using System.Text.Json.Nodes;
using LivingCity.Dataspace.Protocol;

namespace LivingCity.Dataspace.Trust.Issuance;

/// <summary>Messages of the Credential Issuance Protocol (DCP 1.0, section 6).</summary>
internal static class Dcp
{
    /// <summary>Where this participant's credential service is.</summary>
    public const string CredentialService = "/dcp/v1.0";

    /// <summary>Where its issuer service is, when it has one.</summary>
    public const string IssuerService = "/dcp/v1.0/issuer";

    public const string Profile = "vc20-bssl/jwt";
    public const string Received = "RECEIVED";
    public const string Issued = "ISSUED";
    public const string Rejected = "REJECTED";

    public static JsonObject Message(string type, params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var message = new JsonObject { ["@context"] = new JsonArray(Presentations.DcpContext), ["type"] = type };
        foreach (var (name, value) in members)
        {
            message[name] = value;
        }

        return message;
    }

    /// <summary>Reads a message of this type.</summary>
    /// <exception cref="ProtocolException">It is another, or without the protocol's context (400).</exception>
    public static async Task<JsonObject> ReadAsync(HttpContext http, string type)
    {
        var message = await http.ReadMessageAsync();
        return MessageCheck.Text(message, "type") == type && Credentials.Texts(message["@context"]).Contains(Presentations.DcpContext) ? message : throw ProtocolException.Invalid($"This must be a {type} of the Decentralized Claims Protocol 1.0.");
    }

    /// <summary>A member that must be a text.</summary>
    /// <exception cref="ProtocolException">It is none (400).</exception>
    public static string Text(JsonObject message, string name) => MessageCheck.Text(message, name) is { Length: > 0 and <= 500 } text ? text : throw ProtocolException.Invalid($"{name}: must be a text of at most 500 characters.");

    /// <summary>What a request or an offer names: ids, or objects with one.</summary>
    /// <exception cref="ProtocolException">It names nothing (400).</exception>
    public static string[] Ids(JsonObject message)
    {
        var ids = (message["credentials"] as JsonArray)?.Select(item => item is JsonObject named ? MessageCheck.Text(named, "id") : item is JsonValue value && value.TryGetValue<string>(out var id) ? id : null).ToArray();
        return ids is { Length: > 0 and <= 20 } && ids.All(id => !string.IsNullOrEmpty(id)) ? [.. ids.OfType<string>().Distinct()] : throw ProtocolException.Invalid("credentials: must name one to twenty credentials by their ids.");
    }
}
