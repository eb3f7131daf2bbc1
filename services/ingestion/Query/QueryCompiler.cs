using System.Globalization;
using System.Text.Json;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Query;

/// <summary>
/// Compiles conditions to SQL over a JSON document of attributes (<see cref="StoredAttributes"/>). Numbers and flags are compared by JSON paths; texts, instants and patterns value by value.
/// </summary>
internal sealed class QueryCompiler(SqlBuilder sql, string attributes, string? alias)
{
    private int depth;

    /// <summary>The condition as SQL.</summary>
    public string Compile(QueryExpression expression) => expression switch
    {
        QueryExpression.All all => CompileParts(all.Parts, "AND", "&&"),
        QueryExpression.Any any => CompileParts(any.Parts, "OR", "||"),
        QueryExpression.Exists exists => CompileExists(exists.Path),
        QueryExpression.Linked linked => CompileLinked(linked),
        QueryExpression.Compare compare => CompileCompare(compare),
        _ => throw new InvalidOperationException($"{expression.GetType()} has no SQL."),
    };

    /// <summary>Facts that every entity which fulfils the condition has: those of texts and flags that it must be equal to.</summary>
    public static IEnumerable<long> FactsOf(QueryExpression expression) => expression switch
    {
        QueryExpression.All all => all.Parts.SelectMany(FactsOf),
        QueryExpression.Compare { Operator: Operator.Equal, Operands: [Operand.Text text], Path: { Names: [var name], Inside: [], Member: null } } when text.Value == text.Expanded && Facts.Covers(text.Value)
            => [Facts.IsText(name, text.Value)],
        QueryExpression.Compare { Operator: Operator.Equal, Operands: [Operand.Bool flag], Path: { Names: [var name], Inside: [], Member: null } } => [flag.Value ? Facts.IsTrue(name) : Facts.IsFalse(name)],
        _ => [],
    };

    /// <summary>
    /// As <see cref="FactsOf"/>, for quoted texts: the attribute may be this text, or the vocabulary's word that it stands for. Each inner list is a choice.
    /// </summary>
    public static IEnumerable<long[]> ChoicesOf(QueryExpression expression) => expression switch
    {
        QueryExpression.All all => all.Parts.SelectMany(ChoicesOf),
        QueryExpression.Compare { Operator: Operator.Equal, Path: { Names: [var name], Inside: [], Member: null } } compare when compare.Operands.All(operand => operand is Operand.Text text && Facts.Covers(text.Value))
            => [[.. compare.Operands.Cast<Operand.Text>().SelectMany(text => new[] { Facts.IsText(name, text.Value), Facts.IsText(name, text.Expanded) }).Distinct()]],
        _ => [],
    };

    /// <summary>The first value that a path leads to, for sorting by it.</summary>
    public string Value(AttributePath path) => $"jsonb_path_query_first({attributes}, {sql.AddPath(PathTo(path, path.Member is null))})";

    /// <summary>What JSON paths can say, they say together: each look at the document would unpack it again.</summary>
    private string CompileParts(IReadOnlyList<QueryExpression> parts, string conjunction, string inPath)
    {
        var predicates = parts.Select(Predicate).OfType<string>().ToArray();
        var conditions = predicates.Length < 2 ? parts.Select(Compile)
            : parts.Where(part => Predicate(part) is null).Select(Compile).Prepend($"jsonb_path_exists({attributes}, {sql.AddPath($"$ ? ({string.Join($" {inPath} ", predicates)})")})");
        return $"({string.Join($" {conjunction} ", conditions)})";
    }

    /// <summary>The condition inside a JSON path, or null where it has none.</summary>
    private string? Predicate(QueryExpression expression) => expression switch
    {
        QueryExpression.All all when all.Parts.Select(Predicate).ToArray() is var parts && !parts.Contains(null) => $"({string.Join(" && ", parts)})",
        QueryExpression.Any any when any.Parts.Select(Predicate).ToArray() is var parts && !parts.Contains(null) => $"({string.Join(" || ", parts)})",
        QueryExpression.Exists exists when SystemColumn(exists.Path) is null => $"exists({PathTo(exists.Path, exists.Path.Inside.Count > 0)})",
        QueryExpression.Compare compare when Path(compare) is { } path => $"exists({path})",
        _ => null,
    };

    private string CompileExists(AttributePath path) => SystemColumn(path) is { } column ? $"{column} IS NOT NULL"
        : path is { Names: [var only], Inside: [], Member: null } ? $"{attributes} ? {sql.Add(only)}"
        : $"jsonb_path_exists({attributes}, {sql.AddPath(PathTo(path, path.Inside.Count > 0))})";

    private string CompileCompare(QueryExpression.Compare compare) => SystemColumn(compare.Path) is { } column ? CompileColumn(column, compare)
        : Path(compare) is { } path ? $"jsonb_path_exists({attributes}, {sql.AddPath(path)})" : CompileValues(compare);

    /// <summary>The JSON path that leads somewhere where a comparison holds, or null where only SQL can compare.</summary>
    private string? Path(QueryExpression.Compare compare) => SystemColumn(compare.Path) is not null ? null
        : compare.Operands.All(operand => operand is Operand.Number or Operand.Bool or Operand.Range { From: Operand.Number }) && compare.Operator is not Operator.Unequal
            ? $"{PathTo(compare.Path, true)} ? ({string.Join(" || ", compare.Operands.Select(operand => JsonCondition(compare.Operator, operand)))})"
        : compare is { Operator: Operator.Equal, Path.Member: null } && compare.Operands.All(operand => operand is Operand.Text) ? TextPath(compare.Path, [.. compare.Operands.Cast<Operand.Text>()])
        : null;

    /// <summary>Instances that have one of some texts as their value, an item of it, or in a language; words of a vocabulary are compared as they expand.</summary>
    private static string TextPath(AttributePath path, Operand.Text[] texts)
    {
        string Has(string value, Func<Operand.Text, string> text) => $"exists(@.{value} ? ({string.Join(" || ", texts.Select(text).Distinct().Select(Json).Select(json => $"@ == {json} || @.\"@value\" == {json}"))}))";

        var value = $"\"value\"{Inside(path)}";
        var plain = Has(value, text => text.Value);
        var conditions = texts.All(text => text.Value == text.Expanded) ? plain
            : $"(@.\"type\" != \"VocabProperty\" && {plain}) || (@.\"type\" == \"VocabProperty\" && {Has(value, text => text.Expanded)})";
        var languages = path.Inside.Count > 0 ? "" : $" || (@.\"type\" == \"LanguageProperty\" && {Has("\"value\".*", text => text.Value)})";
        return $"{Instances(path)} ? ({conditions}{languages})";
    }

    /// <summary>Looks at each value that the path leads to: <c>i</c> is the instance, <c>v</c> the value, <c>w</c> each of its items.</summary>
    private string CompileValues(QueryExpression.Compare compare)
    {
        var level = ++depth;
        var (i, v, w) = ($"i{level}", $"v{level}", $"w{level}");
        var instances = $"jsonb_path_query({attributes}, {sql.AddPath(Instances(compare.Path))}) {i}";
        var value = compare.Path.Member is { } member ? $"LATERAL (SELECT {i} -> '{member}' WHERE {i} ? '{member}') AS {v}v({v})"
            : compare.Path.Inside.Count > 0 ? $"LATERAL jsonb_path_query({i}, {sql.AddPath("$.\"value\"" + Inside(compare.Path))}) {v}"
            : $"LATERAL jsonb_path_query({i}, CASE {i} ->> 'type' WHEN 'LanguageProperty' THEN '$.\"value\".*' ELSE '$.\"value\"' END::jsonpath) {v}";
        var items = $"SELECT coalesce(CASE WHEN jsonb_typeof({w}) = 'object' THEN {w} -> '@value' END, {w}) AS {w} FROM jsonb_array_elements(CASE jsonb_typeof({v}) WHEN 'array' THEN {v} ELSE jsonb_build_array({v}) END) {w}";
        var conditions = string.Join(" OR ", compare.Operands.Select(operand => ItemCondition(compare.Operator, operand, i, w)));
        var negation = compare.Operator is Operator.Unequal or Operator.NotLike ? "NOT " : "";
        return $"EXISTS (SELECT FROM {instances}, {value} WHERE {negation}EXISTS (SELECT FROM ({items}) {w} WHERE {conditions}))";
    }

    private string ItemCondition(Operator @operator, Operand operand, string instance, string item) => operand switch
    {
        Operand.Range range => $"({ItemCondition(Operator.GreaterOrEqual, range.From, instance, item)} AND {ItemCondition(Operator.LessOrEqual, range.To, instance, item)})",
        Operand.Bool flag => $"{item} = {sql.AddJson(flag.Value ? "true" : "false")}",
        Operand.Number number => $"CASE WHEN jsonb_typeof({item}) = 'number' THEN ({item})::float8 {Sign(@operator)} {sql.Add(number.Value)} ELSE FALSE END",
        Operand.Instant instant => $"(jsonb_typeof({item}) = 'string' AND try_instant({item} #>> '{{}}') {Sign(@operator)} {sql.Add(instant.Value)})",
        Operand.Pattern pattern => $"(jsonb_typeof({item}) = 'string' AND {item} #>> '{{}}' ~ {sql.Add(pattern.Value)})",
        Operand.Text text when @operator is Operator.Equal or Operator.Unequal && text.Value != text.Expanded =>
            $"{item} = CASE {instance} ->> 'type' WHEN 'VocabProperty' THEN {sql.AddJson(Json(text.Expanded))} ELSE {sql.AddJson(Json(text.Value))} END",
        Operand.Text text => TextCondition(@operator, text.Value, item),
        Operand.DateOrTime text => TextCondition(@operator, text.Value, item),
        _ => throw new InvalidOperationException($"{operand.GetType()} has no SQL."),
    };

    private string TextCondition(Operator @operator, string text, string item) => $"(jsonb_typeof({item}) = 'string' AND ({item} #>> '{{}}') COLLATE \"C\" {Sign(@operator)} {sql.Add(text)})";

    private string CompileLinked(QueryExpression.Linked linked)
    {
        var level = ++depth;
        var inner = new QueryCompiler(sql, $"l{level}.attributes", $"l{level}") { depth = depth };
        var objects = $"jsonb_path_query({attributes}, {sql.AddPath($"{Instances(linked.Path)} ? (@.\"type\" == \"Relationship\" || @.\"type\" == \"ListRelationship\").\"value\"[*]")}) #>> '{{}}'";
        return $"EXISTS (SELECT FROM entity l{level} WHERE l{level}.tenant = current_setting('app.tenant') AND l{level}.id IN (SELECT {objects}) AND l{level}.types && {sql.Add(linked.Types.ToArray())} AND {inner.Compile(linked.Condition)})";
    }

    private string CompileColumn(string column, QueryExpression.Compare compare)
    {
        var conditions = compare.Operands.Select(operand => operand switch
        {
            Operand.Instant instant => $"{column} {Sign(compare.Operator == Operator.Unequal ? Operator.Equal : compare.Operator)} {sql.Add(instant.Value)}",
            Operand.Range { From: Operand.Instant from, To: Operand.Instant to } => $"{column} BETWEEN {sql.Add(from.Value)} AND {sql.Add(to.Value)}",
            _ => "FALSE",
        });
        var any = $"({string.Join(" OR ", conditions)})";
        return compare.Operator is Operator.Unequal or Operator.NotLike ? $"NOT {any}" : any;
    }

    /// <summary>The column that holds what a path leads to, where the entity itself has it.</summary>
    public string? SystemColumn(AttributePath path) => alias is null || path.Names.Count > 1 ? null : path.Names[0] switch
    {
        "createdAt" => $"{alias}.created_at",
        "modifiedAt" => $"{alias}.modified_at",
        _ => null,
    };

    private static string PathTo(AttributePath path, bool toValue) => path.Member is { } member ? $"{Instances(path)}.{Quote(member)}"
        : toValue ? $"{Instances(path)}.\"value\"{Inside(path)}" : Instances(path);

    private static string Instances(AttributePath path) => "$" + string.Concat(path.AttributeNames.Select(name => $".{Quote(name)}[*]"));

    private static string Inside(AttributePath path) => string.Concat(path.Inside.Select(key => key == "*" ? ".*" : $".{Quote(key)}"));

    /// <summary>A condition on <c>@</c>, which is each item of an array in turn.</summary>
    private static string JsonCondition(Operator @operator, Operand operand) => operand switch
    {
        Operand.Range { From: Operand.Number from, To: Operand.Number to } =>
            $"(@ >= {Invariant(from.Value)} && @ <= {Invariant(to.Value)}) || (@.\"@value\" >= {Invariant(from.Value)} && @.\"@value\" <= {Invariant(to.Value)})",
        Operand.Number number => $"@ {JsonSign(@operator)} {Invariant(number.Value)} || @.\"@value\" {JsonSign(@operator)} {Invariant(number.Value)}",
        Operand.Bool flag => $"@ == {(flag.Value ? "true" : "false")} || @.\"@value\" == {(flag.Value ? "true" : "false")}",
        _ => throw new InvalidOperationException($"{operand.GetType()} has no JSON path."),
    };

    private static string JsonSign(Operator @operator) => @operator == Operator.Equal ? "==" : Sign(@operator);

    private static string Sign(Operator @operator) => @operator switch
    {
        Operator.Less => "<",
        Operator.LessOrEqual => "<=",
        Operator.Greater => ">",
        Operator.GreaterOrEqual => ">=",
        _ => "=",
    };

    private static string Invariant(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return number < 0 ? $"({text})" : text;
    }

    private static string Quote(string name) => Json(name);

    private static string Json(string text) => JsonSerializer.Serialize(text, JsonSerializerOptions.Web);
}
