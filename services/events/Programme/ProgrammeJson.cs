using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LivingCity.Events.Programme;

/// <summary>How programmes are written: as they are stored and edited, or reduced to one reader's languages.</summary>
internal static class ProgrammeJson
{
    public static readonly JsonSerializerOptions Options = Make(null);

    private static readonly ConcurrentDictionary<string, JsonSerializerOptions> Localized = new();

    /// <param name="languages">Preferred languages; options are kept for each list, so lists come from <see cref="Preferred"/>, which keeps them few.</param>
    public static JsonSerializerOptions For(IReadOnlyList<string> languages) =>
        Localized.GetOrAdd(string.Join(',', languages), static (_, list) => Make(new LocalizedTextConverter(list)), languages);

    /// <summary>The languages that a reader wants, the best first: the query's <c>lang</c>, else <c>Accept-Language</c>. Two at most, of two or three letters.</summary>
    public static IReadOnlyList<string> Preferred(HttpRequest request)
    {
        IEnumerable<string> wanted = request.Query["lang"] is [{ } asked, ..]
            ? [asked]
            : request.GetTypedHeaders().AcceptLanguage.Where(language => language.Quality is null or > 0).OrderByDescending(language => language.Quality ?? 1).Select(language => language.Value.Value ?? "");
        return [.. wanted.Select(tag => tag.Split('-')[0].ToLowerInvariant()).Where(tag => tag.Length is 2 or 3 && tag.All(char.IsAsciiLetterLower)).Distinct().Take(2)];
    }

    public static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    private static JsonSerializerOptions Make(JsonConverter? texts)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            // jsonb keeps no order of members.
            AllowOutOfOrderMetadataProperties = true,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };
        if (texts is not null)
        {
            options.Converters.Add(texts);
        }

        return options;
    }
}
