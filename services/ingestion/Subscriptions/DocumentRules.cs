using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;

namespace LivingCity.Ingestion.Subscriptions;

/// <summary>Checks the members of a subscription or registration, collecting all mistakes, each with the member's path. Not thread-safe.</summary>
internal sealed class DocumentRules
{
    private static readonly TimeSpan PatternPatience = TimeSpan.FromMilliseconds(100);
    private readonly List<string> mistakes = [];

    /// <exception cref="NgsiLdException">There were mistakes (BadRequestData).</exception>
    public void ThrowIfBroken()
    {
        if (mistakes.Count > 0)
        {
            throw NgsiLdException.BadRequestData(string.Join(" ", mistakes));
        }
    }

    public void Require(bool holds, string path, string message)
    {
        if (!holds)
        {
            mistakes.Add($"{path}: {message}.");
        }
    }

    /// <summary>Runs a parser of a part, and notes what it finds wrong.</summary>
    public T? Try<T>(string path, Func<T> parse)
        where T : class
    {
        try
        {
            return parse();
        }
        catch (NgsiLdException exception)
        {
            mistakes.Add($"{path}: {exception.Details.Detail}");
            return null;
        }
    }

    public string? Text(JsonObject document, string member, string path = "", bool required = false) =>
        Read(document, member, path, required, "a text that is not empty is required", value => value is JsonValue && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text ? text : null);

    public string? Uri(JsonObject document, string member, string path = "", bool required = false) =>
        Read(document, member, path, required, "a URI is required", value => value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var text && Uris.IsUri(text) ? text : null);

    public string? OneOf(JsonObject document, string member, IReadOnlyList<string> allowed, string path = "") =>
        Read(document, member, path, false, $"one of {string.Join(", ", allowed)} is required", value => value.GetValueKind() == JsonValueKind.String && allowed.Contains(value.GetValue<string>()) ? value.GetValue<string>() : null);

    public void Flag(JsonObject document, string member, string path = "") =>
        Read(document, member, path, false, "true or false is required", value => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value : null);

    public void Positive(JsonObject document, string member, string path = "") =>
        Read(document, member, path, false, "a number above 0 is required", value => value.GetValueKind() == JsonValueKind.Number && value.GetValue<double>() is > 0 and < 1e9 ? value : null);

    public DateTimeOffset? Time(JsonObject document, string member, string path = "", bool required = false)
    {
        DateTimeOffset time = default;
        return Read(document, member, path, required, "a date and time with an offset is required, like 2026-01-31T08:00:00Z",
            value => value.GetValueKind() == JsonValueKind.String && Instants.TryRead(value.GetValue<string>(), out time) ? value : null) is null ? null : time;
    }

    public JsonObject? Object(JsonObject document, string member, string path = "", bool required = false) =>
        Read(document, member, path, required, "an object is required", value => value as JsonObject);

    /// <summary>An array that is not empty.</summary>
    public JsonArray? Array(JsonObject document, string member, string path = "", bool required = false) =>
        Read(document, member, path, required, "an array that is not empty is required", value => value is JsonArray { Count: > 0 } array ? array : null);

    /// <summary>An array of names, already expanded.</summary>
    public IReadOnlyList<string>? Names(JsonObject document, string member, string path = "") =>
        Read(document, member, path, false, "an array of names that is not empty is required",
            value => value is JsonArray { Count: > 0 } array && array.All(item => item?.GetValueKind() == JsonValueKind.String && item.GetValue<string>().Length > 0) ? array : null)
            ?.Select(item => item!.GetValue<string>()).ToArray();

    /// <summary>Members <c>key</c> and <c>value</c> (clause 5.2.22).</summary>
    public void Pairs(JsonObject document, string member, string path = "")
    {
        foreach (var (pair, index) in (Array(document, member, path) ?? []).Select((pair, index) => (pair, index)))
        {
            Require(pair is JsonObject entry && entry["key"]?.GetValueKind() == JsonValueKind.String && entry["value"]?.GetValueKind() == JsonValueKind.String && entry["key"]!.GetValue<string>().Length > 0,
                $"{path}{member}[{index}]", "an object with the texts key and value is required");
        }
    }

    /// <summary>Which entities are meant (clauses 5.2.8 and 5.2.33): <c>type</c> is a name or a selection, <c>id</c> a URI or an array of URIs.</summary>
    public void Entities(JsonObject document, string path = "")
    {
        foreach (var (item, index) in (Array(document, "entities", path) ?? []).Select((item, index) => (item, index)))
        {
            var own = $"{path}entities[{index}].";
            if (item is not JsonObject entity)
            {
                Require(false, own.TrimEnd('.'), "an object is required");
                continue;
            }

            if (Text(entity, "type", own, required: true) is { } type && type != "*")
            {
                Try($"{own}type", () => TypeExpression.Parse(type, LdContext.Core));
            }

            if (entity["id"] is JsonArray)
            {
                foreach (var id in Array(entity, "id", own) ?? [])
                {
                    Require(id?.GetValueKind() == JsonValueKind.String && Uris.IsUri(id.GetValue<string>()), $"{own}id", "an array of URIs is required");
                }
            }
            else
            {
                Uri(entity, "id", own);
            }

            if (Text(entity, "idPattern", own) is { } pattern)
            {
                Require(IsPattern(pattern), $"{own}idPattern", "a regular expression is required");
            }
        }
    }

    /// <summary>Where the entities lie (clause 5.2.13).</summary>
    public void Geo(JsonObject document, string member, string path = "")
    {
        if (Object(document, member, path) is { } geo)
        {
            Try($"{path}{member}", () => ReadGeo(geo));
        }
    }

    public static GeoQuery ReadGeo(JsonObject geo) => GeoQuery.Parse(TextOf(geo["georel"]), TextOf(geo["geometry"]),
        geo["coordinates"] is JsonValue text && text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>() : geo["coordinates"]?.ToJsonString(), TextOf(geo["geoproperty"]), LdContext.Core)
        ?? throw NgsiLdException.BadRequestData("georel, geometry and coordinates are needed together.");

    /// <summary>An id pattern (clause 5.2.8): the whole id need not be matched.</summary>
    public static Regex Pattern(string pattern) => new(pattern, RegexOptions.CultureInvariant, PatternPatience);

    public static bool IsPattern(string pattern)
    {
        try
        {
            Pattern(pattern);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private T? Read<T>(JsonObject document, string member, string path, bool required, string message, Func<JsonNode, T?> read)
        where T : class
    {
        if (!document.TryGetPropertyValue(member, out var value))
        {
            Require(!required, path + member, message);
            return null;
        }

        var result = value is null ? null : read(value);
        Require(result is not null, path + member, message);
        return result;
    }
}
