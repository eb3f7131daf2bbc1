using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LivingCity.Dataspace.Protocol;

/// <summary>
/// Checks messages against the protocol's published JSON Schemas (2025-1), written out by hand: what each schema requires, forbids and enumerates. All mistakes of a message
/// are collected. Members that a schema does not name are ignored, as JSON-LD wants it.
/// </summary>
internal sealed partial class MessageCheck
{
    private static readonly string[] Operators = ["eq", "gt", "gteq", "lteq", "hasPart", "isA", "isAllOf", "isAnyOf", "isNoneOf", "isPartOf", "lt", "term-lteq", "neq"];
    private static readonly string[] Logical = ["and", "andSequence", "or", "xone"];

    private readonly List<string> mistakes = [];

    /// <summary>What is wrong with a message that should be of this type; empty when nothing is.</summary>
    public static IReadOnlyList<string> Mistakes(JsonObject message, string type)
    {
        var check = new MessageCheck();
        check.Check(message, type);
        return check.mistakes;
    }

    /// <exception cref="ProtocolException">The message breaks its schema (400).</exception>
    public static void Require(JsonObject message, string type)
    {
        if (Mistakes(message, type) is { Count: > 0 } mistakes)
        {
            throw new ProtocolException(StatusCodes.Status400BadRequest, [.. mistakes]) { ProviderPid = Text(message, "providerPid"), ConsumerPid = Text(message, "consumerPid") };
        }
    }

    public static string? Text(JsonObject message, string name) => message[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private void Check(JsonObject message, string type)
    {
        Rule(message["@context"] is JsonArray context && context.All(IsText) && context.Any(item => (string?)item == Dsp.Context), "@context", $"must be an array of strings with {Dsp.Context}");
        Rule(Text(message, "@type") == type, "@type", $"must be {type}");
        switch (type)
        {
            case "CatalogRequestMessage":
                Rule(message["filter"] is null or JsonArray, "filter", "must be an array");
                break;
            case "ContractRequestMessage":
                Required(message, "consumerPid");
                Either(message, "callbackAddress", "providerPid");
                MessageOffer(message["offer"], "offer", targetRequired: !message.ContainsKey("providerPid"));
                break;
            case "ContractOfferMessage":
                Required(message, "providerPid");
                Either(message, "callbackAddress", "consumerPid");
                MessageOffer(message["offer"], "offer", targetRequired: true);
                break;
            case "ContractAgreementMessage":
                Pids(message);
                Agreement(message["agreement"]);
                break;
            case "ContractNegotiationEventMessage":
                Pids(message);
                Rule(Text(message, "eventType") is "ACCEPTED" or "FINALIZED", "eventType", "must be ACCEPTED or FINALIZED");
                break;
            case "ContractAgreementVerificationMessage" or "TransferCompletionMessage":
                Pids(message);
                break;
            case "ContractNegotiationTerminationMessage" or "TransferTerminationMessage" or "TransferSuspensionMessage":
                Pids(message);
                Optional(message, "code");
                Rule(message["reason"] is null or JsonArray { Count: > 0 }, "reason", "must be an array that is not empty");
                break;
            case "TransferRequestMessage":
                Required(message, "consumerPid");
                Required(message, "agreementId");
                Required(message, "format");
                Required(message, "callbackAddress");
                DataAddress(message["dataAddress"]);
                break;
            case "TransferStartMessage":
                Pids(message);
                DataAddress(message["dataAddress"]);
                break;
            case "ContractNegotiation" or "TransferProcess":
                Pids(message);
                Required(message, "state");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "is no message of the protocol");
        }
    }

    private void Pids(JsonObject message)
    {
        Required(message, "providerPid");
        Required(message, "consumerPid");
    }

    private void Either(JsonObject message, string one, string other)
    {
        Optional(message, one);
        Optional(message, other);
        Rule(message.ContainsKey(one) != message.ContainsKey(other), one, $"either this or {other} must be there, and not both");
    }

    private void MessageOffer(JsonNode? node, string path, bool targetRequired)
    {
        if (node is not JsonObject offer)
        {
            Rule(false, path, "must be an object");
            return;
        }

        Rule(Text(offer, "@type") == "Offer", $"{path}.@type", "must be Offer");
        Rule(targetRequired ? IsText(offer["target"]) : IsTextOrAbsent(offer, "target"), $"{path}.target", "must be the dataset's id");
        Policy(offer, path);
    }

    private void Agreement(JsonNode? node)
    {
        if (node is not JsonObject agreement)
        {
            Rule(false, "agreement", "must be an object");
            return;
        }

        Rule(Text(agreement, "@type") == "Agreement", "agreement.@type", "must be Agreement");
        foreach (var name in (string[])["target", "assigner", "assignee"])
        {
            Rule(IsText(agreement[name]), $"agreement.{name}", "must be a string");
        }

        // The protocol's text requires what its schema leaves open.
        Rule(Text(agreement, "timestamp") is { } time && Timestamp().IsMatch(time), "agreement.timestamp", "must be an xsd:dateTime");
        Policy(agreement, "agreement");
    }

    private void Policy(JsonObject policy, string path)
    {
        Rule(IsText(policy["@id"]), $"{path}.@id", "must be a string");
        Rule(policy["profile"] is null || IsText(policy["profile"]) || (policy["profile"] is JsonArray profiles && profiles.All(IsText)), $"{path}.profile", "must be a string or an array of strings");
        Rule(policy.ContainsKey("permission") || policy.ContainsKey("prohibition"), path, "must have a permission or a prohibition");
        foreach (var name in (string[])["permission", "prohibition", "obligation"])
        {
            if (policy.TryGetPropertyValue(name, out var rules))
            {
                Rules(rules, $"{path}.{name}");
            }
        }
    }

    private void Rules(JsonNode? node, string path)
    {
        if (node is not JsonArray { Count: > 0 } rules)
        {
            Rule(false, path, "must be an array that is not empty");
            return;
        }

        foreach (var (index, item) in rules.Index())
        {
            var at = $"{path}[{index.ToString(CultureInfo.InvariantCulture)}]";
            if (item is not JsonObject rule)
            {
                Rule(false, at, "must be an object");
                continue;
            }

            Rule(IsText(rule["action"]), $"{at}.action", "must be a string");
            Rule(!rule.ContainsKey("target"), $"{at}.target", "must not be there: the policy names the target");
            if (rule.TryGetPropertyValue("constraint", out var constraints))
            {
                Constraints(constraints, $"{at}.constraint");
            }
        }
    }

    private void Constraints(JsonNode? node, string path)
    {
        if (node is not JsonArray constraints)
        {
            Rule(false, path, "must be an array");
            return;
        }

        foreach (var (index, item) in constraints.Index())
        {
            Constraint(item as JsonObject, $"{path}[{index.ToString(CultureInfo.InvariantCulture)}]");
        }
    }

    private void Constraint(JsonObject? constraint, string path)
    {
        if (constraint is null)
        {
            Rule(false, path, "must be an object");
            return;
        }

        var logical = Logical.Where(constraint.ContainsKey).ToArray();
        var atomic = constraint.ContainsKey("leftOperand") || constraint.ContainsKey("operator") || constraint.ContainsKey("rightOperand");
        if (atomic || logical.Length != 1)
        {
            Rule(logical.Length == 0, path, "must be one logical constraint or one comparison");
            Rule(IsText(constraint["leftOperand"]), $"{path}.leftOperand", "must be a string");
            Rule(Text(constraint, "operator") is { } name && Operators.Contains(name), $"{path}.operator", $"must be one of {string.Join(", ", Operators)}");
            Rule(constraint["rightOperand"] is JsonObject or JsonArray || IsText(constraint["rightOperand"]), $"{path}.rightOperand", "must be a string, an object or an array");
            return;
        }

        Constraints(constraint[logical[0]], $"{path}.{logical[0]}");
    }

    private void DataAddress(JsonNode? node)
    {
        if (node is null)
        {
            return;
        }

        if (node is not JsonObject address)
        {
            Rule(false, "dataAddress", "must be an object");
            return;
        }

        Rule(Text(address, "@type") == "DataAddress", "dataAddress.@type", "must be DataAddress");
        Rule(IsText(address["endpointType"]), "dataAddress.endpointType", "must be a string");
        Rule(IsTextOrAbsent(address, "endpoint"), "dataAddress.endpoint", "must be a string");
        if (!address.TryGetPropertyValue("endpointProperties", out var properties))
        {
            return;
        }

        Rule(properties is JsonArray { Count: > 0 } items && items.All(item => item is JsonObject property && Text(property, "@type") == "EndpointProperty" && IsText(property["name"]) && IsText(property["value"])),
            "dataAddress.endpointProperties", "must be an array of EndpointProperty, each with name and value");
    }

    private void Required(JsonObject message, string name) => Rule(Text(message, name) is { Length: > 0 }, name, "must be a string that is not empty");

    private void Optional(JsonObject message, string name) => Rule(IsTextOrAbsent(message, name), name, "must be a string");

    private void Rule(bool holds, string path, string what)
    {
        if (!holds)
        {
            mistakes.Add($"{path}: {what}.");
        }
    }

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String;

    private static bool IsTextOrAbsent(JsonObject json, string name) => !json.TryGetPropertyValue(name, out var node) || IsText(node);

    [GeneratedRegex(@"-?([1-9][0-9]{3,}|0[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|(24:00:00(\.0+)?))(Z|(\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?")]
    private static partial Regex Timestamp();
}
