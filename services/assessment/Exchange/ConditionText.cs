using System.Globalization;
using System.Text.RegularExpressions;
using LivingCity.Assessment.Questionnaires;

namespace LivingCity.Assessment.Exchange;

/// <summary>
/// Conditions as XLSForm and SurveyJS write them: <c>${q} = 'a' or selected(${q}, 'b')</c> and <c>{q} anyof ['a', 'b']</c>, with <c>>=</c>, <c>and</c>, <c>or</c>, <c>not(...)</c> and
/// parentheses. Anything else is not understood, and said so.
/// </summary>
internal sealed partial class ConditionText
{
    private readonly List<string> tokens;
    private int at;

    private ConditionText(string text)
    {
        tokens = [.. Token().Matches(text).Select(match => match.Value)];
        if (string.Concat(tokens) != Blank().Replace(text, "") && !Token().Replace(text, "").All(char.IsWhiteSpace))
        {
            tokens.Clear();
        }
    }

    /// <returns>Null where the text says something that a condition cannot.</returns>
    public static Condition? Parse(string text)
    {
        var parser = new ConditionText(text);
        return parser.tokens.Count > 0 && parser.Or() is { } condition && parser.at == parser.tokens.Count ? condition : null;
    }

    public static string ToXlsForm(Condition condition, Questionnaire questionnaire) => Write(condition, " and ", inner => $"not({inner})", leaf =>
    {
        if (leaf.AtLeast is { } least)
        {
            return string.Create(CultureInfo.InvariantCulture, $"${{{leaf.Question}}} >= {least}");
        }

        var several = questionnaire.Find(leaf.Question!)!.Kind == QuestionKind.Multiple;
        return string.Join(" or ", leaf.In!.Select(option => several ? $"selected(${{{leaf.Question}}}, '{option}')" : $"${{{leaf.Question}}} = '{option}'"));
    });

    public static string ToSurveyJs(Condition condition) => Write(condition, " and ", inner => $"!({inner})", leaf => leaf.AtLeast is { } least
        ? string.Create(CultureInfo.InvariantCulture, $"{{{leaf.Question}}} >= {least}")
        : $"{{{leaf.Question}}} anyof [{string.Join(", ", leaf.In!.Select(option => $"'{option}'"))}]");

    private static string Write(Condition condition, string and, Func<string, string> not, Func<Condition, string> leaf) => condition switch
    {
        { All: { } all } => string.Join(and, all.Select(part => $"({Write(part, and, not, leaf)})")),
        { Any: { } any } => string.Join(" or ", any.Select(part => $"({Write(part, and, not, leaf)})")),
        { Not: { } inner } => not(Write(inner, and, not, leaf)),
        _ => leaf(condition),
    };

    private Condition? Or() => Combined("or", And, parts =>
        // Several options of one question, one by one, are one list of options.
        parts.All(part => part.In is not null && part.Question == parts[0].Question) ? new Condition(parts[0].Question, [.. parts.SelectMany(part => part.In!)]) : new Condition(Any: parts));

    private Condition? And() => Combined("and", Unary, parts => new Condition(All: parts));

    private Condition? Combined(string word, Func<Condition?> next, Func<List<Condition>, Condition> combine)
    {
        var parts = new List<Condition>();
        do
        {
            if (next() is not { } part)
            {
                return null;
            }

            parts.Add(part);
        }
        while (Take(word));

        return parts.Count == 1 ? parts[0] : combine(parts);
    }

    private Condition? Unary()
    {
        if (Take("not") || Take("!"))
        {
            return Take("(") && Or() is { } inner && Take(")") ? new Condition(Not: inner) : null;
        }

        if (Take("("))
        {
            return Or() is { } inner && Take(")") ? inner : null;
        }

        if (Take("selected"))
        {
            return Take("(") && Reference() is { } asked && Take(",") && Text() is { } option && Take(")") ? new Condition(asked, [option]) : null;
        }

        if (Reference() is not { } question)
        {
            return null;
        }

        if (Take("="))
        {
            return Text() is { } option ? new Condition(question, [option]) : null;
        }

        if (Take(">="))
        {
            return at < tokens.Count && double.TryParse(tokens[at], CultureInfo.InvariantCulture, out var least) && at++ >= 0 ? new Condition(question, AtLeast: least) : null;
        }

        if (!Take("anyof") || !Take("["))
        {
            return null;
        }

        var options = new List<string>();
        do
        {
            if (Text() is not { } option)
            {
                return null;
            }

            options.Add(option);
        }
        while (Take(","));

        return Take("]") ? new Condition(question, options) : null;
    }

    private bool Take(string token)
    {
        var there = at < tokens.Count && tokens[at] == token;
        at += there ? 1 : 0;
        return there;
    }

    private string? Reference() => at < tokens.Count && tokens[at] is ['$', '{', ..] or ['{', ..] ? tokens[at++].TrimStart('$').Trim('{', '}') : null;

    private string? Text() => at < tokens.Count && tokens[at] is ['\'', .., '\''] or ['"', .., '"'] ? tokens[at++][1..^1] : null;

    [GeneratedRegex(@"\$?\{[^{}]+\}|'[^']*'|""[^""]*""|>=|[=!()\[\],]|-?\d+(?:\.\d+)?|[a-z]+")]
    private static partial Regex Token();

    [GeneratedRegex(@"\s")]
    private static partial Regex Blank();
}
