using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Contexts;

/// <summary>
/// Reads what stands under <c>@context</c>: addresses, inline objects, arrays of these, nested to a limited depth. Of term definitions it keeps the IRI: values are kept as
/// they were sent, so type coercion and containers have nothing to act on.
/// </summary>
/// <param name="fetch">Gives the document at an address (its <c>@context</c> member).</param>
internal sealed partial class ContextReader(Func<string, CancellationToken, ValueTask<JsonElement>> fetch)
{
    private const int MaxDepth = 8;
    private const int MaxDocuments = 32;

    private readonly Dictionary<string, string> terms = [];
    private readonly HashSet<string> loading = [];
    private int documents;

    /// <summary>True for the core context in each of its versions: they all resolve to the built-in one.</summary>
    public static bool IsCore(string address) => CorePattern().IsMatch(address);

    /// <exception cref="NgsiLdException">Malformed (BadRequestData), or a part cannot be had (LdContextNotAvailable).</exception>
    public async ValueTask<LdContext> ReadAsync(JsonElement context, CancellationToken cancellationToken)
    {
        await ReadAsync(context, 0, cancellationToken);
        var sources = (context.ValueKind == JsonValueKind.Array ? [.. context.EnumerateArray()] : (JsonElement[])[context])
            .Where(source => source.ValueKind != JsonValueKind.String || !IsCore(source.GetString()!))
            .Select(source => source.ValueKind == JsonValueKind.String ? JsonValue.Create(source.GetString())! : JsonNode.Parse(source.GetRawText())!)
            .ToArray();
        var address = sources is [JsonValue only] ? only.GetValue<string>() : null;
        return sources.Length == 0 ? LdContext.Core : new LdContext(terms, sources, address);
    }

    private async ValueTask ReadAsync(JsonElement context, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth)
        {
            throw NgsiLdException.BadRequestData($"@context: nested deeper than {MaxDepth}.");
        }

        switch (context.ValueKind)
        {
            case JsonValueKind.String:
                await ReadAddressAsync(context.GetString()!, depth, cancellationToken);
                break;
            case JsonValueKind.Array:
                foreach (var part in context.EnumerateArray())
                {
                    await ReadAsync(part, depth + 1, cancellationToken);
                }

                break;
            case JsonValueKind.Object:
                Define(context);
                break;
            case JsonValueKind.Null when depth > 0:
                terms.Clear();
                break;
            default:
                throw NgsiLdException.BadRequestData("@context must be an address, an object, or an array of these.");
        }
    }

    private async ValueTask ReadAddressAsync(string address, int depth, CancellationToken cancellationToken)
    {
        if (IsCore(address))
        {
            return;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw NgsiLdException.BadRequestData($"@context: '{address}' is not an http or https address.");
        }

        if (++documents > MaxDocuments || !loading.Add(address))
        {
            throw NgsiLdException.LdContextNotAvailable($"The context {address} includes too many others, or itself.");
        }

        await ReadAsync(await fetch(address, cancellationToken), depth + 1, cancellationToken);
        loading.Remove(address);
    }

    private void Define(JsonElement context)
    {
        var definitions = context.EnumerateObject().Where(term => !term.Name.StartsWith('@')).GroupBy(term => term.Name).ToDictionary(group => group.Key, group => IdOf(group.Last()));
        var vocabulary = context.TryGetProperty("@vocab", out var vocab) && vocab.ValueKind == JsonValueKind.String ? vocab.GetString()! : CoreTerms.DefaultVocabulary;
        foreach (var term in definitions.Keys)
        {
            if (Resolve(term, definitions, vocabulary, 0) is { } iri)
            {
                terms[term] = iri;
            }
            else
            {
                terms.Remove(term);
            }
        }
    }

    /// <summary>The IRI that a definition names; empty when it leaves that to the term itself; null when it takes the term away.</summary>
    private static string? IdOf(JsonProperty term) => term.Value.ValueKind switch
    {
        JsonValueKind.String when term.Value.GetString() is { Length: > 0 } iri => iri,
        JsonValueKind.Null => null,
        JsonValueKind.Object => !term.Value.TryGetProperty("@id", out var id) ? ""
            : id.ValueKind == JsonValueKind.Null ? null
            : id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 } given ? given
            : throw NgsiLdException.BadRequestData($"@context: the term {term.Name} has no IRI."),
        _ => throw NgsiLdException.BadRequestData($"@context: the term {term.Name} has no IRI."),
    };

    private string? Resolve(string term, Dictionary<string, string?> definitions, string vocabulary, int depth)
    {
        if (!definitions.TryGetValue(term, out var id))
        {
            return CoreTerms.All.GetValueOrDefault(term) ?? terms.GetValueOrDefault(term);
        }

        if (id is null || id.StartsWith('@') || depth > MaxDepth)
        {
            return null; // taken away, a keyword's alias, or a circle
        }

        id = id.Length == 0 ? term : id;
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return id != term && Resolve(id, definitions, vocabulary, depth + 1) is { } other ? other : vocabulary + id;
        }

        return id.AsSpan(colon + 1).StartsWith("//", StringComparison.Ordinal) || id[..colon] == term ? id
            : Resolve(id[..colon], definitions, vocabulary, depth + 1) is { } prefix ? prefix + id[(colon + 1)..]
            : id;
    }

    [GeneratedRegex(@"^https?://uri\.etsi\.org/ngsi-ld/v1/ngsi-ld-core-context(-v1\.\d+)?\.jsonld$")]
    private static partial Regex CorePattern();
}
