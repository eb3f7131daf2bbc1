using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static LivingCity.Dataspace.Tests.Hosting.Messages;

namespace LivingCity.Dataspace.Tests.Protocol;

/// <summary>The file of a conformance profile: what is wrong in it is said at start, and what it says holds at the next start too.</summary>
public sealed class ProfileFileTests(Infrastructure infrastructure)
{
    [Theory]
    [InlineData("""{"counterparty": "c", "datasets": [{"id": "d", "steps": ["REQUEST offer"]}]}""", "REQUEST offer")]
    [InlineData("""{"counterparty": "c", "datasets": [{"id": "d", "steps": ["REQUESTED start"]}]}""", "REQUESTED start")]
    [InlineData("""{"counterparty": "c", "agreements": [{"id": "a", "steps": ["REQUESTED agree"]}]}""", "REQUESTED agree")]
    [InlineData("""{"counterparty": "c", "agreements": [{"id": "a", "steps": ["OFFERED terminate"]}]}""", "OFFERED terminate")]
    [InlineData("""{"counterparty": "c", "agreements": [{"id": "a", "role": "Provider"}]}""", "Provider")]
    [InlineData("""{"counterparty": "c", "datasets": [{"id": "twice"}, {"id": "twice"}]}""", "twice")]
    [InlineData("""{"counterparty": "c", "agreements": [{"id": "twice"}, {"id": "twice"}]}""", "twice")]
    [InlineData("""{"datasets": []}""", "counterparty")]
    [InlineData("""{"counterparty": "c", "dataset": []}""", "dataset")]
    public void Profile_WithAMistake_SaysWhichAtStart(string json, string named)
    {
        using var file = new TemporaryFile(json);

        var mistake = Assert.Throws<InvalidOperationException>(() => new ConformanceProfile(Options.Create(new ConformanceSettings { File = file.Path }), new Development()));

        Assert.Contains(named, mistake.Message, StringComparison.Ordinal);
        Assert.Contains(file.Path, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_ChangedBeforeTheNextStart_HoldsAsItIsThen()
    {
        using var file = new TemporaryFile("""
            {"counterparty": "urn:first", "participant": "urn:me", "datasets": [{"id": "urn:d:one", "offers": ["urn:o"]}, {"id": "urn:d:two", "offers": ["urn:o:two"]}], "agreements": [{"id": "urn:a", "role": "consumer"}]}
            """);
        string database, broker;
        await using (var before = await StartAsync(file.Path))
        {
            (database, broker) = (before.ConnectionString, before.Broker);
            using var kit = before.Anonymous();
            var document = (await kit.GetFromJsonAsync<JsonObject>("/.well-known/dspace-version", TestContext.Current.CancellationToken))!;
            Assert.Equal("urn:me", (string)document["protocolVersions"]![0]!["serviceId"]!);
        }

        await File.WriteAllTextAsync(file.Path, """
            {"counterparty": "urn:second", "datasets": [{"id": "urn:d:two", "offers": ["urn:o"]}], "agreements": [{"id": "urn:a", "role": "provider", "datasetId": "urn:d:two", "steps": ["REQUESTED start"]}]}
            """, TestContext.Current.CancellationToken);
        await using var after = await StartAsync(file.Path, database, broker);
        await using var peer = await TestPeer.StartAsync(after.Anonymous());
        var dataset = await peer.GetAsync("/catalog/datasets/urn:d:two");
        var (status, body) = await peer.SendAsync("/transfers/request", Dsp("TransferRequestMessage", ("consumerPid", peer.Pid), ("agreementId", "urn:a"), ("format", "HTTP_PULL"), ("callbackAddress", peer.Address)));

        Assert.Contains("urn:o", dataset["hasPolicy"]!.AsArray().Select(offer => (string)offer!["@id"]!));
        Assert.Equal(201, status);
        await Profile.InStateAsync(peer, $"/transfers/{(string)body!["providerPid"]!}", "STARTED");
    }

    /// <summary>What is seeded is there as soon as the service says that it is ready.</summary>
    private Task<ServiceHost<Program>> StartAsync(string file, string? database = null, string? broker = null) => ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string>
    {
        ["Conformance:File"] = file,
        ["Outgoing:AllowedNetworks:0"] = "127.0.0.0/8",
    }, broker: broker, database: database);

    private sealed class Development : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Development;

        public string ApplicationName { get; set; } = "test";

        public string ContentRootPath { get; set; } = "/";

        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = new Microsoft.Extensions.FileProviders.NullFileProvider();
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string content) => File.WriteAllText(Path, content);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
