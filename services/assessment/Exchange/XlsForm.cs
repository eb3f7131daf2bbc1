using System.Globalization;
using System.Text.RegularExpressions;
using LivingCity.Assessment.Questionnaires;

namespace LivingCity.Assessment.Exchange;

/// <summary>
/// Questionnaires as XLSForm (xlsform.org): a group for each dimension and in it one for each indicator; a matrix is a group of <c>table-list</c> appearance. Weights and scores stand in columns of
/// our own, which other tools leave alone. A sheet lists what is not carried.
/// </summary>
internal static partial class XlsForm
{
    private const string Matrix = "table-list";

    public static byte[] Write(Published published)
    {
        var (structure, texts) = published;
        string[] labels = [.. structure.Languages.Select(language => $"label::{language} ({language})")];
        string[] Texts(string key) => [.. structure.Languages.Select(language => texts.Find(language, key))];
        var survey = new List<IReadOnlyList<string>> { (string[])["type", "name", "required", "relevant", "constraint", "appearance", "weight", .. labels] };
        var choices = new List<IReadOnlyList<string>> { (string[])["list_name", "name", "score", "exclusive", .. labels] };
        foreach (var dimension in structure.Dimensions)
        {
            survey.Add(["begin_group", dimension.Id, "", "", "", "", Number(dimension.Weight), .. Texts(dimension.Id)]);
            foreach (var indicator in dimension.Indicators)
            {
                survey.Add(["begin_group", indicator.Id, "", "", "", "", Number(indicator.Weight), .. Texts(indicator.Id)]);
                foreach (var question in indicator.Questions)
                {
                    var required = question.Optional ? "" : "yes";
                    var relevant = question.VisibleIf is { } condition ? ConditionText.ToXlsForm(condition, structure) : "";
                    if (question.Kind == QuestionKind.Matrix)
                    {
                        survey.Add(["begin_group", question.Id, "", relevant, "", Matrix, Number(question.Weight), .. Texts(question.Id)]);
                        survey.AddRange(question.Rows!.Select(row => (string[])[$"select_one {question.Id}", row, required, "", "", "", "", .. Texts($"{question.Id}#{row}")]));
                        survey.Add(["end_group"]);
                    }
                    else
                    {
                        survey.Add([TypeOf(question), question.Id, required, relevant, Limits(question), "", Number(question.Weight), .. Texts(question.Id)]);
                    }

                    choices.AddRange(structure.OptionsOf(question).Select(option => (string[])
                        [question.Id, option.Id, option.Score is { } score ? Number(score) : "", option.Exclusive ? "yes" : "", .. structure.Languages.Select(language => texts.Option(language, question, option.Id))]));
                }

                survey.Add(["end_group"]);
            }

            survey.Add(["end_group"]);
        }

        var name = structure.Id.Split('/');
        return Workbook.Write(
        [
            ("survey", survey), ("choices", choices),
            ("settings", [["form_title", "form_id", "version", "default_language"], [texts.Find(structure.Languages[0], "title"), name[0], name[1], $"{structure.Languages[0]} ({structure.Languages[0]})"]]),
            ("not_carried", [["not carried by this format"], .. NotCarried.By(structure).Select(part => (string[])[part])]),
        ]);
    }

    /// <summary>Reads a form.</summary>
    /// <exception cref="InvalidDataException">It is no form.</exception>
    public static Imported Read(Stream stream, string name)
    {
        var sheets = Workbook.Read(stream);
        if (!sheets.TryGetValue("survey", out var rows) || rows.Count == 0)
        {
            throw new InvalidDataException("The form has no sheet \"survey\".");
        }

        var importing = new Importing(name);
        var lists = Table(sheets.GetValueOrDefault("choices") ?? []).ToLookup(row => row.GetValueOrDefault("list_name") ?? row.GetValueOrDefault("list name", ""));
        foreach (var title in Table(sheets.GetValueOrDefault("settings") ?? []).Take(1).Select(row => row.GetValueOrDefault("form_title", "")).Where(title => title.Length > 0))
        {
            foreach (var language in Languages(rows[0]))
            {
                importing.Text(language.Tag, "title", title);
            }
        }

        var open = new Stack<string>();
        (Dictionary<string, string> Group, List<Dictionary<string, string>> Rows)? matrix = null;
        foreach (var row in Table(rows).Where(row => row.GetValueOrDefault("type", "").Length > 0))
        {
            var type = row["type"].Trim().Replace("begin group", "begin_group", StringComparison.Ordinal).Replace("end group", "end_group", StringComparison.Ordinal);
            var id = row.GetValueOrDefault("name", "");
            if (type == "end_group")
            {
                if (open.TryPop(out var kind) && kind == Matrix)
                {
                    AddMatrix(importing, matrix!.Value.Group, matrix.Value.Rows, lists);
                    matrix = null;
                }
            }
            else if (type == "begin_group")
            {
                var kind = row.GetValueOrDefault("appearance") == Matrix ? Matrix : open.Count switch { 0 => "dimension", 1 => "indicator", _ => "group" };
                open.Push(kind);
                Begin(importing, kind, row);
                matrix = kind == Matrix ? (row, []) : matrix;
            }
            else if (matrix is not null)
            {
                matrix.Value.Rows.Add(row);
            }
            else
            {
                AddQuestion(importing, type, id, row, lists);
            }
        }

        return importing.Finish();
    }

    private static void Begin(Importing importing, string kind, Dictionary<string, string> row)
    {
        if (kind == "dimension")
        {
            importing.Dimension(row["name"], Weight(row));
        }
        else if (kind == "indicator")
        {
            importing.Indicator(row["name"], Weight(row));
        }
        else if (kind == "group")
        {
            importing.Unsupported.Add($"{row["name"]}: a group within a group within a group; its questions are taken over without it");
        }

        if (kind is "dimension" or "indicator")
        {
            Label(importing, row["name"], row);
            if (row.GetValueOrDefault("relevant", "").Length > 0)
            {
                importing.Unsupported.Add($"{row["name"]}: a condition on a group");
            }
        }
    }

    private static void AddMatrix(Importing importing, Dictionary<string, string> group, List<Dictionary<string, string>> rows, ILookup<string, Dictionary<string, string>> lists)
    {
        var lead = rows.Select(row => row["type"]).Distinct().ToArray();
        var id = group["name"];
        if (lead.Length != 1 || !lead[0].StartsWith("select_one ", StringComparison.Ordinal))
        {
            importing.Unsupported.Add($"{id}: a table of questions with different answers");
            return;
        }

        Label(importing, id, group);
        foreach (var row in rows)
        {
            Label(importing, $"{id}#{row["name"]}", row);
        }

        importing.Question(new Question(id, QuestionKind.Matrix, Weight(group), Options(importing, id, lists[lead[0]["select_one ".Length..].Trim()]), Rows: [.. rows.Select(row => row["name"])], VisibleIf: Relevant(importing, id, group)));
    }

    private static void AddQuestion(Importing importing, string type, string id, Dictionary<string, string> row, ILookup<string, Dictionary<string, string>> lists)
    {
        var (word, list) = type.Split(' ', 2, StringSplitOptions.TrimEntries) is [var first, var second] ? (first, second) : (type, "");
        QuestionKind? kind = word switch
        {
            "select_one" => QuestionKind.Single,
            "select_multiple" => QuestionKind.Multiple,
            "integer" or "decimal" => QuestionKind.Number,
            "date" => QuestionKind.Date,
            "text" => QuestionKind.Text,
            "file" or "image" => QuestionKind.Evidence,
            _ => null,
        };
        if (kind is null)
        {
            importing.Unsupported.Add($"{(id.Length > 0 ? id : "?")}: type {type}");
            return;
        }

        foreach (var column in (string[])["calculation", "default", "choice_filter", "repeat_count", "trigger"])
        {
            if (row.GetValueOrDefault(column, "").Length > 0)
            {
                importing.Unsupported.Add($"{id}: {column}");
            }
        }

        Label(importing, id, row);
        var limits = LimitPattern().Match(row.GetValueOrDefault("constraint", ""));
        if (!limits.Success && row.GetValueOrDefault("constraint", "").Length > 0)
        {
            importing.Unsupported.Add($"{id}: constraint {row["constraint"]}");
        }

        double? Limit(int group) => limits.Success && double.TryParse(limits.Groups[group].Value, CultureInfo.InvariantCulture, out var value) ? value : null;
        var options = kind is QuestionKind.Single or QuestionKind.Multiple ? Options(importing, id, lists[list]) : null;
        var optional = row.GetValueOrDefault("required") is not ("yes" or "true" or "true()") && options?.Any(option => option.Score is not null) != true;
        importing.Question(new Question(id, kind.Value, Weight(row), options, Minimum: Limit(1), Maximum: Limit(2), VisibleIf: Relevant(importing, id, row), Optional: optional));
    }

    private static Option[] Options(Importing importing, string question, IEnumerable<Dictionary<string, string>> rows) => [.. rows.Select(row =>
    {
        Label(importing, $"{question}/{row.GetValueOrDefault("name", "")}", row);
        return new Option(row.GetValueOrDefault("name", ""), double.TryParse(row.GetValueOrDefault("score"), CultureInfo.InvariantCulture, out var score) ? score : null, row.GetValueOrDefault("exclusive") == "yes");
    })];

    private static Condition? Relevant(Importing importing, string id, Dictionary<string, string> row)
    {
        var text = row.GetValueOrDefault("relevant", "");
        var condition = text.Length == 0 ? null : ConditionText.Parse(text);
        if (text.Length > 0 && condition is null)
        {
            importing.Unsupported.Add($"{id}: condition {text}");
        }

        return condition;
    }

    private static void Label(Importing importing, string key, Dictionary<string, string> row)
    {
        foreach (var (tag, column) in Languages([.. row.Keys]))
        {
            importing.Text(tag, key, row[column]);
        }
    }

    private static IEnumerable<(string Tag, string Column)> Languages(IEnumerable<string> columns) =>
        columns.Select(column => (match: LabelPattern().Match(column), column)).Where(one => one.match.Success).Select(one => (one.match.Groups[1].Success ? one.match.Groups[1].Value : "en", one.column));

    private static IEnumerable<Dictionary<string, string>> Table(List<List<string>> rows) =>
        rows.Skip(1).Select(row => rows[0].Index().Where(column => column.Item.Length > 0).GroupBy(column => column.Item).ToDictionary(group => group.Key, group => group.First().Index < row.Count ? row[group.First().Index] : ""));

    private static string TypeOf(Question question) => question.Kind switch
    {
        QuestionKind.Single => $"select_one {question.Id}",
        QuestionKind.Multiple => $"select_multiple {question.Id}",
        QuestionKind.Number => "decimal",
        QuestionKind.Date => "date",
        QuestionKind.Evidence => "file",
        _ => "text",
    };

    private static string Limits(Question question) => question is { Minimum: { } least, Maximum: { } most } ? string.Create(CultureInfo.InvariantCulture, $". >= {least} and . <= {most}") : "";

    private static double Weight(Dictionary<string, string> row) => double.TryParse(row.GetValueOrDefault("weight"), CultureInfo.InvariantCulture, out var weight) && weight > 0 ? weight : 1;

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^label(?:::.*\(([a-z]{2})\))?$")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"^\s*\.\s*>=\s*(-?[0-9.]+)\s+and\s+\.\s*<=\s*(-?[0-9.]+)\s*$")]
    private static partial Regex LimitPattern();
}
