using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LivingCity.Dataspace.Tests.Catalogue;

/// <summary>A term of RDF: an IRI, a blank node (<c>_:</c>) or a literal with its datatype.</summary>
internal sealed record Term(string Value, string? Datatype = null)
{
    public bool IsLiteral => Datatype is not null;
}

internal sealed record Triple(Term Subject, string Predicate, Term Object);

/// <summary>Reads Turtle (RDF 1.1), as far as our catalogue and the published shapes use it: no collections, no nested blank nodes, no relative IRIs.</summary>
internal static partial class TurtleReader
{
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const string Xsd = "http://www.w3.org/2001/XMLSchema#";

    public static IReadOnlyList<Triple> Read(string text)
    {
        var prefixes = new Dictionary<string, string>();
        var triples = new List<Triple>();
        var tokens = Token().Matches(text).Select(match => match.Value).Where(token => !string.IsNullOrWhiteSpace(token) && token[0] != '#').ToArray();
        for (var at = 0; at < tokens.Length;)
        {
            if (tokens[at] == "@prefix")
            {
                prefixes[tokens[at + 1].TrimEnd(':')] = tokens[at + 2][1..^1];
                at += 4;
                continue;
            }

            var subject = Term(tokens[at++], prefixes);
            do
            {
                var predicate = tokens[at] == "a" ? Rdf + "type" : Term(tokens[at], prefixes).Value;
                at++;
                do
                {
                    triples.Add(new Triple(subject, predicate, Term(tokens[at++], prefixes)));
                }
                while (tokens[at] == "," && ++at > 0);
            }
            while (tokens[at] == ";" && ++at > 0 && tokens[at] != ".");
            Assert.True(tokens[at] == ".", $"'{tokens[at]}' where a statement should end, after {string.Join(' ', tokens[Math.Max(0, at - 8)..at])}");
            at++;
        }

        return triples;
    }

    private static Term Term(string token, Dictionary<string, string> prefixes)
    {
        if (token[0] == '<')
        {
            return new Term(token[1..^1]);
        }

        if (token[0] == '"')
        {
            var end = token.LastIndexOf('"');
            var rest = token[(end + 1)..];
            return new Term(Unescape(token[1..end].Trim('"')), rest.StartsWith("^^", StringComparison.Ordinal) ? Term(rest[2..], prefixes).Value : rest.StartsWith('@') ? Rdf + "langString" : Xsd + "string");
        }

        if (token is "true" or "false")
        {
            return new Term(token, Xsd + "boolean");
        }

        if (long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return new Term(token, Xsd + "integer");
        }

        if (token.StartsWith("_:", StringComparison.Ordinal))
        {
            return new Term(token);
        }

        var colon = token.IndexOf(':', StringComparison.Ordinal);
        Assert.True(colon >= 0 && prefixes.ContainsKey(token[..colon]), $"'{token}' is no term");
        return new Term(prefixes[token[..colon]] + token[(colon + 1)..]);
    }

    private static string Unescape(string text) => new StringBuilder(text).Replace("\\\"", "\"").Replace("\\n", "\n").Replace("\\\\", "\\").ToString();

    [GeneratedRegex("""#[^\n]*|@prefix|<[^>]*>|"{3}[\s\S]*?"{3}(?:@[A-Za-z-]+|\^\^(?:<[^>]*>|[\w.-]*:[\w.-]*))?|"(?:[^"\\]|\\.)*"(?:@[A-Za-z-]+|\^\^(?:<[^>]*>|[\w.-]*:[\w.-]*))?|_:\w+|[\w-]*:(?:[\w-]|\.(?=\w))*|-?\d+|true|false|\ba\b|[;,.]""")]
    private static partial Regex Token();
}
