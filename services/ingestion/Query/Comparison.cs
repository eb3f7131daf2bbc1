using System.Text.Json;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Query;

/// <summary>
/// Compares a value with what a query names (ETSI GS CIM 009, clause 4.9). Values of different types are never equal nor ordered. An array is equal to what one of its items is
/// equal to, and unequal to what none of them is. A value in JSON-LD's form (<c>{"@value": ...}</c>) counts as the value in it.
/// </summary>
internal static class Comparison
{
    public static bool Holds(QueryTarget target, Operator @operator, IReadOnlyList<Operand> operands) => @operator switch
    {
        Operator.Equal => Items(target.Value).Any(item => IsAny(item, target.IsVocabulary, operands)),
        Operator.Unequal => !Items(target.Value).Any(item => IsAny(item, target.IsVocabulary, operands)),
        Operator.Like => Items(target.Value).Any(item => IsLike(item, operands[0])),
        Operator.NotLike => !Items(target.Value).Any(item => IsLike(item, operands[0])),
        _ => Items(target.Value).Any(item => Order(item, operands[0]) is { } order && @operator switch
        {
            Operator.Less => order < 0,
            Operator.LessOrEqual => order <= 0,
            Operator.Greater => order > 0,
            _ => order >= 0,
        }),
    };

    private static IEnumerable<JsonElement> Items(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(Plain) : [Plain(value)];

    private static JsonElement Plain(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("@value", out var plain) ? plain : value;

    private static bool IsAny(JsonElement item, bool isVocabulary, IReadOnlyList<Operand> operands) => operands.Any(operand => operand switch
    {
        Operand.Range range => Order(item, range.From) >= 0 && Order(item, range.To) <= 0,
        Operand.Bool flag => item.ValueKind == (flag.Value ? JsonValueKind.True : JsonValueKind.False),
        Operand.Text text => item.ValueKind == JsonValueKind.String && item.ValueEquals(isVocabulary ? text.Expanded : text.Value),
        _ => Order(item, operand) == 0,
    });

    private static bool IsLike(JsonElement item, Operand operand) => item.ValueKind == JsonValueKind.String && ((Operand.Pattern)operand).Regex.IsMatch(item.GetString()!);

    private static int? Order(JsonElement item, Operand operand) => operand switch
    {
        Operand.Number number => item.ValueKind == JsonValueKind.Number ? item.GetDouble().CompareTo(number.Value) : null,
        Operand.Text text => item.ValueKind == JsonValueKind.String ? string.CompareOrdinal(item.GetString(), text.Value) : null,
        Operand.DateOrTime text => item.ValueKind == JsonValueKind.String ? string.CompareOrdinal(item.GetString(), text.Value) : null,
        Operand.Instant instant => item.ValueKind == JsonValueKind.String && Instants.TryRead(item.GetString(), out var time) ? time.CompareTo(instant.Value) : null,
        _ => null,
    };
}
