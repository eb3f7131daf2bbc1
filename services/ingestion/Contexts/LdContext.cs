using System.Text.Json;
using System.Text.RegularExpressions;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Contexts;

/// <summary>
/// Expands and compacts the names of types and attributes (JSON-LD 1.1, as profiled in ETSI GS CIM 009, clauses 4.4 and 5.5.7). The core context wins over what a user
/// defines, and what neither defines falls into the default vocabulary. Known contexts: the core context in each of its versions, and inline definitions.
/// </summary>
internal sealed partial class LdContext
{
    public const string CoreAddress = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld";
    private const string NgsiLd = "https://uri.etsi.org/ngsi-ld/";
    private const string DefaultVocabulary = NgsiLd + "default-context/";

    /// <summary>The core context's terms that can be the name of an attribute or a type of its own.</summary>
    private static readonly Dictionary<string, string> CoreTerms = new string[]
    {
        "location", "observationSpace", "operationSpace", "scope", "title", "description",
    }.ToDictionary(term => term, term => term is "title" or "description" ? $"http://purl.org/dc/terms/{term}" : NgsiLd + term);

    public static readonly LdContext Core = new([]);

    private readonly Dictionary<string, string> terms;
    private readonly Dictionary<string, string> names;

    private LdContext(Dictionary<string, string> terms)
    {
        this.terms = terms;
        names = terms.Concat(CoreTerms).DistinctBy(term => term.Value).ToDictionary(term => term.Value, term => term.Key);
    }

    /// <summary>The IRI of a name.</summary>
    /// <exception cref="NgsiLdException">The name cannot be one (BadRequestData).</exception>
    public string Expand(string name)
    {
        if (CoreTerms.TryGetValue(name, out var iri) || terms.TryGetValue(name, out iri))
        {
            return iri;
        }

        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            return terms.TryGetValue(name[..colon], out var prefix) && !name.AsSpan(colon + 1).StartsWith("//", StringComparison.Ordinal) ? prefix + name[(colon + 1)..] : name;
        }

        return NamePattern().IsMatch(name) ? DefaultVocabulary + name : throw NgsiLdException.BadRequestData($"'{name}' is not a valid name.");
    }

    /// <summary>The shortest name of an IRI under this context.</summary>
    public string Compact(string iri) => names.TryGetValue(iri, out var name) ? name
        : iri.StartsWith(DefaultVocabulary, StringComparison.Ordinal) ? iri[DefaultVocabulary.Length..]
        : iri;

    /// <summary>Reads what a <c>Link</c> header names, or the <c>@context</c> member of a body.</summary>
    /// <exception cref="NgsiLdException">It is malformed (BadRequestData), or names a context that is not known here (LdContextNotAvailable).</exception>
    public static LdContext Read(JsonElement? member, string? link)
    {
        if (link is not null && member is not null)
        {
            throw NgsiLdException.BadRequestData("The @context is given twice: in the Link header and in the body.");
        }

        if (link is not null)
        {
            RequireCore(link);
        }

        if (member is not { } context)
        {
            return Core;
        }

        var terms = new Dictionary<string, string>();
        Read(context, terms);
        return terms.Count == 0 ? Core : new LdContext(terms);
    }

    private static void Read(JsonElement context, Dictionary<string, string> terms)
    {
        switch (context.ValueKind)
        {
            case JsonValueKind.String:
                RequireCore(context.GetString()!);
                break;
            case JsonValueKind.Array:
                foreach (var part in context.EnumerateArray())
                {
                    Read(part, terms);
                }

                break;
            case JsonValueKind.Object:
                foreach (var term in context.EnumerateObject().Where(term => !term.Name.StartsWith('@')))
                {
                    var definition = term.Value.ValueKind == JsonValueKind.Object && term.Value.TryGetProperty("@id", out var id) ? id : term.Value;
                    terms[term.Name] = definition.ValueKind == JsonValueKind.String && definition.GetString() is { Length: > 0 } iri ? iri
                        : throw NgsiLdException.BadRequestData($"@context: the term {term.Name} has no IRI.");
                }

                break;
            default:
                throw NgsiLdException.BadRequestData("@context must be an address, an object, or an array of these.");
        }
    }

    private static void RequireCore(string address)
    {
        if (!CorePattern().IsMatch(address))
        {
            throw NgsiLdException.LdContextNotAvailable($"The context {address} is not known here.");
        }
    }

    [GeneratedRegex(@"^https?://uri\.etsi\.org/ngsi-ld/v1/ngsi-ld-core-context(-v1\.\d+)?\.jsonld$")]
    private static partial Regex CorePattern();

    [GeneratedRegex(@"^\p{L}[\p{L}\p{Nd}_.\-]*$")]
    private static partial Regex NamePattern();
}
