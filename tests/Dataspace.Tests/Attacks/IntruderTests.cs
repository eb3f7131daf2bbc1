using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;
using static LivingCity.Dataspace.Tests.Hosting.ConnectorPair;
using static LivingCity.Dataspace.Tests.Hosting.Messages;

namespace LivingCity.Dataspace.Tests.Attacks;

/// <summary>Somebody who is no party: other cities, other participants, strangers, and bodies that are meant to hurt.</summary>
public sealed class IntruderTests(ConnectorPair pair, Infrastructure infrastructure) : IClassFixture<ConnectorPair>
{
    [Fact]
    public async Task Process_OfOthers_IsNotThereForAKnownParticipant()
    {
        await IntroduceMalloryAsync();
        var negotiation = await pair.NegotiateAsync($"{Dataset}:offer");
        var agreement = (string)negotiation["agreementId"]!;
        await pair.TransferAsync(agreement);
        var theirs = await pair.Sofia.ScalarAsync<string>($"SELECT id FROM negotiation WHERE peer_pid = '{(string)negotiation["id"]!}'", "sofia");
        var transfer = await pair.Sofia.ScalarAsync<string>($"SELECT id FROM transfer WHERE agreement_id = '{agreement}'", "sofia");
        using var mallory = Mallory();

        var answers = new[]
        {
            await mallory.GetAsync($"/dsp/2025-1/negotiations/{theirs}", TestContext.Current.CancellationToken),
            await mallory.PostAsJsonAsync($"/dsp/2025-1/negotiations/{theirs}/termination", Pids("ContractNegotiationTerminationMessage", theirs!, "urn:m"), TestContext.Current.CancellationToken),
            await mallory.GetAsync($"/dsp/2025-1/transfers/{transfer}", TestContext.Current.CancellationToken),
            await mallory.PostAsJsonAsync($"/dsp/2025-1/transfers/{transfer}/termination", Pids("TransferTerminationMessage", transfer!, "urn:m"), TestContext.Current.CancellationToken),
            await mallory.PostAsJsonAsync("/dsp/2025-1/transfers/request", Dsp("TransferRequestMessage", ("consumerPid", "urn:m"), ("agreementId", agreement), ("format", "HttpData-PULL"), ("callbackAddress", "https://example.org/")), TestContext.Current.CancellationToken),
            await mallory.GetAsync($"/dsp/2025-1/ledgers/{agreement}", TestContext.Current.CancellationToken),
        };

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.Equal("FINALIZED", await pair.Sofia.ScalarAsync<string>($"SELECT state FROM negotiation WHERE id = '{theirs}'", "sofia"));
        Assert.Equal("STARTED", await pair.Sofia.ScalarAsync<string>($"SELECT state FROM transfer WHERE id = '{transfer}'", "sofia"));
    }

    [Fact]
    public async Task Stranger_WithoutATokenOrWithOneOfNobody_IsAnsweredWith401()
    {
        using var anonymous = pair.Sofia.Anonymous();
        var token = infrastructure.Issuer.Describe("sofia", "data-officer");
        token.Claims["azp"] = "client-that-no-peer-has";
        using var nobody = pair.Sofia.With(TestIssuer.Sign(token));

        foreach (var client in (HttpClient[])[anonymous, nobody])
        {
            using var read = await client.GetAsync("/dsp/2025-1/negotiations/urn:uuid:x", TestContext.Current.CancellationToken);
            using var write = await client.PostAsJsonAsync("/dsp/2025-1/negotiations/request", new JsonObject(), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, read.StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, write.StatusCode);
        }
    }

    [Fact]
    public async Task PeerThatWasShutOut_IsNobodyWithinASecond()
    {
        await IntroduceMalloryAsync();
        using var mallory = Mallory();
        using var admin = pair.Sofia.As("sofia", "city-admin");
        Assert.Equal(HttpStatusCode.NotFound, (await mallory.GetAsync("/dsp/2025-1/negotiations/urn:uuid:x", TestContext.Current.CancellationToken)).StatusCode);

        await admin.PutAsJsonAsync("/api/dataspace/v1/peers/urn:mallory", new { name = "Mallory", client = "connector-mallory", active = false }, TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(async () => (await mallory.GetAsync("/dsp/2025-1/negotiations/urn:uuid:x")).StatusCode == HttpStatusCode.Unauthorized, "Mallory is nobody", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task OtherCity_SeesNothingOfSofias()
    {
        var (agreement, transfer) = await pair.ContractAsync(Permission());
        var theirs = await pair.Sofia.ScalarAsync<string>($"SELECT id FROM transfer WHERE agreement_id = '{agreement}'", "sofia");
        using var foreigner = pair.Sofia.As("sant-boi", "data-officer", "city-admin");

        Assert.Equal("[]", await foreigner.GetStringAsync("/api/dataspace/v1/agreements", TestContext.Current.CancellationToken));
        foreach (var path in (string[])[$"agreements/{agreement}", $"transfers/{theirs}", $"agreements/{agreement}/ledger", $"agreements/{agreement}/ledger/check", $"offers/{Dataset}:offer"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await foreigner.GetAsync($"/api/dataspace/v1/{path}", TestContext.Current.CancellationToken)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await foreigner.PostAsync($"/api/dataspace/v1/agreements/{agreement}/termination", null, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(200, (await pair.FetchAsync(transfer)).Status);
    }

    [Fact]
    public async Task Token_OfAnotherTransferOrMadeUp_OpensNothing()
    {
        var (_, first) = await pair.ContractAsync(Permission());
        var (_, second) = await pair.ContractAsync(Permission());
        var (endpoint, token) = await AddressAsync(first);
        var (other, _) = await AddressAsync(second);
        using var client = pair.Sofia.Anonymous();

        foreach (var (address, bearer) in ((string, string)[])[(other, token), (endpoint, "sofia." + new string('0', 64)), (endpoint, token.Replace("sofia", "sant-boi", StringComparison.Ordinal)), (endpoint, token + "x"), (endpoint, "."), (endpoint, "")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task OurToken_IsGivenToNoAddressButTheRegisteredOne()
    {
        await using var trap = await TestPeer.StartAsync(pair.Sofia.Anonymous());
        using var officer = pair.SantBoi.As("sant-boi", "data-officer");

        using var begun = await officer.PostAsJsonAsync("/api/dataspace/v1/negotiations", new { datasetId = "urn:d", offerId = "urn:o", providerId = SofiaId, connectorAddress = trap.Address, policy = Permission() }, TestContext.Current.CancellationToken);

        Assert.True(begun.IsSuccessStatusCode);
        Assert.Null((await trap.HearAsync("ContractRequestMessage")).Authorization);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"@context\": 5, \"@context\": 6}")]
    [InlineData("deep")]
    [InlineData("large")]
    public async Task Body_ThatIsNoMessage_IsRefusedWithTheErrorMessage(string body)
    {
        await IntroduceMalloryAsync();
        body = body switch { "deep" => string.Concat(Enumerable.Repeat("{\"a\":", 500)) + "1" + new string('}', 500), "large" => $"{{\"a\": \"{new string('x', 400_000)}\"}}", _ => body };
        using var mallory = Mallory();

        foreach (var path in (string[])["negotiations/request", "negotiations/offers", "transfers/request", "catalog/request"])
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await mallory.PostAsync($"/dsp/2025-1/{path}", content, TestContext.Current.CancellationToken);
            Assert.Contains((int)answer.StatusCode, new[] { 400, 413 });
            Assert.EndsWith("Error", (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["@type"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Policy_ThatIsTooLarge_IsRefused()
    {
        using var officer = pair.Sofia.As("sofia", "data-officer");
        JsonObject Nested(int depth) => depth == 0 ? Constraint("http://www.w3.org/ns/odrl/2/count", "lteq", "5") : new JsonObject { ["and"] = new JsonArray(Nested(depth - 1)) };
        var wide = Permission([.. Enumerable.Range(0, 500).Select(_ => Constraint("http://www.w3.org/ns/odrl/2/count", "lteq", "5"))]);

        foreach (var policy in (JsonObject[])[Permission(Nested(12)), wide])
        {
            using var answer = await officer.PostAsJsonAsync("/api/dataspace/v1/offers", new { datasetId = Dataset, policy, approval = "automatic" }, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    private HttpClient Mallory()
    {
        var token = infrastructure.Issuer.Describe("mallory", "data-officer");
        token.Claims["azp"] = "connector-mallory";
        return pair.Sofia.With(TestIssuer.Sign(token));
    }

    private async Task IntroduceMalloryAsync()
    {
        using var admin = pair.Sofia.As("sofia", "city-admin");
        using var answer = await admin.PutAsJsonAsync("/api/dataspace/v1/peers/urn:mallory", new { name = "Mallory", client = "connector-mallory" });
        Assert.True(answer.IsSuccessStatusCode);
        using var mallory = Mallory();
        await Eventually.TrueAsync(async () => (await mallory.GetAsync("/dsp/2025-1/negotiations/urn:uuid:x")).StatusCode == HttpStatusCode.NotFound, "Mallory is known");
    }

    private async Task<(string Endpoint, string Token)> AddressAsync(string transfer)
    {
        var address = JsonNode.Parse((await pair.SantBoi.ScalarAsync<string>($"SELECT data_address::text FROM transfer WHERE id = '{transfer}'", "sant-boi"))!)!;
        return ((string)address["endpoint"]!, (string)address["endpointProperties"]!.AsArray().Single(property => (string)property!["name"]! == "authorization")!["value"]!);
    }
}
