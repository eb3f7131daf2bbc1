using System.Text.Json;
using System.Text.Json.Serialization;

namespace LivingCity.Events.Programme;

/// <summary>A text in one or more languages. In JSON an object by language tag (BCP 47); a plain string is read as English, the language of the sources.</summary>
[JsonConverter(typeof(TextConverter))]
internal sealed record Text(IReadOnlyDictionary<string, string> Languages)
{
    public const string Fallback = "en";

    /// <summary>The text in English, else in whatever language there is.</summary>
    public string Plain => In([]).Value;

    public static implicit operator Text(string english) => new(new SortedDictionary<string, string>(StringComparer.Ordinal) { [Fallback] = english });

    /// <summary>The text in the first preferred language there is, else in English, else in any; and which language that is, since a page must say so.</summary>
    public (string Value, string Language) In(IReadOnlyList<string> preferred)
    {
        foreach (var tag in preferred)
        {
            if (Languages.TryGetValue(tag, out var found))
            {
                return (found, tag);
            }

            var primary = tag.Split('-')[0];
            if (Languages.FirstOrDefault(entry => entry.Key.Split('-')[0].Equals(primary, StringComparison.OrdinalIgnoreCase)) is { Key: not null } near)
            {
                return (near.Value, near.Key);
            }
        }

        return Languages.TryGetValue(Fallback, out var english) ? (english, Fallback) : Languages.Select(entry => (entry.Value, entry.Key)).FirstOrDefault(("", Fallback));
    }

    public bool Equals(Text? other) => other is not null && Languages.Count == other.Languages.Count && Languages.All(entry => other.Languages.TryGetValue(entry.Key, out var value) && value == entry.Value);

    public override int GetHashCode() => Languages.Aggregate(0, (hash, entry) => hash ^ HashCode.Combine(entry.Key, entry.Value));

    public override string ToString() => Plain;
}

internal sealed class TextConverter : JsonConverter<Text>
{
    public override Text? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString()!;
        }

        var languages = JsonSerializer.Deserialize<SortedDictionary<string, string>>(ref reader, options);
        return languages is { Count: > 0 } && languages.Values.All(value => value is not null) ? new Text(languages) : throw new JsonException("A text needs at least one language.");
    }

    public override void Write(Utf8JsonWriter writer, Text value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (language, text) in value.Languages)
        {
            writer.WriteString(language, text);
        }

        writer.WriteEndObject();
    }
}

/// <summary>Writes of a text the one language that the reader wants, with its tag: <c>{"text": "…", "lang": "en"}</c>.</summary>
internal sealed class LocalizedTextConverter(IReadOnlyList<string> preferred) : JsonConverter<Text>
{
    public override Text? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("What was reduced to one language is for reading only.");

    public override void Write(Utf8JsonWriter writer, Text value, JsonSerializerOptions options)
    {
        var (text, language) = value.In(preferred);
        writer.WriteStartObject();
        writer.WriteString("text", text);
        writer.WriteString("lang", language);
        writer.WriteEndObject();
    }
}
