using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;

namespace LivingCity.Dataspace.Tests.Trust;

/// <summary>Credentials are asked for, issued, delivered and taken back between two connectors; and what somebody else might try at either side.</summary>
public sealed class IssuanceTests(TrustFixture trust) : IClassFixture<TrustFixture>
{
    private const string Membership = "MembershipCredential";
    private const string City = "CityCredential";

    [Fact]
    public async Task Request_ThatAPersonApproves_BringsCredentialsThatCanBeTakenBack()
    {
        var (authority, holder, authorityDid) = await PairAsync();
        await using var one = authority;
        await using var other = holder;
        using var asking = holder.As("varna", "city-admin");
        using var deciding = authority.As("council", "city-admin");

        using var asked = await asking.PostAsJsonAsync("/api/dataspace/v1/trust/requests", new { issuer = authorityDid, types = new[] { Membership, City } }, TestContext.Current.CancellationToken);
        Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var received = Assert.Single((await deciding.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/trust/issuances", TestContext.Current.CancellationToken))!)!;
        Assert.Equal((trust.World.Did("varna"), "RECEIVED"), ((string)received["holder"]!, (string)received["status"]!));
        var decision = $"/api/dataspace/v1/trust/issuances/{(string)received["id"]!}";
        using var beside = await deciding.PostAsJsonAsync($"{decision}/approval", new { claims = new Dictionary<string, object> { ["HealthCredential"] = new { healthy = true } } }, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)beside.StatusCode);
        using var approved = await deciding.PostAsJsonAsync($"{decision}/approval", new { claims = new Dictionary<string, object> { [City] = new { country = "BG" } } }, TestContext.Current.CancellationToken);
        Assert.True(approved.IsSuccessStatusCode, await approved.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        await Eventually.TrueAsync(async () => (string)(await asking.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/trust/requests"))![0]!["status"]! == "ISSUED", "the credentials have come");
        var held = (await asking.GetFromJsonAsync<JsonObject>("/api/dataspace/v1/trust", TestContext.Current.CancellationToken))!["credentials"]!.AsArray().Where(credential => (string)credential!["issuer"]! == authorityDid).Select(credential => (string)credential!["type"]!);
        Assert.Equal([City, Membership], held.Order());
        await Eventually.TrueAsync(async () => (bool)(await deciding.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/trust/issuances"))![0]!["isDelivered"]!, "the issuer knows that they have");
        using var twice = await deciding.PostAsJsonAsync($"{decision}/refusal", new { reason = "Too late." }, TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)twice.StatusCode);

        var jwt = await holder.ScalarAsync<string>($"SELECT jwt FROM held_credential WHERE issuer = '{authorityDid}' AND type = '{City}'");
        Assert.Equal("BG", (string)JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(new JsonWebToken(jwt).EncodedPayload))!["credentialSubject"]!["country"]!);
        using var good = await asking.PostAsJsonAsync("/api/dataspace/v1/trust/credentials", new { jwt }, TestContext.Current.CancellationToken);
        Assert.Null((await deciding.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/trust/issuances", TestContext.Current.CancellationToken))![0]!["revokedAt"]);
        using var revoked = await deciding.PostAsync($"{decision}/revocation", null, TestContext.Current.CancellationToken);
        using var bad = await asking.PostAsJsonAsync("/api/dataspace/v1/trust/credentials", new { jwt }, TestContext.Current.CancellationToken);
        Assert.Equal((200, 204, 400), ((int)good.StatusCode, (int)revoked.StatusCode, (int)bad.StatusCode));
        Assert.NotNull((await deciding.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/trust/issuances", TestContext.Current.CancellationToken))![0]!["revokedAt"]);
        Assert.Contains("revoked", await bad.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatAPersonRefuses_TellsWhy_AndAnOfferIsTakenUp()
    {
        var (authority, holder, authorityDid) = await PairAsync();
        await using var one = authority;
        await using var other = holder;
        using var asking = holder.As("varna", "city-admin");
        using var deciding = authority.As("council", "city-admin");

        using var asked = await asking.PostAsJsonAsync("/api/dataspace/v1/trust/requests", new { issuer = authorityDid, types = new[] { Membership } }, TestContext.Current.CancellationToken);
        var received = (await deciding.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/trust/issuances", TestContext.Current.CancellationToken))![0]!;
        using var refused = await deciding.PostAsJsonAsync($"/api/dataspace/v1/trust/issuances/{(string)received["id"]!}/refusal", new { reason = "Not a member yet." }, TestContext.Current.CancellationToken);

        Assert.True(refused.IsSuccessStatusCode);
        await Eventually.TrueAsync(async () => (string?)(await asking.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/trust/requests"))![0]!["reason"] == "Not a member yet.", "the refusal has come with its reason");
        using var unknown = await asking.PostAsJsonAsync("/api/dataspace/v1/trust/requests", new { issuer = authorityDid, types = new[] { "HealthCredential" } }, TestContext.Current.CancellationToken);
        using var stranger = await asking.PostAsJsonAsync("/api/dataspace/v1/trust/requests", new { issuer = trust.World.Actor("stranger").Did, types = new[] { Membership } }, TestContext.Current.CancellationToken);
        Assert.Equal((400, 400), ((int)unknown.StatusCode, (int)stranger.StatusCode));

        Assert.Equal(200, (await SendAsync(holder, "varna", trust.Issuer, "/dcp/v1.0/offers", Offer(trust.Issuer), listed: [Membership])).Status);
        Assert.Equal(2, (await asking.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/trust/requests", TestContext.Current.CancellationToken))!.Count);
    }

    [Fact]
    public async Task Delivery_ThatIsGivenUp_IsNotShownAsDelivered()
    {
        var (authority, holder, authorityDid) = await PairAsync();
        await using var one = authority;
        using (var asking = holder.As("varna", "city-admin"))
        {
            using var asked = await asking.PostAsJsonAsync("/api/dataspace/v1/trust/requests", new { issuer = authorityDid, types = new[] { Membership } }, TestContext.Current.CancellationToken);
            Assert.True(asked.IsSuccessStatusCode);
        }

        await holder.DisposeAsync();
        Assert.Equal(49, await authority.ScalarAsync<int>("UPDATE issuance SET attempts = 49 RETURNING attempts"));
        using var deciding = authority.As("council", "city-admin");
        var id = (string)(await deciding.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/trust/issuances", TestContext.Current.CancellationToken))![0]!["id"]!;
        using var approved = await deciding.PostAsJsonAsync($"/api/dataspace/v1/trust/issuances/{id}/approval", new { }, TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => authority.ScalarAsync<bool>("SELECT attempts = 50 AND due_at IS NULL FROM issuance"), "the delivery is given up");
        Assert.False((bool)(await deciding.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/trust/issuances", TestContext.Current.CancellationToken))![0]!["isDelivered"]!);
    }

    [Fact]
    public async Task Metadata_ListsWhatIsIssued_WithASchemaAndASignedStatusList()
    {
        var (authority, holder, authorityDid) = await PairAsync();
        await using var one = authority;
        await using var other = holder;
        using var anyone = authority.Anonymous();

        var document = (await anyone.GetFromJsonAsync<JsonObject>("/.well-known/did.json", TestContext.Current.CancellationToken))!;
        var service = (string)document["service"]!.AsArray().Single(entry => (string)entry!["type"]! == "IssuerService")!["serviceEndpoint"]!;
        var metadata = (await anyone.GetFromJsonAsync<JsonObject>($"{service}/metadata", TestContext.Current.CancellationToken))!;
        var supported = metadata["credentialsSupported"]!.AsArray();

        Assert.Equal(("IssuerMetadata", authorityDid), ((string)metadata["type"]!, (string)metadata["issuer"]!));
        Assert.Equal([City, Membership], supported.Select(one => (string)one!["credentialType"]!).Order());
        Assert.All(supported, one => Assert.Equal(["bindingMethods", "credentialSchema", "credentialType", "id", "issuancePolicy", "offerReason", "profile", "type"], one!.AsObject().Select(member => member.Key).Order()));
        Assert.Equal("object", (string)(await anyone.GetFromJsonAsync<JsonObject>((string)supported[0]!["credentialSchema"]!, TestContext.Current.CancellationToken))!["type"]!);
        Assert.Equal(authorityDid, (string)JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(new JsonWebToken(await anyone.GetStringAsync($"{service}/status/revocation", TestContext.Current.CancellationToken)).EncodedPayload))!["issuer"]!);
        using var notAnIssuer = trust.Host.Anonymous();
        Assert.Equal(404, (int)(await notAnIssuer.GetAsync("/dcp/v1.0/issuer/metadata", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task IssuerService_ForStrangersAndNonsense_GivesNothing()
    {
        var (authority, holder, authorityDid) = await PairAsync();
        await using var one = authority;
        await using var other = holder;
        var (member, another) = (trust.Member(), trust.Member());
        JsonObject Request(string id) => Dcp("CredentialRequestMessage", ("holderPid", "urn:uuid:mine"), ("credentials", new JsonArray(new JsonObject { ["id"] = id })));

        var first = await SendAsync(authority, "council", member, "/dcp/v1.0/issuer/credentials", Request(Membership));
        var repeated = await SendAsync(authority, "council", member, "/dcp/v1.0/issuer/credentials", Request(Membership));
        var theirs = await SendAsync(authority, "council", another, "/dcp/v1.0/issuer/credentials", Request(Membership));

        Assert.Equal((201, 201, 201), (first.Status, repeated.Status, theirs.Status));
        Assert.Equal(first.Location, repeated.Location);
        Assert.NotEqual(first.Location, theirs.Location);
        Assert.Equal(400, (await SendAsync(authority, "council", member, "/dcp/v1.0/issuer/credentials", Request("HealthCredential"))).Status);
        Assert.Equal(400, (await SendAsync(authority, "council", member, "/dcp/v1.0/issuer/credentials", Dcp("CredentialRequestMessage", ("holderPid", "x"), ("credentials", new JsonArray())))).Status);
        Assert.Equal(400, (await SendAsync(authority, "council", member, "/dcp/v1.0/issuer/credentials", Dcp("CredentialOfferMessage", ("holderPid", "x")))).Status);
        Assert.Equal(401, (await SendAsync(authority, "sofia", member, "/dcp/v1.0/issuer/credentials", Request(Membership))).Status); // meant for another
        using var anonymous = authority.Anonymous();
        using var nobody = await anonymous.PostAsJsonAsync("/dcp/v1.0/issuer/credentials", Request(Membership), TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)nobody.StatusCode);

        // What became of a request is the business of who made it.
        Assert.Equal((200, "RECEIVED"), await StatusAsync(authority, member, first.Location!));
        Assert.Equal(404, (await StatusAsync(authority, another, first.Location!)).Status);
    }

    [Fact]
    public async Task Delivery_ThatIsNotWhatWasAskedFor_LeavesNothingBehind()
    {
        using var admin = trust.Host.As("sofia", "city-admin");
        var (issuer, stranger) = (trust.Issuer, trust.World.Actor("stranger"));
        var asked = new ConcurrentQueue<(string Token, JsonObject Message)>();
        Serve(issuer, [Membership], asked);
        using var begun = await admin.PostAsJsonAsync("/api/dataspace/v1/trust/requests", new { issuer = issuer.Did, types = new[] { Membership } }, TestContext.Current.CancellationToken);
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var (token, request) = Assert.Single(asked);
        var access = new JsonWebToken(token["Bearer ".Length..]).GetClaim("token").Value;
        var pid = (string)request["holderPid"]!;
        string Good(string id = "urn:uuid:the-one") => issuer.Sign(With(issuer.Credential(Membership, trust.Did, status: issuer.Status(2)), "id", id));
        JsonObject Delivery(string holderPid, params string[] jwts) => Dcp("CredentialMessage", ("issuerPid", "urn:uuid:theirs"), ("holderPid", holderPid), ("status", "ISSUED"),
            ("credentials", new JsonArray([.. jwts.Select(jwt => (JsonNode)new JsonObject { ["credentialType"] = Membership, ["format"] = "vc20-bssl/jwt", ["payload"] = jwt })])));
        var before = await HeldAsync();

        foreach (var (actor, grant, message, status) in new (DidActor, string, JsonObject, int)[]
        {
            (stranger, access, Delivery(pid, Good()), 401), // granted to another
            (issuer, "made up", Delivery(pid, Good()), 401),
            (issuer, issuer.Sign(issuer.Claims(trust.Did)), Delivery(pid, Good()), 401), // not of our making
            (issuer, access, Delivery("urn:uuid:none", Good()), 404),
            (issuer, access, Delivery(pid), 400),
            (issuer, access, Delivery(pid, Good("urn:a"), Good("urn:b")), 400), // more than was asked for
            (issuer, access, Delivery(pid, issuer.Sign(issuer.Credential(City, trust.Did))), 400), // another kind
            (issuer, access, Delivery(pid, issuer.Sign(issuer.Credential(Membership, stranger.Did))), 401), // about another
            (issuer, access, Delivery(pid, issuer.Sign(issuer.Credential(Membership, trust.Did, status: issuer.Status(7)))), 401), // taken back already
            (issuer, access, Delivery(pid, stranger.Sign(stranger.Credential(Membership, trust.Did))), 401), // of another
            (issuer, access, With(Delivery(pid, Good()), "status", "MAYBE"), 400),
        })
        {
            Assert.Equal(status, (await SendAsync(trust.Host, "sofia", actor, "/dcp/v1.0/credentials", message, grant)).Status);
        }

        Assert.Equal(before, await HeldAsync());
        Assert.Equal(200, (await SendAsync(trust.Host, "sofia", issuer, "/dcp/v1.0/credentials", Delivery(pid, Good()), access)).Status);
        Assert.Equal(before + 1, await HeldAsync());
        Assert.Equal(404, (await SendAsync(trust.Host, "sofia", issuer, "/dcp/v1.0/credentials", Delivery(pid, Good("urn:uuid:another")), access)).Status); // it was answered
        Assert.Equal(before + 1, await HeldAsync());

        // An access token for reading does not write, and one for writing does not read.
        Assert.Equal(401, (await SendAsync(trust.Host, "sofia", stranger, "/dcp/v1.0/offers", Offer(issuer))).Status);
        var query = Dcp("PresentationQueryMessage", ("scope", new JsonArray($"org.eclipse.dspace.dcp.vc.type:{Membership}")));
        var (readStatus, answer, _) = await SendAsync(trust.Host, "sofia", issuer, "/dcp/v1.0/presentations/query", query, access);
        Assert.Equal(200, readStatus);
        Assert.Empty(JsonNode.Parse(answer)!["presentation"]!.AsArray());

        Task<long> HeldAsync() => trust.Host.ScalarAsync<long>("SELECT count(*) FROM held_credential");
    }

    private async Task<(ServiceHost<Program> Authority, ServiceHost<Program> Holder, string AuthorityDid)> PairAsync()
    {
        var did = trust.World.Did("council");
        var authority = await trust.ConnectorAsync("council", null, ("Trust:Issues:0", Membership), ("Trust:Issues:1", City));
        var holder = await trust.ConnectorAsync("varna", null, ("Trust:Issuers:2:Id", did), ("Trust:Issuers:2:Types:0", Membership), ("Trust:Issuers:2:Types:1", City), ("Trust:Issuers:2:Types:2", "HealthCredential"));
        return (authority, holder, did);
    }

    /// <summary>Lets an issuer that the test plays take requests.</summary>
    private void Serve(DidActor issuer, string[] types, ConcurrentQueue<(string Token, JsonObject Message)>? asked = null)
    {
        var services = issuer.Document["service"]!.AsArray();
        if (services.All(service => (string)service!["type"]! != "IssuerService"))
        {
            services.Add(new JsonObject { ["id"] = "#issuer", ["type"] = "IssuerService", ["serviceEndpoint"] = $"{trust.World.Address}/authority/issuer" });
        }

        trust.World.Answers["authority/issuer/metadata"] = _ => Task.FromResult(Results.Json(Dcp("IssuerMetadata", ("issuer", issuer.Did), ("credentialsSupported", new JsonArray([.. types.Select(type => new JsonObject { ["id"] = $"the-{type}", ["credentialType"] = type })])))));
        trust.World.Answers["authority/issuer/credentials"] = async http =>
        {
            asked?.Enqueue((http.Request.Headers.Authorization.ToString(), (JsonObject)(await JsonNode.ParseAsync(http.Request.Body))!));
            return Results.Created("/authority/issuer/requests/1", null);
        };
    }

    private static JsonObject Offer(DidActor issuer) => Dcp("CredentialOfferMessage", ("issuer", issuer.Did), ("credentials", new JsonArray(new JsonObject { ["id"] = $"the-{Membership}" })));

    private static JsonObject Dcp(string type, params (string Name, JsonNode? Value)[] members)
    {
        var message = new JsonObject { ["@context"] = new JsonArray(DidActor.DcpContext), ["type"] = type };
        foreach (var (name, value) in members)
        {
            message[name] = value;
        }

        return message;
    }

    private static JsonObject With(JsonObject json, string name, string value)
    {
        json[name] = value;
        return json;
    }

    private async Task<(int Status, string Text, string? Location)> SendAsync(ServiceHost<Program> host, string audience, DidActor actor, string path, JsonObject message, string? access = null, string[]? listed = null)
    {
        if (listed is not null)
        {
            Serve(actor, listed);
        }

        var claims = actor.Claims(trust.World.Did(audience));
        claims["token"] = access ?? "an access token of mine";
        using var client = host.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", actor.Sign(claims));
        using var answer = await client.PostAsJsonAsync(path, message);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.ToString());
    }

    private async Task<(int Status, string? State)> StatusAsync(ServiceHost<Program> host, DidActor actor, string location)
    {
        using var client = host.With(actor.Sign(actor.Claims(trust.World.Did("council"))));
        using var answer = await client.GetAsync(location);
        return ((int)answer.StatusCode, (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["status"]);
    }
}
