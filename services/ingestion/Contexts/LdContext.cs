using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Contexts;

/// <summary>
/// Expands and compacts names (JSON-LD 1.1 as profiled in ETSI GS CIM 009, clauses 4.4 and 5.5.7). The core context wins over what a user defines, and what neither
/// defines falls into the default vocabulary. For every name x that <see cref="Compact"/> gives, <c>Compact(Expand(x)) = x</c>. Immutable.
/// </summary>
internal sealed partial class LdContext
{
    /// <summary>The core context's address as this broker names it.</summary>
    public const string CoreAddress = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld";

    /// <summary>The core context alone.</summary>
    public static readonly LdContext Core = new(new Dictionary<string, string>(), [], null);

    private readonly Dictionary<string, string> terms;
    private readonly Dictionary<string, string> names;
    private readonly KeyValuePair<string, string>[] prefixes;
    private readonly JsonNode[] sources;

    /// <summary>Creates a context from a user's terms.</summary>
    /// <param name="terms">IRI by term, absolute; those that the core context defines are passed over.</param>
    /// <param name="sources">What the user gave: addresses and inline objects.</param>
    /// <param name="address">The one address that names all of it, or null when part of it is inline.</param>
    public LdContext(IReadOnlyDictionary<string, string> terms, IReadOnlyList<JsonNode> sources, string? address)
    {
        Address = address;
        this.sources = [.. sources];
        this.terms = terms.Where(term => !CoreTerms.All.ContainsKey(term.Key) && term.Value.Contains(':', StringComparison.Ordinal) && !NoIriPattern().IsMatch(term.Value)).ToDictionary();
        names = CoreTerms.All.Concat(this.terms.OrderBy(term => term.Key.Length).ThenBy(term => term.Key, StringComparer.Ordinal))
            .DistinctBy(term => term.Value).ToDictionary(term => term.Value, term => term.Key);
        prefixes = [.. this.terms.Where(term => IsPrefix(term.Key, term.Value)).Append(new("ngsi-ld", CoreTerms.NgsiLd)).OrderByDescending(term => term.Value.Length)];
    }

    /// <summary>The one address that names this context, or null when part of it was given inline.</summary>
    public string? Address { get; }

    /// <summary>True when no user context is involved.</summary>
    public bool IsCore => sources.Length == 0;

    /// <summary>The context as a member <c>@context</c>: the user's part, then the core context.</summary>
    public JsonNode ToMember() => IsCore ? JsonValue.Create(CoreAddress) : new JsonArray([.. sources.Select(source => source.DeepClone()), JsonValue.Create(CoreAddress)]);

    /// <summary>The IRI of the name of a type, an attribute or a vocabulary's word.</summary>
    /// <exception cref="NgsiLdException">The name cannot be one (BadRequestData).</exception>
    public string Expand(string name) => TryExpand(name) ?? throw NgsiLdException.BadRequestData($"'{name}' is not a valid name.");

    /// <summary>The IRI of a name, or null where it cannot be one.</summary>
    public string? TryExpand(string name)
    {
        if (CoreTerms.All.TryGetValue(name, out var iri) || terms.TryGetValue(name, out iri))
        {
            return iri;
        }

        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (name.Length == 0 || name[0] == '@' || (colon < 0 ? ForbiddenPattern() : NoIriPattern()).IsMatch(name))
        {
            return null;
        }

        return colon < 0 ? CoreTerms.DefaultVocabulary + name
            : PrefixOf(name.AsSpan(0, colon)) is { } prefix && !name.AsSpan(colon + 1).StartsWith("//", StringComparison.Ordinal) ? prefix + name[(colon + 1)..]
            : name;
    }

    /// <summary>The shortest name of an IRI under this context that expands to it again.</summary>
    public string Compact(string iri)
    {
        if (names.TryGetValue(iri, out var name))
        {
            return name;
        }

        if (iri.StartsWith(CoreTerms.DefaultVocabulary, StringComparison.Ordinal))
        {
            var rest = iri[CoreTerms.DefaultVocabulary.Length..];
            if (rest.Length > 0 && rest[0] != '@' && !rest.Contains(':', StringComparison.Ordinal) && !terms.ContainsKey(rest) && !CoreTerms.All.ContainsKey(rest) && !ForbiddenPattern().IsMatch(rest))
            {
                return rest;
            }
        }

        foreach (var (prefix, vocabulary) in prefixes)
        {
            if (iri.Length > vocabulary.Length && iri.StartsWith(vocabulary, StringComparison.Ordinal))
            {
                var compact = $"{prefix}:{iri.AsSpan(vocabulary.Length)}";
                if (!compact.AsSpan(prefix.Length + 1).StartsWith("//", StringComparison.Ordinal) && !terms.ContainsKey(compact))
                {
                    return compact;
                }
            }
        }

        return iri;
    }

    private string? PrefixOf(ReadOnlySpan<char> prefix)
    {
        var term = prefix.ToString();
        return term == "ngsi-ld" ? CoreTerms.NgsiLd : terms.TryGetValue(term, out var iri) && IsPrefix(term, iri) ? iri : null;
    }

    /// <summary>A term is a prefix when its IRI ends in a delimiter (JSON-LD 1.1, 4.1.5).</summary>
    private static bool IsPrefix(string term, string iri) => !term.Contains(':', StringComparison.Ordinal) && iri[^1] is ':' or '/' or '?' or '#' or '[' or ']' or '@';

    /// <summary>What no IRI holds (RFC 3987).</summary>
    [GeneratedRegex(@"[<>""\\{}^`|\s\p{C}]")]
    private static partial Regex NoIriPattern();

    /// <summary>What clause 4.6.4 forbids in names, and white space.</summary>
    [GeneratedRegex(@"[<>""'=;()\[\]{}\\^`|\s\p{C}]")]
    private static partial Regex ForbiddenPattern();
}
