using System.Text.RegularExpressions;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Query;

/// <summary>
/// Selects entities by their scopes (ETSI GS CIM 009, clause 4.19): <c>/Madrid/Gardens</c> for the scope itself, <c>+</c> for any one level, <c>#</c> at the end for it and all below.
/// <code>
/// query = all *( ("|" / ",") all )
/// all   = scope *( ";" scope )        a scope may stand in brackets with others
/// </code>
/// </summary>
internal sealed partial class ScopeQuery
{
    private readonly string[][][] alternatives;

    private ScopeQuery(string[][][] alternatives) => this.alternatives = alternatives;

    /// <summary>As alternatives of conjunctions of regular expressions, for the database.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Patterns => [.. alternatives.Select(all => (IReadOnlyList<string>)[.. all.Select(PatternOf)])];

    /// <summary>Whether a text can be a scope (clause 4.18).</summary>
    public static bool IsScope(string text) => ScopePattern().IsMatch(text);

    /// <exception cref="NgsiLdException">It follows not the grammar (BadRequestData).</exception>
    public static ScopeQuery Parse(string text)
    {
        var alternatives = text.Split('|', ',').Select(all => all.Trim('(', ')').Split(';').Select(scope => Levels(scope.Trim('(', ')'))).ToArray()).ToArray();
        return alternatives.All(all => all.All(scope => scope.Length > 0 && scope.All(level => LevelPattern().IsMatch(level)) && !scope.SkipLast(1).Contains("#")))
            ? new ScopeQuery(alternatives)
            : throw NgsiLdException.BadRequestData($"scopeQ: '{text}' is no scope query.");
    }

    public bool Matches(IReadOnlyList<string>? scopes) => scopes is not null && alternatives.Any(all => all.All(query => scopes.Any(scope => Matches(query, Levels(scope)))));

    private static bool Matches(string[] query, string[] scope)
    {
        for (var level = 0; level < query.Length; level++)
        {
            if (query[level] == "#")
            {
                return scope.Length >= level;
            }

            if (level >= scope.Length || (query[level] != "+" && query[level] != scope[level]))
            {
                return false;
            }
        }

        return query.Length == scope.Length;
    }

    private static string PatternOf(string[] query) =>
        "^" + string.Concat(query.Select(level => level switch { "#" => "(/[^/]+)*", "+" => "/[^/]+", _ => "/" + EscapePattern().Replace(level, @"\$0") })) + "$";

    private static string[] Levels(string scope) => scope.TrimStart('/').Split('/');

    [GeneratedRegex(@"^/?[^/\s+#,;|()]+(/[^/\s+#,;|()]+)*$")]
    private static partial Regex ScopePattern();

    [GeneratedRegex(@"^([^/\s+#,;|()]+|\+|#)$")]
    private static partial Regex LevelPattern();

    [GeneratedRegex(@"[^\p{L}\p{Nd}_]")]
    private static partial Regex EscapePattern();
}
