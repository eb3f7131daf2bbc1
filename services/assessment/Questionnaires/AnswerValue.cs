using System.Globalization;
using System.Text.Json;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Assessment.Questionnaires;

/// <summary>An answer as the question's kind reads it.</summary>
internal sealed record AnswerValue
{
    private const int LongestText = 4000;
    private const int MostItems = 20;

    /// <summary>"Does not apply to us".</summary>
    public bool NotApplicable { get; init; }

    /// <summary>What is chosen (single, multiple).</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Option by row (matrix).</summary>
    public IReadOnlyDictionary<string, string> Rows { get; init; } = new Dictionary<string, string>();

    public double? Number { get; init; }

    public DateOnly? Date { get; init; }

    public string? Text { get; init; }

    /// <summary>Links, and files as <c>evidence:{id}</c>.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>Reads an answer, and notes all that is wrong with it under <c>value</c> or the part that is wrong.</summary>
    /// <param name="questionnaire">Where the question stands.</param>
    /// <param name="question">What is answered.</param>
    /// <param name="value">A string (single, text; date as YYYY-MM-DD), a number, a list of strings (multiple, evidence), or an object of options by row (matrix).</param>
    /// <param name="notApplicable">"Does not apply to us", then without a value.</param>
    /// <param name="validation">Takes the mistakes.</param>
    /// <param name="field">The field's name.</param>
    public static AnswerValue? Read(Questionnaire questionnaire, Question question, JsonElement? value, bool notApplicable, Validation validation, string field = "value")
    {
        if (notApplicable)
        {
            validation.Rule(question.MayNotApply, "notApplicable", "is not an answer to this question").Rule(value is null or { ValueKind: JsonValueKind.Null }, field, "must be absent where the question does not apply");
            return validation.IsValid ? new AnswerValue { NotApplicable = true } : null;
        }

        if (value is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given)
        {
            validation.Rule(false, field, "is missing");
            return null;
        }

        var answer = question.Kind switch
        {
            QuestionKind.Single => Single(questionnaire.OptionsOf(question), given, validation, field),
            QuestionKind.Multiple => Multiple(questionnaire.OptionsOf(question), given, validation, field),
            QuestionKind.Matrix => Matrix(question, questionnaire.OptionsOf(question), given, validation, field),
            QuestionKind.Number => Numeric(question, given, validation, field),
            QuestionKind.Date => Day(given, validation, field),
            QuestionKind.Evidence => Evidence(given, validation, field),
            _ => Words(given, validation, field),
        };
        return validation.IsValid ? answer : null;
    }

    /// <summary>Reads what was checked before.</summary>
    public static AnswerValue Stored(Questionnaire questionnaire, Question question, JsonElement? value, bool notApplicable) =>
        Read(questionnaire, question, value, notApplicable, new Validation()) ?? throw new InvalidOperationException($"The stored answer to {question.Id} does not fit {questionnaire.Id}.");

    private static AnswerValue Single(IReadOnlyList<Option> options, JsonElement given, Validation validation, string field)
    {
        var chosen = given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        validation.Rule(options.Any(option => option.Id == chosen), field, $"must be one of {Names(options)}");
        return new AnswerValue { Options = [chosen] };
    }

    private static AnswerValue Multiple(IReadOnlyList<Option> options, JsonElement given, Validation validation, string field)
    {
        var chosen = Strings(given);
        validation
            .Rule(chosen is { Count: > 0 } && chosen.All(id => options.Any(option => option.Id == id)), field, $"must be a list of some of {Names(options)}")
            .Rule(chosen?.Distinct().Count() == chosen?.Count, field, "names an option twice")
            .Rule(chosen is not { Count: > 1 } || !options.Any(option => option.Exclusive && chosen.Contains(option.Id)), field, "holds an option that rules the others out");
        return new AnswerValue { Options = chosen ?? [] };
    }

    private static AnswerValue Matrix(Question question, IReadOnlyList<Option> options, JsonElement given, Validation validation, string field)
    {
        validation.Rule(given.ValueKind == JsonValueKind.Object, field, "must be an object of options by row");
        var rows = given.ValueKind == JsonValueKind.Object
            ? given.EnumerateObject().ToDictionary(row => row.Name, row => row.Value.ValueKind == JsonValueKind.String ? row.Value.GetString()! : "")
            : [];
        foreach (var row in question.Rows!)
        {
            validation.Rule(rows.TryGetValue(row, out var chosen) && options.Any(option => option.Id == chosen), $"{field}.{row}", $"must be one of {Names(options)}");
        }

        foreach (var unknown in rows.Keys.Except(question.Rows!))
        {
            validation.Rule(false, $"{field}.{unknown}", "is no row of this question");
        }

        return new AnswerValue { Rows = rows };
    }

    private static AnswerValue Numeric(Question question, JsonElement given, Validation validation, string field)
    {
        var number = given.ValueKind == JsonValueKind.Number && given.TryGetDouble(out var read) && double.IsFinite(read) ? read : double.NaN;
        validation.Rule(double.IsFinite(number), field, "must be a number")
            .Rule(!(number < question.Minimum), field, string.Create(CultureInfo.InvariantCulture, $"must not be less than {question.Minimum}"))
            .Rule(!(number > question.Maximum), field, string.Create(CultureInfo.InvariantCulture, $"must not be more than {question.Maximum}"));
        return new AnswerValue { Number = number };
    }

    private static AnswerValue Day(JsonElement given, Validation validation, string field)
    {
        var date = default(DateOnly);
        var readable = given.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(given.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
        validation.Rule(readable && date.Year is >= 1900 and <= 2200, field, "must be a date like 2026-07-01");
        return new AnswerValue { Date = date };
    }

    private static AnswerValue Words(JsonElement given, Validation validation, string field)
    {
        var text = given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        validation.Rule(!string.IsNullOrWhiteSpace(text) && text.Length <= LongestText && !text.Contains('\0', StringComparison.Ordinal), field, $"must be a text of at most {LongestText} characters");
        return new AnswerValue { Text = text };
    }

    private static AnswerValue Evidence(JsonElement given, Validation validation, string field)
    {
        var items = Strings(given);
        validation.Rule(items is { Count: > 0 and <= MostItems }, field, $"must be a list of 1 to {MostItems} links or files")
            .Rule(items is null || items.All(IsItem), field, "may hold http and https links and files as evidence:{id}");
        return new AnswerValue { Items = items ?? [] };
    }

    private static bool IsItem(string item) => item.Length <= 2000
        && (item.StartsWith("evidence:", StringComparison.Ordinal) ? Guid.TryParse(item.AsSpan(9), out _) : Uri.TryCreate(item, UriKind.Absolute, out var link) && link.Scheme is "http" or "https");

    private static List<string>? Strings(JsonElement given) =>
        given.ValueKind == JsonValueKind.Array && given.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) ? [.. given.EnumerateArray().Select(item => item.GetString()!)] : null;

    private static string Names(IReadOnlyList<Option> options) => string.Join(", ", options.Select(option => option.Id));
}
