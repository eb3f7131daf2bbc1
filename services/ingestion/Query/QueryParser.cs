using System.Globalization;
using System.Text.RegularExpressions;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Query;

/// <summary>
/// The query language of NGSI-LD (ETSI GS CIM 009, clause 4.9), by recursive descent. "And" binds closer than "or".
/// <code>
/// query     = all *( "|" all )
/// all       = term *( ";" term )
/// term      = "(" query ")" / path [ operator values ]
/// path      = name *( "." name ) [ "[" key *( "." key ) "]" ] / path "{" type *( "," type ) "}" "." path
/// operator  = "==" / "!=" / "&gt;=" / "&gt;" / "&lt;=" / "&lt;" / "~=" / "!~="
/// values    = value *( "," value ) / value ".." value        lists and ranges with "==" and "!=" only
/// value     = number / "true" / "false" / date-time / date / time / URI / DQUOTE text DQUOTE
/// </code>
/// </summary>
internal sealed partial class QueryParser
{
    private const int MaxDepth = 32;
    private const int MaxTerms = 200;
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(100);

    private static readonly (string Text, Operator Operator)[] Operators =
    [
        ("==", Operator.Equal), ("!=", Operator.Unequal), ("!~=", Operator.NotLike), ("~=", Operator.Like),
        (">=", Operator.GreaterOrEqual), ("<=", Operator.LessOrEqual), (">", Operator.Greater), ("<", Operator.Less),
    ];

    private readonly string text;
    private readonly LdContext context;
    private readonly bool mayLink;
    private int position;
    private int terms;

    private QueryParser(string text, LdContext context, bool mayLink) => (this.text, this.context, this.mayLink) = (text, context, mayLink);

    /// <summary>Reads a query.</summary>
    /// <param name="text">The query, decoded.</param>
    /// <param name="context">Expands its names.</param>
    /// <param name="mayLink">Whether it may speak of related entities: only where the database answers it.</param>
    /// <exception cref="NgsiLdException">It follows not the grammar (BadRequestData), or has too many terms (TooComplexQuery).</exception>
    public static QueryExpression Parse(string text, LdContext context, bool mayLink = false)
    {
        var parser = new QueryParser(text.Trim(), context, mayLink);
        var expression = parser.ParseAny(0);
        return parser.position == parser.text.Length ? expression : throw parser.Wrong("';' or '|'");
    }

    private QueryExpression ParseAny(int depth)
    {
        List<QueryExpression> parts = [ParseAll(depth)];
        while (Take("|"))
        {
            parts.Add(ParseAll(depth));
        }

        return parts.Count == 1 ? parts[0] : new QueryExpression.Any(parts);
    }

    private QueryExpression ParseAll(int depth)
    {
        List<QueryExpression> parts = [ParseTerm(depth)];
        while (Take(";"))
        {
            parts.Add(ParseTerm(depth));
        }

        return parts.Count == 1 ? parts[0] : new QueryExpression.All(parts);
    }

    private QueryExpression ParseTerm(int depth)
    {
        if (++terms > MaxTerms || depth > MaxDepth)
        {
            throw NgsiLdException.TooComplexQuery($"q: at most {MaxTerms} terms, nested at most {MaxDepth} deep, are allowed.");
        }

        if (!Take("("))
        {
            return ParseComparison();
        }

        var inner = ParseAny(depth + 1);
        return Take(")") ? inner : throw Wrong("')'");
    }

    private QueryExpression ParseComparison()
    {
        var path = ParsePath();
        if (Take("{"))
        {
            return ParseLinked(path);
        }

        foreach (var (sign, @operator) in Operators)
        {
            if (Take(sign))
            {
                return new QueryExpression.Compare(path, @operator, ParseOperands(@operator));
            }
        }

        return new QueryExpression.Exists(path);
    }

    private QueryExpression.Linked ParseLinked(AttributePath path)
    {
        List<string> types = [];
        do
        {
            types.Add(context.Expand(While(character => character is not ('}' or ','))));
        }
        while (Take(","));

        return !mayLink ? throw NgsiLdException.OperationNotSupported("q: conditions on related entities are not supported here.")
            : Take("}") && Take(".") ? new QueryExpression.Linked(path, types, ParseComparison())
            : throw Wrong("'}.' and a name");
    }

    private AttributePath ParsePath()
    {
        var written = While(character => !"=!<>~;|()[]{}\"".Contains(character, StringComparison.Ordinal));
        if (written.Length == 0)
        {
            throw Wrong("the name of an attribute");
        }

        // A full IRI holds dots of its own: it stands alone.
        var names = written.Contains("://", StringComparison.Ordinal) ? [written] : written.Split('.');
        List<string> inside = [];
        if (Take("["))
        {
            inside.AddRange(While(character => character != ']').Split('.').Select(key => key.Trim('"')));
            if (!Take("]"))
            {
                throw Wrong("']'");
            }
        }

        return names.Length <= 16 && names.All(name => name.Length > 0) && inside.All(key => key.Length > 0)
            ? new AttributePath([.. names.Select((name, index) => AttributePath.PlainMembers.Contains(name) && index == names.Length - 1 ? name : context.Expand(name))], inside)
            : throw Wrong("names between dots");
    }

    private List<Operand> ParseOperands(Operator @operator)
    {
        if (@operator is Operator.Like or Operator.NotLike)
        {
            return [ParsePattern()];
        }

        List<Operand> operands = [ParseValue()];
        if (@operator is not (Operator.Equal or Operator.Unequal))
        {
            return operands[0] is Operand.Bool ? throw Wrong("a value with an order") : operands;
        }

        if (Take(".."))
        {
            var to = ParseValue();
            return to.GetType() == operands[0].GetType() && to is not Operand.Bool ? [new Operand.Range(operands[0], to)] : throw Wrong("two values of the same type");
        }

        while (Take(","))
        {
            operands.Add(ParseValue());
        }

        return operands;
    }

    private Operand ParseValue()
    {
        if (position < text.Length && text[position] == '"')
        {
            var quoted = Quoted();
            return new Operand.Text(quoted, Expanded(quoted));
        }

        var end = position;
        while (end < text.Length && !";|(),".Contains(text[end], StringComparison.Ordinal) && !text.AsSpan(end).StartsWith("..", StringComparison.Ordinal))
        {
            end++;
        }

        var word = text[position..end];
        Operand value = word switch
        {
            "true" => new Operand.Bool(true),
            "false" => new Operand.Bool(false),
            _ when NumberPattern().IsMatch(word) && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => new Operand.Number(number),
            _ when Instants.TryRead(word, out var instant) => new Operand.Instant(instant),
            _ when DateOrTimePattern().IsMatch(word) => new Operand.DateOrTime(word),
            _ when Uris.IsUri(word) => new Operand.Text(word, word),
            _ => throw Wrong("a number, true, false, a date, a URI or a quoted text"),
        };
        position = end;
        return value;
    }

    private Operand.Pattern ParsePattern()
    {
        var pattern = position < text.Length && text[position] == '"' ? Quoted() : Balanced();
        try
        {
            return new Operand.Pattern(pattern, new Regex(pattern, RegexOptions.CultureInvariant, PatternTimeout));
        }
        catch (ArgumentException)
        {
            throw NgsiLdException.BadRequestData($"q: '{pattern}' is no regular expression.");
        }
    }

    /// <summary>A pattern without quotes reaches to the next separator outside its own brackets.</summary>
    private string Balanced()
    {
        var start = position;
        for (var depth = 0; position < text.Length; position++)
        {
            switch (text[position])
            {
                case '\\' when position + 1 < text.Length: position++; break;
                case '(' or '[': depth++; break;
                case ')' or ']' when depth > 0: depth--; break;
                case ')' or ';' or '|' when depth == 0: return NotEmpty(text[start..position]);
            }
        }

        return NotEmpty(text[start..]);
    }

    private string NotEmpty(string pattern) => pattern.Length > 0 ? pattern : throw Wrong("a regular expression");

    private string Quoted()
    {
        var end = position + 1;
        while (end < text.Length && text[end] != '"')
        {
            end += text[end] == '\\' && end + 1 < text.Length && text[end + 1] == '"' ? 2 : 1;
        }

        if (end >= text.Length)
        {
            throw Wrong("a closing '\"'");
        }

        var quoted = text[(position + 1)..end].Replace("\\\"", "\"", StringComparison.Ordinal);
        position = end + 1;
        return quoted;
    }

    /// <summary>What a text means as a vocabulary's word; a text that cannot be one means itself.</summary>
    private string Expanded(string word)
    {
        try
        {
            return context.Expand(word);
        }
        catch (NgsiLdException)
        {
            return word;
        }
    }

    private string While(Func<char, bool> holds)
    {
        var start = position;
        while (position < text.Length && holds(text[position]))
        {
            position++;
        }

        return text[start..position].Trim();
    }

    private bool Take(string sign)
    {
        if (!text.AsSpan(position).StartsWith(sign, StringComparison.Ordinal))
        {
            return false;
        }

        position += sign.Length;
        return true;
    }

    private NgsiLdException Wrong(string expected) => NgsiLdException.BadRequestData($"q: {expected} is expected at character {position + 1} of '{text}'.");

    [GeneratedRegex(@"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d(\.\d+)?Z?)$")]
    private static partial Regex DateOrTimePattern();
}
