using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Query;

/// <summary>
/// Selects entities by their types (ETSI GS CIM 009, clause 4.17):
/// <code>
/// selection = all *( ("|" / ",") all )
/// all       = one *( ";" one )
/// one       = name / "(" selection ")"
/// </code>
/// </summary>
internal abstract record TypeExpression
{
    /// <summary>The entity has this type.</summary>
    public sealed record Is(string Iri) : TypeExpression
    {
        public override bool Matches(IReadOnlyCollection<string> types) => types.Contains(Iri);
    }

    public sealed record All(IReadOnlyList<TypeExpression> Parts) : TypeExpression
    {
        public override bool Matches(IReadOnlyCollection<string> types) => Parts.All(part => part.Matches(types));
    }

    public sealed record Any(IReadOnlyList<TypeExpression> Parts) : TypeExpression
    {
        public override bool Matches(IReadOnlyCollection<string> types) => Parts.Any(part => part.Matches(types));
    }

    public abstract bool Matches(IReadOnlyCollection<string> types);

    /// <exception cref="NgsiLdException">It follows not the grammar (BadRequestData).</exception>
    public static TypeExpression Parse(string text, LdContext context)
    {
        var position = 0;
        var expression = ParseAny(text, ref position, context, 0);
        return position == text.Length ? expression : throw Wrong(text, position);
    }

    private static TypeExpression ParseAny(string text, ref int position, LdContext context, int depth)
    {
        List<TypeExpression> parts = [ParseAll(text, ref position, context, depth)];
        while (position < text.Length && text[position] is '|' or ',')
        {
            position++;
            parts.Add(ParseAll(text, ref position, context, depth));
        }

        return parts.Count == 1 ? parts[0] : new Any(parts);
    }

    private static TypeExpression ParseAll(string text, ref int position, LdContext context, int depth)
    {
        List<TypeExpression> parts = [ParseOne(text, ref position, context, depth)];
        while (position < text.Length && text[position] == ';')
        {
            position++;
            parts.Add(ParseOne(text, ref position, context, depth));
        }

        return parts.Count == 1 ? parts[0] : new All(parts);
    }

    private static TypeExpression ParseOne(string text, ref int position, LdContext context, int depth)
    {
        if (position < text.Length && text[position] == '(' && depth < 32)
        {
            position++;
            var inner = ParseAny(text, ref position, context, depth + 1);
            return position < text.Length && text[position++] == ')' ? inner : throw Wrong(text, position);
        }

        var start = position;
        while (position < text.Length && !"|,;()".Contains(text[position], StringComparison.Ordinal))
        {
            position++;
        }

        var name = text[start..position].Trim();
        return name.Length > 0 ? new Is(context.Expand(name)) : throw Wrong(text, position);
    }

    private static NgsiLdException Wrong(string text, int position) => NgsiLdException.BadRequestData($"type: '{text}' is no type selection (at character {position + 1}).");
}
