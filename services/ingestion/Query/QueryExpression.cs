using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Query;

/// <summary>A condition on an entity, as <see cref="QueryParser"/> reads it. It can be asked about an entity in memory, or compiled to SQL (<see cref="QueryCompiler"/>): both give the same answer.</summary>
internal abstract record QueryExpression
{
    public sealed record All(IReadOnlyList<QueryExpression> Parts) : QueryExpression
    {
        public override bool Matches(Entity entity) => Parts.All(part => part.Matches(entity));
    }

    public sealed record Any(IReadOnlyList<QueryExpression> Parts) : QueryExpression
    {
        public override bool Matches(Entity entity) => Parts.Any(part => part.Matches(entity));
    }

    /// <summary>What a path leads to exists.</summary>
    public sealed record Exists(AttributePath Path) : QueryExpression
    {
        public override bool Matches(Entity entity) => QueryTargets.Find(entity, Path).Any();
    }

    /// <summary>At least one of the values that a path leads to compares as asked.</summary>
    public sealed record Compare(AttributePath Path, Operator Operator, IReadOnlyList<Operand> Operands) : QueryExpression
    {
        public override bool Matches(Entity entity) => QueryTargets.Find(entity, Path).Any(target => Comparison.Holds(target, Operator, Operands));
    }

    /// <summary>A related entity fulfils a condition (clause 4.9, linked entities): known to the database alone.</summary>
    public sealed record Linked(AttributePath Path, IReadOnlyList<string> Types, QueryExpression Condition) : QueryExpression
    {
        public override bool Matches(Entity entity) => false;
    }

    /// <summary>Whether an entity fulfils the condition.</summary>
    public abstract bool Matches(Entity entity);

    /// <summary>How many relationships the condition follows.</summary>
    public int Depth => this switch
    {
        All all => all.Parts.Max(part => part.Depth),
        Any any => any.Parts.Max(part => part.Depth),
        Linked linked => 1 + linked.Condition.Depth,
        _ => 0,
    };

    /// <summary>The IRIs of the attributes of the entity itself that the condition speaks of.</summary>
    public IEnumerable<string> Attributes => this switch
    {
        All all => all.Parts.SelectMany(part => part.Attributes),
        Any any => any.Parts.SelectMany(part => part.Attributes),
        Exists exists => exists.Path.Names.Take(1),
        Compare compare => compare.Path.Names.Take(1),
        Linked linked => linked.Path.Names.Take(1),
        _ => [],
    };
}

/// <summary>Where to look: an attribute, its attributes, and in brackets a path inside the value: <c>address[city]</c>, <c>speed.accuracy</c>.</summary>
/// <param name="Names">IRIs of the attribute and of the attributes below it; the last may be a member's plain name, like <c>observedAt</c>.</param>
/// <param name="Inside">Keys inside the value; <c>*</c> stands for all of them.</param>
internal sealed record AttributePath(IReadOnlyList<string> Names, IReadOnlyList<string> Inside)
{
    /// <summary>Members of an attribute, and of the entity, that a condition can ask about like attributes of it.</summary>
    public static readonly IReadOnlySet<string> PlainMembers = new HashSet<string> { "observedAt", "createdAt", "modifiedAt", "unitCode", "datasetId" };

    /// <summary>The member at the end of the path, or null when it ends at an attribute.</summary>
    public string? Member => PlainMembers.Contains(Names[^1]) ? Names[^1] : null;

    /// <summary>The attributes on the way.</summary>
    public IEnumerable<string> AttributeNames => Member is null ? Names : Names.SkipLast(1);
}

internal enum Operator
{
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    NotLike,
}

/// <summary>What a value is compared with.</summary>
internal abstract record Operand
{
    public sealed record Number(double Value) : Operand;

    public sealed record Bool(bool Value) : Operand;

    /// <param name="Value">The text.</param>
    /// <param name="Expanded">The IRI that it stands for as a vocabulary's word.</param>
    public sealed record Text(string Value, string Expanded) : Operand;

    /// <summary>An instant.</summary>
    public sealed record Instant(DateTimeOffset Value) : Operand;

    /// <summary>A date or a time of day alone: ordered as texts.</summary>
    public sealed record DateOrTime(string Value) : Operand;

    /// <summary>A regular expression.</summary>
    public sealed record Pattern(string Value, System.Text.RegularExpressions.Regex Regex) : Operand;

    /// <summary>From one value up to and with another.</summary>
    public sealed record Range(Operand From, Operand To) : Operand;
}
