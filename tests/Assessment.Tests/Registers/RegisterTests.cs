using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LivingCity.Assessment.Tests.Independent;
using LivingCity.Contracts.Ingestion;
using LivingCity.Testing;

namespace LivingCity.Assessment.Tests.Registers;

public sealed partial class RegisterTests(Infrastructure infrastructure)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_OfScoringAndRoadmap_MeetThePublishedStandard()
    {
        var folder = Environment.GetEnvironmentVariable("LIVINGCITY_DATA") ?? Path.Combine(Script.Repository, "../shared/data");
        var file = Path.Combine(folder, "algorithm-register/schema-v0_3_1.yaml");
        Assert.SkipUnless(File.Exists(file), "The published standard is not there: set LIVINGCITY_DATA.");
        var attributes = AttributePattern().Split(await File.ReadAllTextAsync(file, Cancelled)).Skip(1).Chunk(2).Select(pair => (Name: pair[0], Body: pair[1])).ToArray();
        await using var host = await ServiceHost<Program>.StartAsync(infrastructure);
        using var anyone = host.Anonymous();

        var records = (await anyone.GetFromJsonAsync<JsonArray>("/api/assessment/v1/algorithms", Cancelled))!;

        Assert.Equal(["Roadmap optimiser", "Scoring of assessments"], records.Select(record => (string)record!["name"]!).Order());
        Assert.True(attributes.Length > 30);
        Assert.All(records, record =>
        {
            Assert.All(attributes.Where(attribute => RequiredPattern().IsMatch(attribute.Body)), attribute => Assert.False(string.IsNullOrWhiteSpace((string?)record![attribute.Name]), attribute.Name));
            Assert.All(record!.AsObject(), member => Assert.Contains(member.Key, attributes.Select(attribute => attribute.Name)));
            foreach (var (name, body) in attributes.Where(attribute => EnglishChoices().IsMatch(attribute.Body)))
            {
                Assert.Contains($"\"{record[name]}\"", EnglishChoices().Match(body).Groups[1].Value, StringComparison.Ordinal);
            }

            Assert.True(((string)record["description_short"]!).Length <= 150);
        });
    }

    [Fact]
    public async Task Release_WithAPublisher_IsOfferedAsADataset()
    {
        var settings = new Dictionary<string, string> { ["City:Demo"] = "true", ["Benchmark:Publisher"] = "network" };
        var broker = await infrastructure.CreateVirtualHostAsync();
        await using var bus = await TestBus.StartAsync(broker);
        var heard = await bus.ListenAsync<DatasetDescribed>();
        await using var host = await ServiceHost<Program>.StartAsync(infrastructure, settings, broker: broker);

        await Eventually.TrueAsync(() => Task.FromResult(heard.Count == 3), "three questionnaires are released");

        var dataset = heard.Single(one => one.DatasetId == "urn:living-city:dataset:benchmark:digital-maturity:2");
        Assert.Equal(("network", true, "text/csv"), (dataset.City, dataset.Synthetic, dataset.MediaType));
        using var anyone = host.Anonymous();
        Assert.StartsWith("questionnaire,", await anyone.GetStringAsync(dataset.AccessPath, Cancelled), StringComparison.Ordinal);
    }

    [GeneratedRegex("""^- attribute: "?(\w+)"?\s*$""", RegexOptions.Multiline)]
    private static partial Regex AttributePattern();

    [GeneratedRegex("^  required: true", RegexOptions.Multiline)]
    private static partial Regex RequiredPattern();

    [GeneratedRegex(@"enum:\s*en:\s*\[([^\]]*)\]")]
    private static partial Regex EnglishChoices();
}
