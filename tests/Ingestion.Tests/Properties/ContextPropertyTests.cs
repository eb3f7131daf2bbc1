using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;

namespace LivingCity.Ingestion.Tests.Properties;

/// <summary>Expanding and compacting undo each other (ETSI GS CIM 009, clause 5.5.7), under any context.</summary>
public sealed class ContextPropertyTests
{
    private static readonly string[] Pieces = ["a", "b", "ex", "ex:a", "https://example.org/", "https://example.org/a", "urn:x:a", "ngsi-ld:", CoreTerms.DefaultVocabulary, "status", "id", "/", "#", "é", "1"];

    [Fact]
    public async Task Compact_OfExpanded_IsTheNameOrAnotherNameOfTheSame()
    {
        var random = new Random(7);
        for (var round = 0; round < 3000; round++)
        {
            var definitions = new JsonObject();
            foreach (var term in Enumerable.Range(0, random.Next(6)).Select(_ => Text(random)).Where(term => !term.StartsWith('@')).Distinct())
            {
                definitions[term] = random.Next(3) == 0 ? new JsonObject { ["@id"] = Text(random) } : Text(random);
            }

            var context = await ReadAsync(definitions);
            foreach (var name in Enumerable.Range(0, 20).Select(_ => Text(random)))
            {
                var iri = context.Expand(name);
                var compact = context.Compact(iri);
                Assert.True(context.Expand(compact) == iri, $"{definitions.ToJsonString()}: {name} → {iri} → {compact} → {context.Expand(compact)}");
                Assert.True(context.Compact(context.Expand(compact)) == compact, $"{definitions.ToJsonString()}: {compact} is not stable");
            }
        }
    }

    [Fact]
    public async Task Compact_OfEachTermOfSmartDataModels_IsTheTermOrOneOfTheSameIri()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(PublishedData.Folder(), "smart-data-models", "context.jsonld"), TestContext.Current.CancellationToken))!;
        var context = await ReadAsync(document["@context"]!);

        Assert.All(document["@context"]!.AsObject().Select(term => term.Key).Where(term => !term.StartsWith('@')), term => Assert.Equal(context.Expand(term), context.Expand(context.Compact(context.Expand(term)))));
        Assert.Equal("AirQualityObserved", context.Compact(context.Expand("AirQualityObserved")));
        Assert.StartsWith("https://uri.fiware.org/", context.Expand("AirQualityObserved"), StringComparison.Ordinal);
    }

    /// <summary>The built-in terms are those of the published core context, version 1.9.</summary>
    [Fact]
    public async Task CoreTerms_AreThePublishedOnes()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(PublishedData.Folder(), "ngsi-ld", "ngsi-ld-core-context-v1.9.jsonld"), TestContext.Current.CancellationToken))!;
        var published = document["@context"]!.AsObject().Where(term => !term.Key.StartsWith('@'))
            .Select(term => (term.Key, Iri: term.Value is JsonObject definition ? (string)definition["@id"]! : (string)term.Value!)).Where(term => !term.Iri.StartsWith('@'))
            .ToDictionary(term => term.Key, term => term.Iri.Replace("ngsi-ld:", CoreTerms.NgsiLd, StringComparison.Ordinal).Replace("geojson:", "https://purl.org/geojson/vocab#", StringComparison.Ordinal));

        Assert.Equal(published.Order(Comparer<KeyValuePair<string, string>>.Create((first, second) => string.CompareOrdinal(first.Key, second.Key))),
            CoreTerms.All.Order(Comparer<KeyValuePair<string, string>>.Create((first, second) => string.CompareOrdinal(first.Key, second.Key))));
    }

    private static async Task<LdContext> ReadAsync(JsonNode context) =>
        await new ContextReader((_, _) => throw new InvalidOperationException("Nothing is fetched.")).ReadAsync(JsonSerializer.SerializeToElement(context), TestContext.Current.CancellationToken);

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Pieces[random.Next(Pieces.Length)]));
}
