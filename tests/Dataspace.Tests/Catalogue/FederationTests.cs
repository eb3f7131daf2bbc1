using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Dataspace.Tests.Catalogue;

/// <summary>What other participants offer is found here, and a dead one harms nobody.</summary>
public sealed class FederationTests(ConnectorPair pair) : IClassFixture<ConnectorPair>
{
    [Fact]
    public async Task Peer_WhoseCatalogueIsCrawled_IsFoundByWords_AndADeadOneIsNamed()
    {
        using var admin = pair.SantBoi.As("sant-boi", "city-admin");
        using var dead = await admin.PutAsJsonAsync("/api/dataspace/v1/peers/urn:dead", new { name = "Dead", address = "http://127.0.0.1:1/dsp/2025-1" }, TestContext.Current.CancellationToken);
        Assert.True(dead.IsSuccessStatusCode);
        using var anyone = pair.SantBoi.Anonymous();

        JsonArray found = [];
        await Eventually.TrueAsync(async () => (found = (await anyone.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/federation/datasets?q=AIR quality"))!).Count > 0, "Sofia's data is found in Sant Boi");
        JsonNode? trouble = null;
        await Eventually.TrueAsync(async () => (trouble = (await anyone.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/federation/peers"))!.FirstOrDefault(peer => (string)peer!["peer"]! == "urn:dead" && (int)peer["failures"]! > 0)) is not null, "the dead one is named");

        Assert.Equal(ConnectorPair.SofiaId, (string)found[0]!["peer"]!);
        Assert.Equal(ConnectorPair.Dataset, (string)found[0]!["id"]!);
        Assert.NotNull(found[0]!["fetchedAt"]);
        Assert.NotNull(trouble!["trouble"]);
        Assert.Empty((await anyone.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/federation/datasets?q=no-such-word", TestContext.Current.CancellationToken))!);
    }

    [Fact]
    public async Task Catalogue_ThatHasNotChanged_IsNotSentAgain()
    {
        using var anyone = pair.Sofia.Anonymous();
        using var first = await anyone.PostAsJsonAsync("/dsp/2025-1/catalog/request", Messages.Dsp("CatalogRequestMessage"), TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dsp/2025-1/catalog/request") { Content = JsonContent.Create(Messages.Dsp("CatalogRequestMessage")) };
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await anyone.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(304, (int)second.StatusCode);
    }
}
