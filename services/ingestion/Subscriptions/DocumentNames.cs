using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LivingCity.Ingestion.Subscriptions;

/// <summary>
/// Translates the names inside a subscription or registration, so that it is stored expanded and answered in the words of the request. What has not the right shape is left as it is:
/// the rules find it.
/// </summary>
internal static partial class DocumentNames
{
    private static readonly HashSet<string> MembersOfEntities = ["id", "type", "scope", "createdAt", "modifiedAt", "expiresAt", "deletedAt"];

    /// <summary>Translates one name.</summary>
    public static void Name(JsonObject document, string member, Func<string, string> translate)
    {
        if (document[member] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length > 0)
        {
            document[member] = translate(value.GetValue<string>());
        }
    }

    /// <summary>Translates an array of names. Members of entities themselves stay.</summary>
    public static void Names(JsonObject document, string member, Func<string, string> translate)
    {
        if (document[member] is JsonArray names)
        {
            document[member] = new JsonArray([.. names.Select(name => name?.GetValueKind() == JsonValueKind.String && name.GetValue<string>() is { Length: > 0 } text && !MembersOfEntities.Contains(text)
                ? JsonValue.Create(translate(text)) : name?.DeepClone())]);
        }
    }

    /// <summary>Translates names between commas.</summary>
    public static void List(JsonObject document, string member, Func<string, string> translate) =>
        Name(document, member, names => string.Join(',', names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(translate)));

    /// <summary>Translates an array of members to pick or omit, each with those beyond a relationship in braces (clause 4.21).</summary>
    public static void Projection(JsonObject document, string member, Func<string, string> translate)
    {
        if (document[member] is JsonArray names)
        {
            document[member] = new JsonArray([.. names.Select(name => name?.GetValueKind() == JsonValueKind.String
                ? JsonValue.Create(MemberPattern().Replace(name.GetValue<string>(), word => MembersOfEntities.Contains(word.Value) ? word.Value : translate(word.Value))) : name?.DeepClone())]);
        }
    }

    /// <summary>Translates the types in <c>entities</c>, each a name or a selection of names.</summary>
    public static void Entities(JsonObject document, Func<string, string> translate)
    {
        foreach (var entity in (document["entities"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (entity["type"] is JsonArray { Count: > 0 } types && types.All(type => type?.GetValueKind() == JsonValueKind.String))
            {
                // Several types of one entity: it has all of them.
                entity["type"] = string.Join(';', types.Select(type => type!.GetValue<string>()));
            }

            Name(entity, "type", selection => selection == "*" ? selection : WordPattern().Replace(selection, word => translate(word.Value)));
        }
    }

    [GeneratedRegex(@"[^|,{}\s]+")]
    private static partial Regex MemberPattern();

    [GeneratedRegex(@"[^|,;()\s]+")]
    private static partial Regex WordPattern();
}
