using System.Text;

namespace LivingCity.Dataspace.Policies;

/// <summary>
/// Terms of policies as canonical IRIs, so that two spellings of one term cannot be told apart by a rule (RFC 3987, 5.3): prefixes and the protocol's short names are expanded, scheme and host
/// are lower case, the default port is dropped, and what need not be percent-encoded is not.
/// </summary>
internal static class Iri
{
    public const string Odrl = "http://www.w3.org/ns/odrl/2/";

    /// <summary>Data Privacy Vocabulary 2.</summary>
    public const string Dpv = "https://w3id.org/dpv#";

    /// <summary>Terms of ours, for what ODRL has no word for.</summary>
    public const string Own = "urn:living-city:odrl:";

    private static readonly (string Prefix, string Base)[] Prefixes = [("odrl:", Odrl), ("dpv:", Dpv), ("lc:", Own)];

    /// <summary>A term of the policy vocabulary: what has neither scheme nor prefix is ODRL's.</summary>
    public static string Term(string text) => Expand(text.Trim()) is var expanded && HasScheme(expanded) ? Canonical(expanded) : Odrl + expanded;

    /// <summary>A value that names something: a purpose, an area. What is no IRI stays as it is.</summary>
    public static string Value(string text) => Expand(text.Trim()) is var expanded && HasScheme(expanded) ? Canonical(expanded) : expanded;

    /// <summary>The short form for the protocol's messages: its own terms by name, all others as full IRIs.</summary>
    public static string Compact(string iri, IReadOnlySet<string> shortNames) =>
        iri.StartsWith(Odrl, StringComparison.Ordinal) && shortNames.Contains(iri[Odrl.Length..]) ? iri[Odrl.Length..] : iri;

    /// <summary>A scheme begins with a letter (RFC 3986, 3.1); a time of day has a colon too, and none.</summary>
    private static bool HasScheme(string text) => text.Length > 0 && char.IsAsciiLetter(text[0]) && text.Contains(':', StringComparison.Ordinal);

    private static string Expand(string text) =>
        Prefixes.FirstOrDefault(prefix => text.StartsWith(prefix.Prefix, StringComparison.OrdinalIgnoreCase)) is { Prefix: { } prefix, Base: { } root } ? root + text[prefix.Length..] : text;

    private static string Canonical(string iri)
    {
        var colon = iri.IndexOf(':', StringComparison.Ordinal);
        var scheme = iri[..colon].ToLowerInvariant();
        var rest = Decode(iri[(colon + 1)..]);
        if (scheme == "urn" && rest.IndexOf(':', StringComparison.Ordinal) is > 0 and var end)
        {
            return $"urn:{rest[..end].ToLowerInvariant()}{rest[end..]}"; // RFC 8141, 3.1: the namespace identifier has no case
        }

        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            return $"{scheme}:{rest}";
        }

        var slash = rest.AsSpan(2).IndexOfAny('/', '?', '#');
        var authority = (slash < 0 ? rest[2..] : rest[2..(slash + 2)]).ToLowerInvariant();
        var port = scheme == "https" ? ":443" : ":80";
        return $"{scheme}://{(authority.EndsWith(port, StringComparison.Ordinal) ? authority[..^port.Length] : authority)}{(slash < 0 ? "/" : rest[(slash + 2)..])}";
    }

    /// <summary>Decodes the octets that RFC 3986, 2.3 calls unreserved; all others keep their encoding, in upper case.</summary>
    private static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var decoded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                var octet = (char)Convert.ToInt32(text.Substring(i + 1, 2), 16);
                _ = char.IsAsciiLetterOrDigit(octet) || octet is '-' or '.' or '_' or '~' ? decoded.Append(octet) : decoded.Append('%').Append(text.Substring(i + 1, 2).ToUpperInvariant());
                i += 2;
            }
            else
            {
                decoded.Append(text[i]);
            }
        }

        return decoded.ToString();
    }
}
