using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;
using static LivingCity.Dataspace.Tests.Hosting.ConnectorPair;
using static LivingCity.Dataspace.Tests.Hosting.Messages;

namespace LivingCity.Dataspace.Tests.Trust;

/// <summary>Offers for those whose credentials say what the policy asks: in the catalogue, in negotiations, at the start of transfers and at each request for data.</summary>
public sealed class CredentialPolicyTests(TrustFixture trust) : IClassFixture<TrustFixture>, IAsyncLifetime
{
    private const string Dataset = "urn:test:for-members";
    private const string City = "urn:living-city:odrl:claim:CityCredential:country";

    private readonly string name = $"city-{Guid.NewGuid():N}";
    private ServiceHost<Program> host = null!;
    private string offer = "";

    public async ValueTask InitializeAsync()
    {
        host = await trust.ConnectorAsync(name, null, ("Trust:Asks:0", "CityCredential"));
        trust.World.Text("a-file", "what only Bulgarian cities may have");
        using var officer = host.As(name, "data-officer");
        using var added = await officer.PostAsJsonAsync("/api/dataspace/v1/datasets", new { id = Dataset, title = new { en = "A file" }, description = new { en = "For some." }, url = $"{trust.World.Address}/a-file", mediaType = "text/plain", theme = "TECH", license = "urn:l" });
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        using var made = await officer.PostAsJsonAsync("/api/dataspace/v1/offers", new { datasetId = Dataset, policy = Permission(Constraint(City, "eq", "BG")), approval = "automatic" });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        offer = (string)(await made.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Catalogue_OfferForSome_IsSeenByThemAlone()
    {
        var (bulgarian, spanish, member) = (Member("BG"), Member("ES"), Member(null));

        Assert.True(await SeesAsync(bulgarian.Sign(bulgarian.Claims(Us))));
        Assert.False(await SeesAsync(spanish.Sign(spanish.Claims(Us))));
        Assert.False(await SeesAsync(member.Sign(member.Claims(Us))));
        Assert.False(await SeesAsync(null));
        Assert.False(await SeesAsync(bulgarian.Sign(bulgarian.Claims("did:web:another.example"))));
    }

    [Theory]
    [InlineData("BG", "ContractAgreementMessage")]
    [InlineData("ES", "ContractNegotiationTerminationMessage")]
    [InlineData(null, "ContractNegotiationTerminationMessage")]
    public async Task Negotiation_IsConcludedWithThoseWhoseCredentialsSayIt(string? country, string answer)
    {
        var member = Member(country);
        await using var side = await TestPeer.StartAsync(host.Anonymous());

        var (status, _) = await SendAsync(member, "/negotiations/request", Dsp("ContractRequestMessage", ("consumerPid", side.Pid), ("callbackAddress", side.Address), ("offer", Terms())));

        Assert.Equal(201, status);
        var heard = await side.HearAsync(answer);
        Assert.Equal(country != "BG", heard.Body.ToJsonString().Contains("CityCredential:country", StringComparison.Ordinal) && heard.Type == "ContractNegotiationTerminationMessage");
    }

    [Fact]
    public async Task Negotiation_ThatLeavesTheConditionOut_IsAnsweredWithTheOffer()
    {
        var member = Member("ES");
        await using var side = await TestPeer.StartAsync(host.Anonymous());

        await SendAsync(member, "/negotiations/request", Dsp("ContractRequestMessage", ("consumerPid", side.Pid), ("callbackAddress", side.Address), ("offer", Messages.Offer(offer, Dataset))));
        var theirs = await side.HearAsync("ContractOfferMessage");
        await SendAsync(member, $"/negotiations/{(string)theirs.Body["providerPid"]!}/events", Pids("ContractNegotiationEventMessage", (string)theirs.Body["providerPid"]!, side.Pid, ("eventType", "ACCEPTED")));

        // To accept the offer helps nobody who may not have it.
        await side.HearAsync("ContractNegotiationTerminationMessage");
        Assert.DoesNotContain(side.All, message => message.Type == "ContractAgreementMessage");
    }

    [Fact]
    public async Task Use_EndsWhenTheCredentialDoes_AndNoTransferStartsAfter()
    {
        var member = Member("BG", index: 11);
        await using var side = await TestPeer.StartAsync(host.Anonymous());
        var agreement = await AgreeAsync(member, side);
        await SendAsync(member, "/transfers/request", Dsp("TransferRequestMessage", ("consumerPid", side.Pid), ("agreementId", agreement), ("format", "HttpData-PULL"), ("callbackAddress", side.Address)));
        var address = (await side.HearAsync("TransferStartMessage")).Body["dataAddress"]!;
        using var plane = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", (string)address["endpointProperties"]![0]!["value"]!) } };
        Assert.Equal("what only Bulgarian cities may have", await plane.GetStringAsync(new Uri((string)address["endpoint"]!), TestContext.Current.CancellationToken));

        trust.Issuer.PublishStatus("suspension", set: [9, 11]);
        using var refused = await plane.GetAsync(new Uri((string)address["endpoint"]!), TestContext.Current.CancellationToken);
        trust.World.Answers.TryRemove("authority/status/suspension", out _);
        using var unknown = await plane.GetAsync(new Uri((string)address["endpoint"]!), TestContext.Current.CancellationToken);
        trust.Issuer.PublishStatus("suspension", set: [9]);
        using var again = await plane.GetAsync(new Uri((string)address["endpoint"]!), TestContext.Current.CancellationToken);

        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Contains("CityCredential:country", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(403, (int)unknown.StatusCode); // a status that cannot be read
        Assert.Equal(200, (int)again.StatusCode);

        // It shows another credential now: the agreement alone opens nothing.
        member.Held[1] = OfCity(member, "ES");
        await SendAsync(member, "/transfers/request", Dsp("TransferRequestMessage", ("consumerPid", $"urn:uuid:{Guid.NewGuid()}"), ("agreementId", agreement), ("format", "HttpData-PULL"), ("callbackAddress", side.Address)));
        await side.HearAsync("TransferTerminationMessage");
        using var shown = await plane.GetAsync(new Uri((string)address["endpoint"]!), TestContext.Current.CancellationToken);
        Assert.Equal(403, (int)shown.StatusCode);
    }

    [Fact]
    public async Task Use_ByWhoWasShutOut_IsRefused()
    {
        var member = Member("BG");
        await using var side = await TestPeer.StartAsync(host.Anonymous());
        var agreement = await AgreeAsync(member, side);
        await SendAsync(member, "/transfers/request", Dsp("TransferRequestMessage", ("consumerPid", side.Pid), ("agreementId", agreement), ("format", "HttpData-PULL"), ("callbackAddress", side.Address)));
        var address = (await side.HearAsync("TransferStartMessage")).Body["dataAddress"]!;
        using var admin = host.As(name, "city-admin");
        using var plane = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", (string)address["endpointProperties"]![0]!["value"]!) } };

        using var shut = await admin.PutAsJsonAsync($"/api/dataspace/v1/peers/{Uri.EscapeDataString(member.Did)}", new { name = "Shut out", active = false }, TestContext.Current.CancellationToken);

        Assert.True(shut.IsSuccessStatusCode);
        await Eventually.EqualAsync(403, async () =>
        {
            using var answer = await plane.GetAsync(new Uri((string)address["endpoint"]!));
            return (int)answer.StatusCode;
        });
    }

    private string Us => trust.World.Did(name);

    /// <summary>A member, with a credential of its city in this country where there is one.</summary>
    private DidActor Member(string? country, int index = 3)
    {
        var member = trust.Member();
        member.Audience = Us;
        if (country is not null)
        {
            member.Held.Add(OfCity(member, country, index));
        }

        return member;
    }

    private string OfCity(DidActor member, string country, int index = 3) => trust.Issuer.Sign(trust.Issuer.Credential("CityCredential", member.Did, new JsonObject { ["country"] = country }, trust.Issuer.Status(index, "suspension")));

    private JsonObject Terms() => Messages.Offer(offer, Dataset, new JsonArray(new JsonObject { ["action"] = "use", ["constraint"] = new JsonArray(Constraint(City, "eq", "BG")) }));

    private async Task<string> AgreeAsync(DidActor member, TestPeer side)
    {
        await SendAsync(member, "/negotiations/request", Dsp("ContractRequestMessage", ("consumerPid", side.Pid), ("callbackAddress", side.Address), ("offer", Terms())));
        var agreed = (await side.HearAsync("ContractAgreementMessage")).Body;
        var pid = (string)agreed["providerPid"]!;
        Assert.Equal(200, (await SendAsync(member, $"/negotiations/{pid}/agreement/verification", Pids("ContractAgreementVerificationMessage", pid, side.Pid))).Status);
        await side.HearAsync("ContractNegotiationEventMessage");
        return (string)agreed["agreement"]!["@id"]!;
    }

    /// <summary>Each call needs a token of its own.</summary>
    private async Task<(int Status, string Text)> SendAsync(DidActor member, string path, JsonObject message)
    {
        using var client = host.With(member.Sign(member.Claims(Us)));
        using var answer = await client.PostAsJsonAsync($"/dsp/2025-1{path}", message);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<bool> SeesAsync(string? token)
    {
        using var client = token is null ? host.Anonymous() : host.With(token);
        using var answer = await client.PostAsJsonAsync("/dsp/2025-1/catalog/request", Dsp("CatalogRequestMessage"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadAsStringAsync()).Contains(Dataset, StringComparison.Ordinal);
    }
}
