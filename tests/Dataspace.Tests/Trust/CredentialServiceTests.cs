using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;

namespace LivingCity.Dataspace.Tests.Trust;

/// <summary>The connector's own side: its DID document, its credential service, and whole negotiations between two that were never introduced.</summary>
public sealed class CredentialServiceTests(TrustFixture trust) : IClassFixture<TrustFixture>
{
    [Fact]
    public async Task DidDocument_NamesTheKeyAndTheServices()
    {
        using var anyone = trust.Host.Anonymous();

        var document = (await anyone.GetFromJsonAsync<JsonObject>("/.well-known/did.json", TestContext.Current.CancellationToken))!;
        var samePath = (await anyone.GetFromJsonAsync<JsonObject>("/sofia/did.json", TestContext.Current.CancellationToken))!;
        var versions = (await anyone.GetFromJsonAsync<JsonObject>("/.well-known/dspace-version", TestContext.Current.CancellationToken))!;

        Assert.True(JsonNode.DeepEquals(document, samePath));
        Assert.Equal(trust.Did, (string)document["id"]!);
        var key = document["verificationMethod"]!.AsArray().Single()!;
        Assert.Equal(["crv", "kid", "kty", "x", "y"], key["publicKeyJwk"]!.AsObject().Select(member => member.Key).Order());
        Assert.All((string[])["authentication", "assertionMethod", "capabilityInvocation"], use => Assert.Equal((string)key["id"]!, (string)document[use]!.AsArray().Single()!));
        Assert.Equal(["CredentialService", "DataService"], document["service"]!.AsArray().Select(service => (string)service!["type"]!).Order());
        Assert.Equal(["DCP", "OAuth"], versions["protocolVersions"]!.AsArray().Select(version => (string)version!["auth"]!["protocol"]!).Order());
    }

    [Fact]
    public async Task Query_WithAnAccessTokenOfOurs_ShowsWhatItGrantsAndNothingElse()
    {
        var (reader, access) = await AccessAsync();

        var (status, answer) = await QueryAsync(reader, access, new JsonArray("org.eclipse.dspace.dcp.vc.type:MembershipCredential", "org.eclipse.dspace.dcp.vc.type:HealthCredential"));

        Assert.Equal(200, status);
        Assert.Equal("PresentationResponseMessage", (string)answer!["type"]!);
        var presentation = new JsonWebToken((string)answer["presentation"]!.AsArray().Single()!);
        Assert.Equal((trust.Did, reader.Did, "vp+jwt"), (presentation.Issuer, presentation.Audiences.Single(), presentation.Typ));
        var shown = JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(presentation.EncodedPayload))!["verifiableCredential"]!.AsArray();
        var credential = new JsonWebToken(((string)shown.Single()!["id"]!)["data:application/vc+jwt,".Length..]);
        var claims = JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(credential.EncodedPayload))!;
        Assert.Equal((trust.Did, "MembershipCredential"), ((string)claims["credentialSubject"]!["id"]!, (string)claims["type"]![1]!));
    }

    [Fact]
    public async Task Query_ThatIsNotAsItMustBe_ShowsNothing()
    {
        var (reader, access) = await AccessAsync();
        var another = trust.World.Actor("another-reader");
        var scope = () => new JsonArray("org.eclipse.dspace.dcp.vc.type:MembershipCredential");

        Assert.Equal(401, (await QueryAsync(another, access, scope())).Status); // given to somebody else
        Assert.Equal(401, (await QueryAsync(reader, "made up", scope())).Status);
        Assert.Equal(401, (await QueryAsync(reader, reader.Sign(reader.Claims(trust.Did)), scope())).Status); // the reader's own, not ours
        Assert.Equal(401, (await QueryAsync(reader, null, scope())).Status);
        Assert.Equal(400, (await QueryAsync(reader, access, null)).Status);
        Assert.Equal(501, (await QueryAsync(reader, access, null, new JsonObject { ["presentationDefinition"] = new JsonObject() })).Status);
        Assert.Equal(400, (await QueryAsync(reader, access, scope(), new JsonObject { ["presentationDefinition"] = new JsonObject() })).Status);
        Assert.Empty((await QueryAsync(reader, access, new JsonArray("org.eclipse.dspace.dcp.vc.type:HealthCredential"))).Body!["presentation"]!.AsArray());
        using var anonymous = trust.Host.Anonymous();
        using var answer = await anonymous.PostAsJsonAsync("/dcp/v1.0/presentations/query", new { type = "PresentationQueryMessage" }, TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Credential_ThatOthersWouldRefuse_IsNotKept()
    {
        using var admin = trust.Host.As("sofia", "city-admin");
        using var officer = trust.Host.As("sofia", "data-officer");
        var (issuer, stranger) = (trust.Issuer, trust.World.Actor("stranger"));
        foreach (var jwt in (string[])["not a token", stranger.Sign(stranger.Credential("MembershipCredential", trust.Did)), issuer.Sign(issuer.Credential("MembershipCredential", stranger.Did)), issuer.Sign(issuer.Credential("MembershipCredential", trust.Did, status: issuer.Status(7)))])
        {
            using var refused = await admin.PostAsJsonAsync("/api/dataspace/v1/trust/credentials", new { jwt }, TestContext.Current.CancellationToken);
            Assert.Equal(400, (int)refused.StatusCode);
            Assert.Contains("\"jwt\"", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        using var notHers = await officer.PostAsJsonAsync("/api/dataspace/v1/trust/credentials", new { jwt = "x" }, TestContext.Current.CancellationToken);
        Assert.Equal(403, (int)notHers.StatusCode);
        var view = (await officer.GetFromJsonAsync<JsonObject>("/api/dataspace/v1/trust", TestContext.Current.CancellationToken))!;
        Assert.Equal(["CityCredential", "MembershipCredential"], view["credentials"]!.AsArray().Select(credential => (string)credential!["type"]!));
        Assert.DoesNotContain("jwt", view.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Negotiation_BetweenTwoWhoWereNeverIntroduced_IsFinalizedOnTheWordOfTheIssuer()
    {
        await using var consumer = await trust.ConnectorAsync("sant-boi");
        using var provider = trust.Host.As("sofia", "data-officer");
        var dataset = $"urn:dataset:{Guid.NewGuid()}";
        using var made = await provider.PostAsJsonAsync("/api/dataspace/v1/datasets", new { id = dataset, title = new { en = "x" }, description = new { en = "x" }, url = "https://example.org/data.csv", mediaType = "text/csv", license = "urn:l" }, TestContext.Current.CancellationToken);
        using var offered = await provider.PostAsJsonAsync("/api/dataspace/v1/offers", new { datasetId = dataset, policy = ConnectorPair.Permission(), approval = "automatic" }, TestContext.Current.CancellationToken);
        var offer = (string)(await offered.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["id"]!;
        using var officer = consumer.As("sant-boi", "data-officer");

        using var begun = await officer.PostAsJsonAsync("/api/dataspace/v1/negotiations", new { datasetId = dataset, offerId = offer, providerId = trust.Did, connectorAddress = $"{provider.BaseAddress}dsp/2025-1" }, TestContext.Current.CancellationToken);

        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var id = (string)(await begun.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["id"]!;
        JsonObject? negotiation = null;
        await LivingCity.Testing.Eventually.TrueAsync(async () => (string)(negotiation = await officer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/negotiations/{id}"))!["state"]! == "FINALIZED", "the negotiation is finalized");
        var theirs = (await provider.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/negotiations", TestContext.Current.CancellationToken))!;
        Assert.Contains(theirs, other => (string)other!["peer"]! == trust.World.Did("sant-boi") && (string)other["state"]! == "FINALIZED" && (string)other["agreementId"]! == (string)negotiation!["agreementId"]!);
        Assert.Equal(0L, await trust.Host.ScalarAsync<long>("SELECT count(*) FROM peer WHERE active"));
    }

    [Fact]
    public async Task Token_ForAPeer_GoesToNoOtherAddressThanItsOwn()
    {
        await using var trap = await TestPeer.StartAsync(trust.Host.Anonymous());
        var victim = trust.Member();
        victim.Document["service"]!.AsArray().Add(new JsonObject { ["id"] = "#data", ["type"] = "DataService", ["serviceEndpoint"] = "http://127.0.0.1:1/" });
        using var officer = trust.Host.As("sofia", "data-officer");

        using var begun = await officer.PostAsJsonAsync("/api/dataspace/v1/negotiations", new { datasetId = "urn:d", offerId = "urn:o", providerId = victim.Did, connectorAddress = trap.Address, policy = ConnectorPair.Permission() }, TestContext.Current.CancellationToken);

        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Null((await trap.HearAsync("ContractRequestMessage")).Authorization);
    }

    /// <summary>A reader to whom the connector has given access, by calling it.</summary>
    private async Task<(DidActor Reader, string Access)> AccessAsync()
    {
        await using var server = await TestPeer.StartAsync(trust.Host.Anonymous());
        var reader = trust.Member();
        reader.Document["service"]!.AsArray().Add(new JsonObject { ["id"] = "#data", ["type"] = "DataService", ["serviceEndpoint"] = server.Address });
        using var officer = trust.Host.As("sofia", "data-officer");
        using var begun = await officer.PostAsJsonAsync("/api/dataspace/v1/negotiations", new { datasetId = "urn:d", offerId = "urn:o", providerId = reader.Did, connectorAddress = server.Address, policy = ConnectorPair.Permission() }, TestContext.Current.CancellationToken);
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var token = new JsonWebToken((await server.HearAsync("ContractRequestMessage")).Authorization!["Bearer ".Length..]);
        Assert.Equal((trust.Did, reader.Did), (token.Issuer, token.Audiences.Single()));
        return (reader, token.GetClaim("token").Value);
    }

    private async Task<(int Status, JsonObject? Body)> QueryAsync(DidActor reader, string? access, JsonArray? scope, JsonObject? more = null)
    {
        var claims = reader.Claims(trust.Did);
        claims["token"] = access;
        var query = more ?? [];
        query["@context"] = new JsonArray(DidActor.DcpContext);
        query["type"] = "PresentationQueryMessage";
        if (scope is not null)
        {
            query["scope"] = scope;
        }

        using var client = trust.Host.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", reader.Sign(claims));
        using var answer = await client.PostAsJsonAsync("/dcp/v1.0/presentations/query", query);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()) as JsonObject);
    }
}
