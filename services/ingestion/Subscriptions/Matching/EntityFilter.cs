using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Query;

namespace LivingCity.Ingestion.Subscriptions.Matching;

/// <summary>Which entities are meant (ETSI GS CIM 009, clauses 5.2.8 and 5.2.33).</summary>
/// <param name="Ids">The only ids, or null.</param>
/// <param name="Pattern">What ids must match, or null; not looked at where <paramref name="Ids"/> are given.</param>
/// <param name="Type">The selection of types; null for any type.</param>
/// <param name="TypeNames">The IRIs that the selection speaks of.</param>
internal sealed record EntityFilter(IReadOnlyList<string>? Ids, Regex? Pattern, TypeExpression? Type, IReadOnlyList<string> TypeNames)
{
    /// <summary>Reads the selectors of a checked document with expanded names.</summary>
    public static IReadOnlyList<EntityFilter> ReadAll(JsonObject document) => [.. (document["entities"] as JsonArray ?? []).OfType<JsonObject>().Select(Read)];

    public bool Matches(string id, IReadOnlyList<string> types) => (Type is null || Type.Matches(types as IReadOnlyCollection<string>))
        && MatchesId(id);

    public bool MatchesId(string id) => Ids is not null ? Ids.Contains(id) : Pattern is null || IsMatch(id);

    private static EntityFilter Read(JsonObject entity)
    {
        var type = entity["type"]?.GetValue<string>();
        return new EntityFilter(
            entity["id"] switch
            {
                JsonArray ids => [.. ids.Select(id => id!.GetValue<string>())],
                JsonValue id => [id.GetValue<string>()],
                _ => null,
            },
            entity["idPattern"]?.GetValue<string>() is { } pattern ? DocumentRules.Pattern(pattern) : null,
            type is null or "*" ? null : TypeExpression.Parse(type, LdContext.Core),
            type is null or "*" ? [] : [.. type.Split(['|', ',', ';', '(', ')'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()]);
    }

    private bool IsMatch(string id)
    {
        try
        {
            return Pattern!.IsMatch(id);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
