namespace LivingCity.Ingestion.Query;

/// <summary>
/// What the texts in a condition are compared as (ETSI GS CIM 009, clause 4.9, <c>expandValues</c> and <c>jsonKeys</c>). Without a word, a text is compared as it is, and with the words of
/// vocabularies also expanded.
/// </summary>
internal static class ValueCoercion
{
    /// <param name="condition">The condition.</param>
    /// <param name="expanded">IRIs of attributes whose values are terms of the context: compared expanded only.</param>
    /// <param name="opaque">IRIs of attributes whose values are no terms: never expanded.</param>
    public static QueryExpression Apply(QueryExpression condition, IReadOnlySet<string> expanded, IReadOnlySet<string> opaque) => condition switch
    {
        QueryExpression.All all => new QueryExpression.All([.. all.Parts.Select(part => Apply(part, expanded, opaque))]),
        QueryExpression.Any any => new QueryExpression.Any([.. any.Parts.Select(part => Apply(part, expanded, opaque))]),
        QueryExpression.Linked linked => linked with { Condition = Apply(linked.Condition, expanded, opaque) },
        QueryExpression.Compare compare when expanded.Contains(compare.Path.Names[0]) => compare with { Operands = [.. compare.Operands.Select(operand => operand is Operand.Text text ? new Operand.Text(text.Expanded, text.Expanded) : operand)] },
        QueryExpression.Compare compare when opaque.Contains(compare.Path.Names[0]) => compare with { Operands = [.. compare.Operands.Select(operand => operand is Operand.Text text ? new Operand.Text(text.Value, text.Value) : operand)] },
        _ => condition,
    };
}
