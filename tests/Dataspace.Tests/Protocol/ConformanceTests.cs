using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;
using static LivingCity.Dataspace.Tests.Hosting.Messages;

namespace LivingCity.Dataspace.Tests.Protocol;

/// <summary>The connector driven by a conformance profile, in both roles, as a conformance kit does it. Every message it sends is valid by the published schemas.</summary>
public sealed class ConformanceTests(ConformanceTests.Scripted scripted, PublishedSchemas schemas) : IClassFixture<ConformanceTests.Scripted>, IClassFixture<PublishedSchemas>
{
    private readonly Profile profile = scripted.Profile;

    [Fact]
    public async Task Provider_OfferThenAgreeThenFinalize_GoesTheWholeWay()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        var pid = await RequestAsync(peer, "urn:d:full");

        await peer.HearAsync("ContractOfferMessage");
        await Profile.InStateAsync(peer, $"/negotiations/{pid}", "OFFERED");
        Assert.Equal(200, (await peer.SendAsync($"/negotiations/{pid}/events", Pids("ContractNegotiationEventMessage", pid, peer.Pid, ("eventType", "ACCEPTED")))).Status);
        var agreement = await peer.HearAsync("ContractAgreementMessage");
        Assert.Equal(200, (await peer.SendAsync($"/negotiations/{pid}/agreement/verification", Pids("ContractAgreementVerificationMessage", pid, peer.Pid))).Status);
        await peer.HearAsync("ContractNegotiationEventMessage");
        await Profile.InStateAsync(peer, $"/negotiations/{pid}", "FINALIZED");

        Assert.Equal(Profile.Us, (string)agreement.Body["agreement"]!["assigner"]!);
        Assert.Equal(Profile.Counterparty, (string)agreement.Body["agreement"]!["assignee"]!);
        Assert.Equal([$"/negotiations/{peer.Pid}/offers", $"/negotiations/{peer.Pid}/agreement", $"/negotiations/{peer.Pid}/events"], peer.All.Select(message => Uri.UnescapeDataString(message.Path)));
        await AllValidAsync(peer);
    }

    [Fact]
    public async Task Provider_CounterOffer_IsAnsweredAsTheScriptSays()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        var pid = await RequestAsync(peer, "urn:d:counter");
        await peer.HearAsync("ContractOfferMessage");

        var (status, _) = await peer.SendAsync($"/negotiations/{pid}/request", Pids("ContractRequestMessage", pid, peer.Pid, ("offer", Offer("urn:d:counter:offer", "urn:d:counter"))));
        await peer.HearAsync("ContractNegotiationTerminationMessage");

        Assert.Equal(200, status);
        await Profile.InStateAsync(peer, $"/negotiations/{pid}", "TERMINATED");
        await AllValidAsync(peer);
    }

    [Theory]
    [InlineData("urn:d:hold", "REQUESTED")]
    [InlineData("urn:d:end", "TERMINATED")]
    [InlineData("urn:d:agree", "AGREED")]
    public async Task Provider_Script_DecidesTheStateAfterARequest(string dataset, string state)
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());

        var pid = await RequestAsync(peer, dataset);

        await Profile.InStateAsync(peer, $"/negotiations/{pid}", state);
        await AllValidAsync(peer);
    }

    [Fact]
    public async Task Consumer_AcceptThenVerify_GoesTheWholeWay()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        var pid = await BeginAsync(peer, "urn:d:consume");

        Assert.Equal(200, (await peer.SendAsync($"/negotiations/{pid}/offers", Pids("ContractOfferMessage", peer.Pid, pid, ("offer", Offer("urn:o", "urn:d:consume"))))).Status);
        Assert.Equal("ACCEPTED", (string)(await peer.HearAsync("ContractNegotiationEventMessage")).Body["eventType"]!);
        Assert.Equal(200, (await peer.SendAsync($"/negotiations/{pid}/agreement", Pids("ContractAgreementMessage", peer.Pid, pid, ("agreement", Agreement("urn:d:consume", Profile.Counterparty, Profile.Us))))).Status);
        await peer.HearAsync("ContractAgreementVerificationMessage");
        Assert.Equal(200, (await peer.SendAsync($"/negotiations/{pid}/events", Pids("ContractNegotiationEventMessage", peer.Pid, pid, ("eventType", "FINALIZED")))).Status);

        await Profile.InStateAsync(peer, $"/negotiations/{pid}", "FINALIZED");
        await AllValidAsync(peer);
    }

    [Fact]
    public async Task Consumer_CounterRequest_GoesToTheProvidersProcess()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        var pid = await BeginAsync(peer, "urn:d:haggle");

        await peer.SendAsync($"/negotiations/{pid}/offers", Pids("ContractOfferMessage", peer.Pid, pid, ("offer", Offer("urn:o", "urn:d:haggle"))));
        var counter = await peer.HearAsync("ContractRequestMessage", 2);

        Assert.Equal($"/negotiations/{peer.Pid}/request", Uri.UnescapeDataString(counter.Path));
        await Profile.InStateAsync(peer, $"/negotiations/{pid}", "REQUESTED");
        await AllValidAsync(peer);
    }

    [Fact]
    public async Task Consumer_UnaskedOffer_OpensANegotiation()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());

        var (status, body) = await peer.SendAsync("/negotiations/offers", Dsp("ContractOfferMessage", ("providerPid", peer.Pid), ("callbackAddress", peer.Address), ("offer", Offer("urn:o", "urn:d:unasked"))));

        Assert.Equal(201, status);
        Assert.Equal("OFFERED", (string)body!["state"]!);
        await schemas.ValidAsync("ContractNegotiation", body);
    }

    [Theory]
    [InlineData("urn:a:complete", "TransferCompletionMessage", "COMPLETED")]
    [InlineData("urn:a:end", "TransferTerminationMessage", "TERMINATED")]
    [InlineData("urn:a:resume", "TransferCompletionMessage", "COMPLETED")]
    [InlineData("urn:a:never", null, "REQUESTED")]
    public async Task ProviderTransfer_Script_DecidesItsCourse(string agreement, string? last, string state)
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());

        var (status, body) = await peer.SendAsync("/transfers/request", Dsp("TransferRequestMessage", ("consumerPid", peer.Pid), ("agreementId", agreement), ("format", "HTTP_PULL"), ("callbackAddress", peer.Address)));

        Assert.Equal(201, status);
        await schemas.ValidAsync("TransferProcess", body!);
        var pid = (string)body!["providerPid"]!;
        if (last is not null)
        {
            await peer.HearAsync(last);
        }

        await Profile.InStateAsync(peer, $"/transfers/{pid}", state);
        await AllValidAsync(peer);
    }

    [Fact]
    public async Task ConsumerTransfer_StartedByTheProvider_DoesAsItsScriptSays()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        using var kit = profile.Host.Anonymous();
        var begun = await kit.PostAsJsonAsync("/conformance/transfers", new { agreementId = "urn:a:mine", format = "HTTP_PULL", providerId = Profile.Counterparty, connectorAddress = peer.Address }, TestContext.Current.CancellationToken);
        Assert.True(begun.IsSuccessStatusCode);
        var pid = (string)(await peer.HearAsync("TransferRequestMessage")).Body["consumerPid"]!;

        Assert.Equal(200, (await peer.SendAsync($"/transfers/{pid}/start", Pids("TransferStartMessage", peer.Pid, pid))).Status);
        await peer.HearAsync("TransferSuspensionMessage");

        await Profile.InStateAsync(peer, $"/transfers/{pid}", "SUSPENDED");
        Assert.Equal(400, (await peer.SendAsync($"/transfers/{pid}/completion", Pids("TransferCompletionMessage", peer.Pid, pid))).Status);
        Assert.Equal(200, (await peer.SendAsync($"/transfers/{pid}/start", Pids("TransferStartMessage", peer.Pid, pid))).Status);
        await peer.HearAsync("TransferCompletionMessage");
        await AllValidAsync(peer);
    }

    [Fact]
    public async Task Request_Repeated_FindsTheSameNegotiation()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());

        Assert.Equal(await RequestAsync(peer, "urn:d:hold"), await RequestAsync(peer, "urn:d:hold"));
    }

    [Fact]
    public async Task Message_OfAnUnknownProcess_Is404WithTheErrorMessage()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());

        var negotiation = await peer.SendAsync("/negotiations/urn:uuid:none/events", Pids("ContractNegotiationEventMessage", "urn:uuid:none", peer.Pid, ("eventType", "ACCEPTED")));
        var transfer = await peer.SendAsync("/transfers/urn:uuid:none/start", Pids("TransferStartMessage", "urn:uuid:none", peer.Pid));

        Assert.Equal(404, negotiation.Status);
        Assert.Equal(404, transfer.Status);
        await schemas.ValidAsync("ContractNegotiationError", negotiation.Body!);
        await schemas.ValidAsync("TransferError", transfer.Body!);
        await schemas.ValidAsync("TransferError", await peer.GetAsync("/transfers/urn:uuid:none"));
    }

    [Theory]
    [InlineData("/dsp/2025-1//catalog//request/")]
    [InlineData("/dsp/2025-1/catalog/request/")]
    [InlineData("//dsp/2025-1/catalog/request")]
    public async Task Path_WithSlashesTooMany_IsFound(string path)
    {
        using var kit = profile.Host.Anonymous();

        using var answer = await kit.PostAsJsonAsync(new Uri(kit.BaseAddress!.ToString().TrimEnd('/') + path), Dsp("CatalogRequestMessage"), TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        await schemas.ValidAsync("Catalog", (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!);
    }

    [Fact]
    public async Task Catalogue_FilterAndUnknownDataset_AreCatalogErrors()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());

        var (status, body) = await peer.SendAsync("/catalog/request", Dsp("CatalogRequestMessage", ("filter", new JsonArray(1))));

        Assert.Equal(400, status);
        await schemas.ValidAsync("CatalogError", body!);
        await schemas.ValidAsync("CatalogError", await peer.GetAsync("/catalog/datasets/urn:none"));
        await schemas.ValidAsync("Dataset", await peer.GetAsync("/catalog/datasets/urn:d:full"));
    }

    [Fact]
    public async Task Catalogue_PageByPage_LeadsForthAndBack()
    {
        using var kit = profile.Host.Anonymous();
        async Task<(string[] Ids, Dictionary<string, string> Links)> ReadAsync(string path)
        {
            using var answer = await kit.PostAsJsonAsync(path, Dsp("CatalogRequestMessage"), TestContext.Current.CancellationToken);
            var catalogue = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
            await schemas.ValidAsync("Catalog", catalogue);
            var links = answer.Headers.TryGetValues("Link", out var values) ? values.SelectMany(value => value.Split(", ")).ToDictionary(value => value.Split('"')[1], value => value.Split('<', '>')[1]) : [];
            return ([.. catalogue["dataset"]!.AsArray().Select(dataset => (string)dataset!["@id"]!)], links);
        }

        var first = await ReadAsync("/dsp/2025-1/catalog/request?limit=3");
        var second = await ReadAsync(first.Links["next"]);
        var third = await ReadAsync(second.Links["next"]);

        Assert.Equal(["next"], first.Links.Keys);
        Assert.Equal(["next", "previous"], second.Links.Keys.Order());
        Assert.Equal(["previous"], third.Links.Keys);
        Assert.Equal(8, first.Ids.Concat(second.Ids).Concat(third.Ids).Distinct().Count());
        Assert.Equal(second.Ids, (await ReadAsync(third.Links["previous"])).Ids);
        Assert.Equal(first.Ids, (await ReadAsync(second.Links["previous"])).Ids);
    }

    [Theory]
    [InlineData("/.well-known/dspace-version")]
    [InlineData("//.well-known/dspace-version/")]
    public async Task Versions_WellKnownDocument_IsAsPublished(string path)
    {
        using var kit = profile.Host.Anonymous();

        var document = (await kit.GetFromJsonAsync<JsonObject>(new Uri(kit.BaseAddress!.ToString().TrimEnd('/') + path), TestContext.Current.CancellationToken))!;

        await schemas.ValidAsync("Version", document);
        Assert.Equal("2025-1", (string)document["protocolVersions"]![0]!["version"]!);
    }

    private async Task<string> RequestAsync(TestPeer peer, string dataset)
    {
        var (status, body) = await peer.SendAsync("/negotiations/request", Dsp("ContractRequestMessage", ("consumerPid", peer.Pid), ("callbackAddress", peer.Address), ("offer", Offer($"{dataset}:offer", dataset))));
        Assert.Equal(201, status);
        await schemas.ValidAsync("ContractNegotiation", body!);
        return (string)body!["providerPid"]!;
    }

    private async Task<string> BeginAsync(TestPeer peer, string dataset)
    {
        using var kit = profile.Host.Anonymous();
        using var begun = await kit.PostAsJsonAsync("/conformance/negotiations", new { datasetId = dataset, offerId = "urn:o", providerId = Profile.Counterparty, connectorAddress = peer.Address }, TestContext.Current.CancellationToken);
        Assert.True(begun.IsSuccessStatusCode);
        return (string)(await peer.HearAsync("ContractRequestMessage")).Body["consumerPid"]!;
    }

    private async Task AllValidAsync(TestPeer peer)
    {
        foreach (var message in peer.All)
        {
            await schemas.ValidAsync(message.Type, message.Body);
        }
    }

    public sealed class Scripted(Infrastructure infrastructure) : IAsyncLifetime
    {
        internal Profile Profile { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Profile = await Profile.StartAsync(
            infrastructure,
            [
                ("urn:d:full", ["REQUESTED offer", "ACCEPTED agree", "VERIFIED finalize"]),
                ("urn:d:counter", ["REQUESTED offer", "REQUESTED terminate"]),
                ("urn:d:agree", ["REQUESTED agree"]),
                ("urn:d:hold", []),
                ("urn:d:end", ["REQUESTED terminate"]),
                ("urn:d:consume", ["OFFERED accept", "AGREED verify"]),
                ("urn:d:haggle", ["OFFERED request"]),
                ("urn:d:unasked", []),
            ],
            [
                ("urn:a:complete", "provider", ["REQUESTED start", "STARTED complete"]),
                ("urn:a:end", "provider", ["REQUESTED terminate"]),
                ("urn:a:resume", "provider", ["REQUESTED start", "STARTED suspend", "SUSPENDED start", "STARTED complete"]),
                ("urn:a:never", "provider", []),
                ("urn:a:mine", "consumer", ["STARTED suspend", "STARTED complete"]),
            ]);

        public ValueTask DisposeAsync() => Profile.DisposeAsync();
    }
}
