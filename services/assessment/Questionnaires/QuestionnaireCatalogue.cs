using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace LivingCity.Assessment.Questionnaires;

/// <summary>A questionnaire with its texts.</summary>
/// <param name="Structure">Questions and rules.</param>
/// <param name="Texts">Its words.</param>
internal sealed record Published(Questionnaire Structure, TextSet Texts);

/// <summary>The questionnaires that come with this version of the service: <c>Documents/{name}-{version}/structure.json</c> and a file of texts for each language.</summary>
internal sealed partial class QuestionnaireCatalogue
{
    /// <summary>How a questionnaire's file is read: nothing unknown, nothing twice.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Dictionary<string, Published> questionnaires = Load().ToDictionary(questionnaire => questionnaire.Structure.Id);

    public IEnumerable<Published> All => questionnaires.Values;

    public Published? Find(string id) => questionnaires.GetValueOrDefault(id);

    /// <summary>The newest version of each.</summary>
    public IEnumerable<Published> Newest => All.Where(one => !All.Any(other => other.Structure.Follows == one.Structure.Id));

    private static IEnumerable<Published> Load()
    {
        var assembly = typeof(QuestionnaireCatalogue).Assembly;
        foreach (var group in assembly.GetManifestResourceNames().Select(name => DocumentPath().Match(name)).Where(match => match.Success).GroupBy(match => match.Groups[1].Value))
        {
            var files = group.ToDictionary(match => match.Groups[2].Value, match => match.Value);
            var structure = Read<WithSchema>(files["structure"]).Strip();
            StructureCheck.Check(structure).ThrowIfInvalid();
            var texts = new TextSet(structure, files.Where(file => file.Key != "structure").ToDictionary(file => file.Key, file => (IReadOnlyDictionary<string, string>)Read<Dictionary<string, string>>(file.Value)));
            yield return texts.Missing() is [] ? new Published(structure, texts) : throw new InvalidOperationException($"{structure.Id} lacks {string.Join(", ", texts.Missing())}.");
        }
    }

    private static T Read<T>(string resource)
    {
        using var stream = typeof(QuestionnaireCatalogue).Assembly.GetManifestResourceStream(resource)!;
        return JsonSerializer.Deserialize<T>(stream, Json)!;
    }

    [GeneratedRegex(@"^questionnaires/([a-z0-9-]+)/(\w+)\.json$")]
    private static partial Regex DocumentPath();

    /// <summary>A file names its schema, which is for editors.</summary>
    private sealed record WithSchema(
        string Id, int Engine, IReadOnlyList<string> Languages, IReadOnlyList<double> Levels, IReadOnlyList<Dimension> Dimensions, IReadOnlyDictionary<string, IReadOnlyList<Option>>? Scales = null,
        string? Follows = null, [property: JsonPropertyName("$schema")] string? Schema = null)
    {
        public Questionnaire Strip() => new(Id, Engine, Languages, Levels, Dimensions, Scales, Follows);
    }
}
