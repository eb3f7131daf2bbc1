using System.Text;
using System.Text.Json.Nodes;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>Our compacted JSON-LD documents in Turtle (RDF 1.1 Turtle). It knows what those documents use: prefixes, <c>@id</c>, <c>@type</c>, <c>@value</c>, <c>@language</c>.</summary>
internal sealed class Turtle
{
    private readonly StringBuilder text = new();
    private readonly Dictionary<string, string> prefixes;
    private int blanks;

    private Turtle(JsonObject context) => prefixes = context.ToDictionary(entry => entry.Key, entry => (string)entry.Value!);

    public static string Write(JsonObject document)
    {
        var turtle = new Turtle(document["@context"]!.AsObject());
        foreach (var (prefix, iri) in turtle.prefixes)
        {
            turtle.text.Append("@prefix ").Append(prefix).Append(": <").Append(iri).Append("> .\n");
        }

        turtle.Node(document);
        return turtle.text.ToString();
    }

    /// <summary>Writes a node after all nodes inside it, and gives its name.</summary>
    private string Node(JsonObject node)
    {
        var name = node["@id"] is { } id ? Iri((string)id!) : $"_:b{blanks++}";
        var lines = new List<string>();
        foreach (var (key, value) in node)
        {
            if (key is "@id" or "@context")
            {
                continue;
            }

            var objects = (value is JsonArray many ? many.ToArray() : [value]).OfType<JsonNode>().Select(item => key == "@type" ? Iri((string)item!) : Term(item)).ToArray();
            if (objects.Length > 0)
            {
                lines.Add($"{(key == "@type" ? "a" : Iri(key))} {string.Join(", ", objects)}");
            }
        }

        if (lines.Count > 0)
        {
            text.Append('\n').Append(name).Append(' ').AppendJoin(" ;\n    ", lines).Append(" .\n");
        }

        return name;
    }

    private string Term(JsonNode node) => node switch
    {
        JsonObject literal when literal["@value"] is { } value => Literal((string)value!) + (literal["@language"] is { } language ? $"@{(string)language!}" : literal["@type"] is { } type ? $"^^{Iri((string)type!)}" : ""),
        JsonObject nested => Node(nested),
        JsonValue value when value.TryGetValue<string>(out var plain) => Literal(plain),
        _ => node.ToJsonString(),
    };

    /// <summary>A name with a known prefix stays short; every other is an IRI between angle brackets, with what may not be there escaped.</summary>
    private string Iri(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && prefixes.ContainsKey(name[..colon]) && name[(colon + 1)..].All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
        {
            return name;
        }

        var escaped = new StringBuilder("<");
        foreach (var letter in name)
        {
            _ = letter <= ' ' || "<>\"{}|^`\\".Contains(letter, StringComparison.Ordinal) ? escaped.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}") : escaped.Append(letter);
        }

        return escaped.Append('>').ToString();
    }

    private static string Literal(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\"";
}
