using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Representations;

/// <summary>Members of entities, as <c>pick</c> and <c>omit</c> name them (ETSI GS CIM 009, clause 4.21): <c>id,temperature</c>, and in braces those of the entity that a relationship leads to:
/// <c>observation{temperature,humidity}</c>.</summary>
/// <param name="Names">IRIs of attributes, and plain names of the entity's own members.</param>
/// <param name="Linked">By IRI of the relationship: the members of the entities that it leads to.</param>
internal sealed record Projection(IReadOnlySet<string> Names, IReadOnlyDictionary<string, Projection> Linked)
{
    private const int MaxDepth = 8;

    private static readonly HashSet<string> EntityMembers = ["id", "type", "scope", "createdAt", "modifiedAt", "expiresAt"];

    /// <summary>How many relationships lead to the farthest member.</summary>
    public int Depth => Linked.Count == 0 ? 0 : 1 + Linked.Values.Max(projection => projection.Depth);

    /// <summary>Members without relationships to follow.</summary>
    public static Projection Of(IEnumerable<string> names) => new(names.ToHashSet(), new Dictionary<string, Projection>());

    /// <param name="text">The members, between commas or vertical bars.</param>
    /// <param name="parameter">What holds them, for messages.</param>
    /// <param name="context">Expands the names of attributes.</param>
    /// <exception cref="NgsiLdException">It is none (BadRequestData).</exception>
    public static Projection Parse(string text, string parameter, LdContext context)
    {
        var position = 0;
        var projection = Parse(text, ref position, parameter, context, 0);
        return position == text.Length ? projection : throw Wrong(parameter, text);
    }

    /// <summary>What holds for the entities that a relationship leads to: what its braces say, else the same as for the entity itself.</summary>
    public Projection Beyond(string relationship) => Linked.GetValueOrDefault(relationship, this);

    /// <summary>All names at any depth, for entities of which it is no longer known where they were found.</summary>
    public Projection Flat() => Of([.. Names, .. Linked.Keys, .. Linked.Values.SelectMany(projection => projection.Flat().Names)]);

    private static Projection Parse(string text, ref int position, string parameter, LdContext context, int depth)
    {
        var names = new HashSet<string>();
        var linked = new Dictionary<string, Projection>();
        while (true)
        {
            var start = position;
            while (position < text.Length && text[position] is not (',' or '|' or '{' or '}'))
            {
                position++;
            }

            var word = text[start..position].Trim();
            var name = word.Length == 0 ? throw Wrong(parameter, text) : EntityMembers.Contains(word) ? word : context.Expand(word);
            if (position < text.Length && text[position] == '{')
            {
                position++;
                linked[name] = depth < MaxDepth ? Parse(text, ref position, parameter, context, depth + 1) : throw Wrong(parameter, text);
                if (position == text.Length || text[position++] != '}')
                {
                    throw Wrong(parameter, text);
                }
            }
            else
            {
                names.Add(name);
            }

            if (position == text.Length || text[position] is not (',' or '|'))
            {
                return new Projection(names, linked);
            }

            position++;
        }
    }

    private static NgsiLdException Wrong(string parameter, string text) => NgsiLdException.BadRequestData($"{parameter}: '{text}' must be names between commas; braces after a relationship hold the names beyond it.");
}
