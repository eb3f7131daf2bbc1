using System.Net;
using System.Text.Json.Nodes;

namespace LivingCity.Ingestion.Tests.Properties;

/// <summary>The published examples of Smart Data Models go in and come back with the same meaning, in every representation.</summary>
[Collection<BrokerTests>]
public sealed class SmartDataModelTests(BrokerFixture fixture)
{
    private static readonly string[] BrokerMembers = ["@context", "createdAt", "modifiedAt"];

    private readonly BrokerClient city = fixture.NewCity();

    public static TheoryData<string> Models
    {
        get
        {
            var folder = Path.Combine(PublishedData.Find() ?? "", "smart-data-models");
            return Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Select(model => Path.GetFileName(model)!).Order()] : ["none"];
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Example_InEachRepresentation_ComesBackUnchanged(string model)
    {
        var folder = Path.Combine(PublishedData.Folder(), "smart-data-models");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, model)), "Set LIVINGCITY_DATA to the folder of the published data.");
        var context = fixture.Contexts.Serve(await File.ReadAllTextAsync(Path.Combine(folder, "context.jsonld"), TestContext.Current.CancellationToken));
        var example = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, model, "example-normalized.jsonld"), TestContext.Current.CancellationToken))!.AsObject();
        example["@context"] = context;
        if (!Ingestion.Entities.Uris.IsUri((string)example["id"]!))
        {
            Assert.Equal("BadRequestData", (await city.SendAsync("POST", "/entities", example.ToJsonString(), BrokerClient.LdJson)).Error);
            example["id"] = $"urn:ngsi-ld:{model}:{example["id"]}";
        }

        var refused = RemoveWhatTheStandardRefuses(example);

        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entities", example.ToJsonString(), BrokerClient.LdJson);
        var id = (string)example["id"]!;
        var normalized = (await city.ExpectAsync(HttpStatusCode.OK, "GET", $"/entities/{Uri.EscapeDataString(id)}", link: context)).Body.AsObject();
        var concise = (await city.ExpectAsync(HttpStatusCode.OK, "GET", $"/entities/{Uri.EscapeDataString(id)}?options=concise", link: context)).Body.AsObject();
        var simplified = (await city.ExpectAsync(HttpStatusCode.OK, "GET", $"/entities/{Uri.EscapeDataString(id)}?options=keyValues", link: context)).Body.AsObject();
        var feature = (await city.ExpectAsync(HttpStatusCode.OK, "GET", $"/entities/{Uri.EscapeDataString(id)}", link: context, accept: BrokerClient.GeoJson)).Body.AsObject();

        AssertSame(Without(example), normalized, model);
        AssertSame(normalized, await RoundTripAsync(concise, context), $"{model} concise");
        AssertSame(normalized.Select(member => member.Key).Order(), simplified.Select(member => member.Key).Order(), $"{model} simplified");
        Assert.All(simplified.Where(member => member.Key is not ("id" or "type" or "scope")), member => AssertSame(Simplified(normalized[member.Key]!), member.Value!, $"{model}.{member.Key}"));
        var properties = feature["properties"]!.DeepClone().AsObject();
        properties["id"] = id;
        AssertSame(normalized, properties, $"{model} as a feature");
        Assert.True(refused <= 3, $"{model}: {refused} members of the example are not valid NGSI-LD");
    }

    /// <summary>Some examples relate to what is no URI, have null values, or attributes of no kind that there is: these members cannot be stored, by the standard.</summary>
    private static int RemoveWhatTheStandardRefuses(JsonObject example)
    {
        var wrong = example.Where(member => member.Value is JsonObject attribute
            && (((string?)attribute["type"] == "Relationship" && Objects(attribute["object"]).Any(uri => !Ingestion.Entities.Uris.IsUri(uri)))
                || !Enum.TryParse<Ingestion.Entities.AttributeKind>((string?)attribute["type"], out _)
                || ((string?)attribute["type"] is "Property" && attribute["value"] is null))).Select(member => member.Key).ToArray();
        foreach (var name in wrong)
        {
            example.Remove(name);
        }

        return wrong.Length;
    }

    private static IEnumerable<string> Objects(JsonNode? node) => node is JsonArray array ? array.Select(item => item?.ToString() ?? "") : [node?.ToString() ?? ""];

    private async Task<JsonObject> RoundTripAsync(JsonObject concise, string context)
    {
        var copy = concise.DeepClone().AsObject();
        copy["id"] = $"{concise["id"]}:copy";
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entities", copy.ToJsonString(), link: context);
        var stored = (await city.ExpectAsync(HttpStatusCode.OK, "GET", $"/entities/{Uri.EscapeDataString((string)copy["id"]!)}", link: context)).Body.AsObject();
        stored["id"] = concise["id"]!.DeepClone();
        return stored;
    }

    private static JsonNode Simplified(JsonNode attribute) => (string?)attribute["type"] switch
    {
        "Relationship" => attribute["object"]!.DeepClone(),
        "LanguageProperty" => new JsonObject { ["languageMap"] = attribute["languageMap"]!.DeepClone() },
        _ => attribute["value"]!.DeepClone(),
    };

    private static JsonObject Without(JsonObject entity) =>
        new(entity.Where(member => !BrokerMembers.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual, string what) => Assert.True(expected.SequenceEqual(actual), what);

    private static void AssertSame(JsonNode expected, JsonNode actual, string what) => Assert.True(JsonNode.DeepEquals(expected, actual), $"{what}\nexpected {expected.ToJsonString()}\nactual   {actual.ToJsonString()}");
}
