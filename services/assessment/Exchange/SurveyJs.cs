using System.Text.Json.Nodes;
using LivingCity.Assessment.Questionnaires;

namespace LivingCity.Assessment.Exchange;

/// <summary>Questionnaires as SurveyJS JSON: a page for each dimension, in it a panel for each indicator. Weights and scores stand in members of our own; <c>notCarried</c> lists what is lost.</summary>
internal static class SurveyJs
{
    public static JsonObject Write(Published published)
    {
        var (structure, texts) = published;
        JsonObject Text(string key) => Localised(structure, language => texts.Find(language, key));
        return new JsonObject
        {
            ["title"] = Text("title"),
            ["description"] = Text("note"),
            ["locale"] = structure.Languages[0],
            ["pages"] = new JsonArray([.. structure.Dimensions.Select(dimension => new JsonObject
            {
                ["name"] = dimension.Id, ["title"] = Text(dimension.Id), ["weight"] = dimension.Weight,
                ["elements"] = new JsonArray([.. dimension.Indicators.Select(indicator => new JsonObject
                {
                    ["type"] = "panel", ["name"] = indicator.Id, ["title"] = Text(indicator.Id), ["weight"] = indicator.Weight,
                    ["elements"] = new JsonArray([.. indicator.Questions.Select(question => Element(structure, texts, question))]),
                })]),
            })]),
            ["notCarried"] = new JsonArray([.. NotCarried.By(structure).Select(part => JsonValue.Create(part))]),
        };
    }

    /// <summary>Reads a survey. What it does not understand is listed and left out.</summary>
    public static Imported Read(JsonObject survey, string name)
    {
        var importing = new Importing(name);
        var standard = (survey["locale"] as JsonValue)?.GetValue<string>() is { Length: 2 } locale ? locale : "en";
        Take(importing, "title", survey["title"], standard);
        Take(importing, "note", survey["description"], standard);
        foreach (var member in survey.Where(member => member.Key is "triggers" or "calculatedValues" or "completedHtml"))
        {
            importing.Unsupported.Add($"survey: {member.Key}");
        }

        foreach (var page in Objects(survey["pages"]))
        {
            importing.Dimension(Name(page), Weight(page));
            Take(importing, Name(page), page["title"], standard);
            foreach (var element in Objects(page["elements"]))
            {
                if ((string?)element["type"] == "panel")
                {
                    importing.Indicator(Name(element), Weight(element));
                    Take(importing, Name(element), element["title"], standard);
                    Refuse(importing, element, "visibleIf");
                    foreach (var inner in Objects(element["elements"]))
                    {
                        Add(importing, inner, standard);
                    }
                }
                else
                {
                    Add(importing, element, standard);
                }
            }
        }

        return importing.Finish();
    }

    private static JsonObject Element(Questionnaire structure, TextSet texts, Question question)
    {
        var element = new JsonObject
        {
            ["type"] = question.Kind switch { QuestionKind.Single => "radiogroup", QuestionKind.Multiple => "checkbox", QuestionKind.Matrix => "matrix", QuestionKind.Text => "comment", QuestionKind.Evidence => "file", _ => "text" },
            ["name"] = question.Id,
            ["title"] = Localised(structure, language => texts.Find(language, question.Id)),
            ["isRequired"] = !question.Optional,
            ["weight"] = question.Weight,
        };
        if (question.VisibleIf is { } condition)
        {
            element["visibleIf"] = ConditionText.ToSurveyJs(condition);
        }

        if (structure.OptionsOf(question) is { Count: > 0 } options)
        {
            element[question.Kind == QuestionKind.Matrix ? "columns" : "choices"] = new JsonArray([.. options.Select(option =>
            {
                var item = new JsonObject { ["value"] = option.Id, ["text"] = Localised(structure, language => texts.Option(language, question, option.Id)), ["score"] = option.Score };
                if (option.Exclusive)
                {
                    item["isExclusive"] = true;
                }

                return item;
            })]);
        }

        if (question.Rows is { } rows)
        {
            element["rows"] = new JsonArray([.. rows.Select(row => new JsonObject { ["value"] = row, ["text"] = Localised(structure, language => texts.Find(language, $"{question.Id}#{row}")) })]);
        }

        if (question.Kind is QuestionKind.Number or QuestionKind.Date)
        {
            element["inputType"] = question.Kind == QuestionKind.Number ? "number" : "date";
            (element["min"], element["max"]) = (question.Minimum, question.Maximum);
        }

        return element;
    }

    private static void Add(Importing importing, JsonObject element, string standard)
    {
        var id = Name(element);
        QuestionKind? kind = ((string?)element["type"], (string?)element["inputType"]) switch
        {
            ("radiogroup" or "dropdown", _) => QuestionKind.Single,
            ("checkbox" or "tagbox", _) => QuestionKind.Multiple,
            ("matrix", _) => QuestionKind.Matrix,
            ("text", "number") => QuestionKind.Number,
            ("text", "date") => QuestionKind.Date,
            ("text" or "comment", null or "text") => QuestionKind.Text,
            ("file", _) => QuestionKind.Evidence,
            _ => null,
        };
        if (kind is null)
        {
            importing.Unsupported.Add($"{id}: type {element["type"]}{(element["inputType"] is { } input ? $" {input}" : "")}");
            return;
        }

        foreach (var member in (string[])["validators", "enableIf", "requiredIf", "defaultValue", "hasOther", "showOtherItem", "choicesByUrl", "setValueExpression"])
        {
            Refuse(importing, element, member);
        }

        Take(importing, id, element["title"] ?? id, standard);
        var options = Items(importing, element[kind == QuestionKind.Matrix ? "columns" : "choices"], value => $"{id}/{value}", standard);
        var rows = Items(importing, element["rows"], value => $"{id}#{value}", standard);
        var condition = (string?)element["visibleIf"] is { Length: > 0 } text ? ConditionText.Parse(text) : null;
        if (condition is null)
        {
            Refuse(importing, element, "visibleIf");
        }

        var chooses = kind is QuestionKind.Single or QuestionKind.Multiple or QuestionKind.Matrix;
        var optional = (bool?)element["isRequired"] != true && !(chooses && options.Any(option => option.Score is not null));
        importing.Question(new Question(
            id, kind.Value, Weight(element), chooses ? options : null, Rows: kind == QuestionKind.Matrix ? [.. rows.Select(row => row.Id)] : null,
            Minimum: (double?)element["min"], Maximum: (double?)element["max"], VisibleIf: condition, Optional: optional));
    }

    private static List<Option> Items(Importing importing, JsonNode? items, Func<string, string> key, string standard)
    {
        var options = new List<Option>();
        foreach (var item in items as JsonArray ?? [])
        {
            var id = item is JsonObject described ? described["value"]?.ToString() ?? "" : item?.ToString() ?? "";
            Take(importing, key(id), (item as JsonObject)?["text"] ?? id, standard);
            options.Add(new Option(id, (item as JsonObject)?["score"] is JsonValue score && score.TryGetValue<double>(out var points) ? points : null, (item as JsonObject)?["isExclusive"]?.GetValue<bool>() == true));
        }

        return options;
    }

    private static void Refuse(Importing importing, JsonObject element, string member)
    {
        if (element[member] is { } value)
        {
            importing.Unsupported.Add($"{Name(element)}: {member} {value.ToJsonString()}");
        }
    }

    private static void Take(Importing importing, string key, JsonNode? text, string standard)
    {
        if (text is JsonObject byLanguage)
        {
            foreach (var (language, value) in byLanguage.Where(entry => entry.Value is JsonValue))
            {
                importing.Text(language == "default" ? standard : language, key, value!.ToString());
            }
        }
        else if (text is not null)
        {
            importing.Text(standard, key, text.ToString());
        }
    }

    private static JsonObject Localised(Questionnaire structure, Func<string, string> text) =>
        new(structure.Languages.Select((language, index) => KeyValuePair.Create<string, JsonNode?>(index == 0 ? "default" : language, text(language))));

    private static IEnumerable<JsonObject> Objects(JsonNode? array) => (array as JsonArray ?? []).OfType<JsonObject>();

    private static string Name(JsonObject element) => element["name"]?.ToString() ?? "";

    private static double Weight(JsonObject element) => element["weight"] is JsonValue weight && weight.TryGetValue<double>(out var value) && value > 0 ? value : 1;
}
