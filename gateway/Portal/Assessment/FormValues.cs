using System.Globalization;
using System.Text.Json.Nodes;

namespace LivingCity.Gateway.Portal.Assessment;

/// <summary>Reads an answer from the fields of its form, by the question's kind.</summary>
internal static class FormValues
{
    /// <returns>Null where nothing, or not all, is filled in.</returns>
    public static JsonObject? Read(IFormCollection form)
    {
        if (form["notApplicable"] == "true")
        {
            return new JsonObject { ["notApplicable"] = true };
        }

        var values = form["value"].OfType<string>().Where(value => value.Trim().Length > 0).ToArray();
        JsonNode? value = form["kind"].ToString() switch
        {
            "multiple" => values.Length > 0 ? Strings(values) : null,
            "matrix" => Rows(form),
            "number" => values.Length > 0 && double.TryParse(values[0].Replace(',', '.'), CultureInfo.InvariantCulture, out var number) ? number : null,
            "evidence" => Evidence(form, values),
            _ => values.Length > 0 ? values[0] : null,
        };
        return value is null ? null : new JsonObject { ["value"] = value };
    }

    private static JsonObject? Rows(IFormCollection form)
    {
        var rows = form["row"].OfType<string>().ToArray();
        return rows.Length > 0 && rows.All(row => form[$"row:{row}"].Count > 0) ? new JsonObject(rows.Select(row => KeyValuePair.Create<string, JsonNode?>(row, form[$"row:{row}"].ToString()))) : null;
    }

    private static JsonArray? Evidence(IFormCollection form, string[] values)
    {
        string[] items = [.. values.SelectMany(value => value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)), .. form["file"].OfType<string>()];
        return items.Length > 0 ? Strings(items) : null;
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
