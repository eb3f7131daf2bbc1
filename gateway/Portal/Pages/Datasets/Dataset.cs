using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LivingCity.Gateway.Portal.Pages.Datasets;

/// <summary>A text with the language that it is in.</summary>
internal sealed record Worded(string Text, string Language);

/// <summary>A dataset of the catalogue, as a page shows it.</summary>
internal sealed record Dataset(
    string Id, IReadOnlyList<Worded> Titles, IReadOnlyList<Worded> Descriptions, string Publisher, IReadOnlyList<string> Keywords, string? AccessPath, string? MediaType, string? License,
    DateTimeOffset? Modified, DateTimeOffset? From, DateTimeOffset? To, IReadOnlyList<string> Permissions, IReadOnlyList<string> Obligations, IReadOnlyList<string> Prohibitions)
{
    private const string Metrics = "urn:living-city:quality:";

    /// <summary>The rectangle that the data comes from: west, south, east and north in degrees.</summary>
    public double[]? Box { get; init; }

    /// <summary>The share of points that speak for its quality, in percent.</summary>
    public int? Quality { get; init; }

    /// <summary>The points, and whether each holds.</summary>
    public IReadOnlyList<(string Name, bool Holds)> QualityPoints { get; init; } = [];

    /// <summary>The title in this language, else in English, else in any.</summary>
    public Worded Title(string language) => Pick(Titles, language) ?? new(Id, "und");

    public Worded? Description(string language) => Pick(Descriptions, language);

    /// <summary>Reads a <c>dcat:Dataset</c> in JSON-LD, compacted with the prefixes of DCAT-AP: <c>{"@id": "...", "dct:title": [{"@language": "en", "@value": "..."}], ...}</c>.</summary>
    public static Dataset Read(JsonElement json)
    {
        var node = JsonObject.Create(json)!;
        var distribution = Many(node["dcat:distribution"]).FirstOrDefault();
        var offer = Many(node["odrl:hasPolicy"]).FirstOrDefault();
        return new(
            (string)node["@id"]!, Texts(node["dct:title"]), Texts(node["dct:description"]), (string?)node["dct:publisher"]?["foaf:name"] ?? "",
            [.. Many(node["dcat:keyword"]).Select(keyword => (string?)keyword["@value"]).OfType<string>()],
            Uri.TryCreate((string?)distribution?["dcat:accessURL"]?["@id"], UriKind.Absolute, out var access) ? access.PathAndQuery : null,
            Last(distribution?["dcat:mediaType"]), (string?)distribution?["dct:license"]?["@id"],
            Time(node["dct:modified"]), Time(node["dct:temporal"]?["dcat:startDate"]), Time(node["dct:temporal"]?["dcat:endDate"]),
            Actions(offer?["odrl:permission"]), Actions(offer?["odrl:obligation"]), Actions(offer?["odrl:prohibition"]))
        {
            Box = Rectangle((string?)node["dct:spatial"]?["dcat:bbox"]?["@value"]),
            Quality = int.TryParse(Measured(node).FirstOrDefault(point => point.Name == "score").Value, CultureInfo.InvariantCulture, out var score) ? score : null,
            QualityPoints = [.. Measured(node).Where(point => point.Name != "score").Select(point => (point.Name, point.Value == "true"))],
        };
    }

    private static IEnumerable<(string Name, string? Value)> Measured(JsonObject node) => Many(node["dqv:hasQualityMeasurement"])
        .Select(point => (Metric: (string?)point["dqv:isMeasurementOf"]?["@id"], Value: (string?)point["dqv:value"]?["@value"]))
        .Where(point => point.Metric is not null && point.Metric.StartsWith(Metrics, StringComparison.Ordinal)).Select(point => (point.Metric![Metrics.Length..], point.Value));

    /// <summary>The rectangle around a polygon in Well-known Text: <c>POLYGON((23.2 42.6,23.4 42.6,…))</c>.</summary>
    private static double[]? Rectangle(string? text)
    {
        var numbers = (text ?? "").Split(['(', ')', ',', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : (double?)null).OfType<double>().ToArray();
        var (east, north) = (numbers.Where((_, index) => index % 2 == 0).ToArray(), numbers.Where((_, index) => index % 2 == 1).ToArray());
        return north.Length < 3 ? null : [east.Min(), north.Min(), east.Max(), north.Max()];
    }

    private static Worded? Pick(IReadOnlyList<Worded> texts, string language) =>
        texts.FirstOrDefault(text => text.Language == language) ?? texts.FirstOrDefault(text => text.Language == "en") ?? (texts is [var first, ..] ? first : null);

    private static Worded[] Texts(JsonNode? node) => [.. Many(node).Select(text => new Worded((string?)text["@value"] ?? "", (string?)text["@language"] ?? "und"))];

    private static string[] Actions(JsonNode? rules) => [.. Many(rules).Select(rule => Last(rule["odrl:action"])).OfType<string>()];

    private static IEnumerable<JsonNode> Many(JsonNode? node) => node switch { null => [], JsonArray array => array.OfType<JsonNode>(), _ => [node] };

    /// <summary>The last part of an identifier: <c>odrl:use</c> and <c>https://…/application/json</c> say <c>use</c> and <c>application/json</c>.</summary>
    private static string? Last(JsonNode? node)
    {
        var id = (string?)node?["@id"];
        const string mediaTypes = "/media-types/";
        return id is null ? null : id.Contains(mediaTypes, StringComparison.Ordinal) ? id[(id.IndexOf(mediaTypes, StringComparison.Ordinal) + mediaTypes.Length)..] : id[(id.LastIndexOfAny([':', '/', '#']) + 1)..];
    }

    private static DateTimeOffset? Time(JsonNode? node) => DateTimeOffset.TryParse((string?)node?["@value"], CultureInfo.InvariantCulture, out var time) ? time : null;
}
