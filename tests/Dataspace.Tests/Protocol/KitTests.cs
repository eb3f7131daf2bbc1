using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;
using static LivingCity.Dataspace.Tests.Hosting.Messages;

namespace LivingCity.Dataspace.Tests.Protocol;

/// <summary>What the author of a conformance kit tries beside the courses themselves: ids and addresses of every kind, messages that cross, come early, twice or with more in them than they need, and a counterparty that is not ready yet.</summary>
public sealed class KitTests(KitTests.Driven driven, PublishedSchemas schemas) : IClassFixture<KitTests.Driven>, IClassFixture<PublishedSchemas>
{
    private const string Slashed = "https://data.example/sets/1?of=2&more=ä";

    private readonly Profile profile = driven.Profile;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("urn:d:offer", "urn%3Ad%3Aoffer")]
    [InlineData("urn:d:offer", "urn:d:offer/")]
    [InlineData("plain id", "plain%20id")]
    [InlineData(Slashed, "https%3A%2F%2Fdata.example%2Fsets%2F1%3Fof%3D2%26more%3D%C3%A4")]
    [InlineData("https://data.example/sets/2", "https://data.example/sets/2")]
    [InlineData("https://data.example/sets/2", "https:%2F%2Fdata.example%2Fsets%2F2/")]
    public async Task Dataset_ByAnyIdInAnySpelling_IsFound(string id, string path)
    {
        using var kit = profile.Host.Anonymous();

        using var answer = await kit.GetAsync(new Uri($"{kit.BaseAddress!.ToString().TrimEnd('/')}/dsp/2025-1/catalog//datasets/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }), Stop);

        var dataset = (await answer.Content.ReadFromJsonAsync<JsonObject>(Stop))!;
        Assert.Equal(id, (string?)dataset["@id"]);
        await schemas.ValidAsync("Dataset", dataset);
    }

    [Fact]
    public async Task Versions_WhereNobodyIsAskedWhoHeIs_NameNoAuthentication()
    {
        using var kit = profile.Host.Anonymous();
        kit.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer of.no.meaning");

        var version = (await kit.GetFromJsonAsync<JsonObject>("/.well-known/dspace-version", Stop))!["protocolVersions"]!.AsArray().Single()!.AsObject();

        Assert.Equal(("2025-1", "/dsp/2025-1", "HTTPS", "urn"), ((string)version["version"]!, (string)version["path"]!, (string)version["binding"]!, (string)version["identifierType"]!));
        Assert.False(version.ContainsKey("auth"));
    }

    [Fact]
    public async Task Catalogue_NextPage_IsReadByFollowingItsLink()
    {
        using var kit = profile.Host.Anonymous();
        using var first = await kit.PostAsJsonAsync("/dsp/2025-1/catalog/request?limit=1", Dsp("CatalogRequestMessage"), Stop);

        using var second = await kit.GetAsync(first.Headers.GetValues("Link").Single().Split('<', '>')[1], Stop);

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        await schemas.ValidAsync("Catalog", (await second.Content.ReadFromJsonAsync<JsonObject>(Stop))!);
    }

    [Theory]
    [InlineData("", "plain-id")]
    [InlineData("/", "3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    [InlineData("/callback/of a/kit", "urn:uuid:3f2504e0-4f89-11d3-9a0c-0305e82c3302")]
    [InlineData("/callback//", "https://kit.example/pids/7 ä")]
    public async Task Callback_AtAnyAddressAboutAnyPid_IsReached(string path, string pid)
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());

        var (status, body) = await peer.SendAsync("/negotiations/request", Request(peer, "urn:d:offer", pid, path));
        var offer = await peer.HearAsync("ContractOfferMessage");

        Assert.Equal(201, status);
        Assert.Equal(pid, (string)body!["consumerPid"]!);
        Assert.Equal(pid, (string)offer.Body["consumerPid"]!);
        Assert.Equal($"{path.TrimEnd('/')}/negotiations/{pid}/offers", Uri.UnescapeDataString(offer.Path));
        Assert.Equal("REQUESTED", (string)body["state"]!);
        Assert.Equal(200, (await peer.SendAsync($"/negotiations/{(string)body["providerPid"]!}/termination", Pids("ContractNegotiationTerminationMessage", (string)body["providerPid"]!, pid))).Status);
    }

    [Fact]
    public async Task Answers_GivenBeforeTheMessageTheyAnswerIsAcknowledged_AreTaken()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        var pid = "";
        var answered = new ConcurrentBag<int>();
        peer.Answer = path =>
        {
            if (path.EndsWith("/offers", StringComparison.Ordinal))
            {
                answered.Add(peer.SendAsync($"/negotiations/{pid}/events", Pids("ContractNegotiationEventMessage", pid, peer.Pid, ("eventType", "ACCEPTED"))).GetAwaiter().GetResult().Status);
            }
            else if (path.EndsWith("/agreement", StringComparison.Ordinal))
            {
                answered.Add(peer.SendAsync($"/negotiations/{pid}/agreement/verification", Pids("ContractAgreementVerificationMessage", pid, peer.Pid)).GetAwaiter().GetResult().Status);
            }

            return null;
        };

        pid = await RequestAsync(peer, "urn:d:full");
        await peer.HearAsync("ContractNegotiationEventMessage");
        await Profile.InStateAsync(peer, $"/negotiations/{pid}", "FINALIZED");

        Assert.Equal([200, 200], answered);
        Assert.Equal(["ContractOfferMessage", "ContractAgreementMessage", "ContractNegotiationEventMessage"], peer.All.Select(message => message.Type));
    }

    [Fact]
    public async Task Offer_ThatComesBeforeTheRequestIsAcknowledged_IsTaken()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        var answered = new ConcurrentBag<int>();
        peer.Answer = path =>
        {
            if (path == "/negotiations/request")
            {
                var pid = (string)peer.All.Last().Body["consumerPid"]!;
                answered.Add(peer.SendAsync($"/negotiations/{pid}/offers", Pids("ContractOfferMessage", peer.Pid, pid, ("offer", Offer("urn:o", "urn:d:consume")))).GetAwaiter().GetResult().Status);
            }

            return null;
        };

        await BeginAsync(new { datasetId = "urn:d:consume", offerId = "urn:o", providerId = "urn:whoever", connectorAddress = peer.Address + "/" });
        var accepted = await peer.HearAsync("ContractNegotiationEventMessage");

        Assert.Equal([200], answered);
        Assert.Equal(peer.Pid, (string)accepted.Body["providerPid"]!);
    }

    [Fact]
    public async Task Counterparty_ThatDoesNotKnowItsProcessYet_IsToldAgain()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        var unknown = 2;
        peer.Answer = _ => Interlocked.Decrement(ref unknown) >= 0 ? 404 : null;

        var pid = await RequestAsync(peer, "urn:d:offer");
        await peer.HearAsync("ContractOfferMessage", 3);

        await Profile.InStateAsync(peer, $"/negotiations/{pid}", "OFFERED");
        Assert.Equal(200, (await peer.SendAsync($"/negotiations/{pid}/events", Pids("ContractNegotiationEventMessage", pid, peer.Pid, ("eventType", "ACCEPTED")))).Status);
    }

    [Fact]
    public async Task Messages_ThatRepeatTheCallbackAddress_AreTaken()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        var pid = await RequestAsync(peer, "urn:d:offer");
        await peer.HearAsync("ContractOfferMessage");
        var counter = Pids("ContractRequestMessage", pid, peer.Pid, ("offer", Offer("urn:d:offer:offer", "urn:d:offer")), ("callbackAddress", peer.Address));
        await BeginAsync(new { datasetId = "urn:d:consume", offerId = "urn:o", providerId = Profile.Counterparty, connectorAddress = peer.Address });
        var ours = (string)(await peer.HearAsync("ContractRequestMessage")).Body["consumerPid"]!;
        var offer = Pids("ContractOfferMessage", peer.Pid, ours, ("offer", Offer("urn:o", "urn:d:consume")), ("callbackAddress", peer.Address));

        Assert.Equal(200, (await peer.SendAsync($"/negotiations/{pid}/request", counter)).Status);
        Assert.Equal(200, (await peer.SendAsync($"/negotiations/{ours}/offers", offer)).Status);
    }

    [Fact]
    public async Task ScriptedNegotiation_OnTermsThatNobodyHereUnderstands_GoesOn()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        var strange = new JsonArray(new JsonObject { ["action"] = "kit:test", ["duty"] = new JsonArray(new JsonObject { ["action"] = "kit:pay" }), ["constraint"] = new JsonArray(new JsonObject { ["leftOperand"] = "kit:count", ["operator"] = "lteq", ["rightOperand"] = new JsonObject { ["kit:value"] = 7 } }) });
        var request = Request(peer, "urn:d:full", peer.Pid);
        request["offer"] = Offer("urn:made:up", "urn:d:full", strange.DeepClone().AsArray());

        var (status, body) = await peer.SendAsync("/negotiations/request", request);
        var pid = (string)body!["providerPid"]!;
        await peer.HearAsync("ContractOfferMessage");
        await peer.SendAsync($"/negotiations/{pid}/events", Pids("ContractNegotiationEventMessage", pid, peer.Pid, ("eventType", "ACCEPTED")));
        await peer.HearAsync("ContractAgreementMessage");
        await BeginAsync(new { datasetId = "urn:d:consume", offerId = "urn:o", providerId = Profile.Counterparty, connectorAddress = peer.Address });
        var ours = (string)(await peer.HearAsync("ContractRequestMessage")).Body["consumerPid"]!;
        var offered = await peer.SendAsync($"/negotiations/{ours}/offers", Pids("ContractOfferMessage", peer.Pid, ours, ("offer", Offer("urn:o", "urn:another:target", strange))));

        Assert.Equal(201, status);
        Assert.Equal(200, offered.Status);
        foreach (var message in peer.All)
        {
            await schemas.ValidAsync(message.Type, message.Body);
        }
    }

    [Fact]
    public async Task Error_AboutAProcessThatIsNotThere_NamesThePidsOfTheMessage()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());

        var negotiation = await peer.SendAsync("/negotiations/urn:uuid:none/events", Pids("ContractNegotiationEventMessage", "urn:uuid:none", peer.Pid, ("eventType", "ACCEPTED")));
        var transfer = await peer.SendAsync("/transfers/urn:uuid:none/start", Pids("TransferStartMessage", peer.Pid, "urn:uuid:none"));

        Assert.Equal((404, "urn:uuid:none", peer.Pid), (negotiation.Status, (string)negotiation.Body!["providerPid"]!, (string)negotiation.Body["consumerPid"]!));
        Assert.Equal((404, peer.Pid, "urn:uuid:none"), (transfer.Status, (string)transfer.Body!["providerPid"]!, (string)transfer.Body["consumerPid"]!));
    }

    [Fact]
    public async Task Message_WithThePidOfAnotherProcess_IsRefusedAndChangesNothing()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        var pid = await RequestAsync(peer, "urn:d:hold");

        foreach (var (path, provider, consumer) in ((string, string, string)[])[(pid, "urn:uuid:other", peer.Pid), (pid, pid, "urn:uuid:other")])
        {
            var (status, body) = await peer.SendAsync($"/negotiations/{path}/termination", Pids("ContractNegotiationTerminationMessage", provider, consumer));
            Assert.Equal(400, status);
            await schemas.ValidAsync("ContractNegotiationError", body!);
        }

        await Profile.InStateAsync(peer, $"/negotiations/{pid}", "REQUESTED");
    }

    [Fact]
    public async Task Id_OfADatasetAndOfAnAgreement_MayBeTheSame()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());

        var pid = await RequestAsync(peer, "same");
        var (status, body) = await peer.SendAsync("/transfers/request", Dsp("TransferRequestMessage", ("consumerPid", peer.Pid), ("agreementId", "same"), ("format", "any-format"), ("callbackAddress", peer.Address)));

        Assert.Equal(201, status);
        await Profile.InStateAsync(peer, $"/negotiations/{pid}", "AGREED");
        await Profile.InStateAsync(peer, $"/transfers/{(string)body!["providerPid"]!}", "STARTED");
    }

    [Theory]
    [InlineData("a\\u0000b")]
    [InlineData("a\\ud800b")]
    [InlineData("long")]
    public async Task Message_WithAnIdThatCannotBeKept_IsRefused(string pid)
    {
        using var kit = profile.Host.Anonymous();
        pid = pid == "long" ? string.Concat(Enumerable.Range(0, 1000).Select(_ => Guid.NewGuid())) : pid;
        var messages = new (string Path, string Error, JsonObject Message)[]
        {
            ("negotiations/request", "ContractNegotiationError", Dsp("ContractRequestMessage", ("consumerPid", "PID"), ("callbackAddress", "http://127.0.0.1:9"), ("offer", Offer("urn:d:hold:offer", "urn:d:hold")))),
            ("negotiations/offers", "ContractNegotiationError", Dsp("ContractOfferMessage", ("providerPid", "PID"), ("callbackAddress", "http://127.0.0.1:9"), ("offer", Offer("urn:o", "urn:d:hold")))),
            ("transfers/request", "TransferError", Dsp("TransferRequestMessage", ("consumerPid", "PID"), ("callbackAddress", "http://127.0.0.1:9"), ("agreementId", "same"), ("format", "any-format"))),
        };

        foreach (var (path, error, message) in messages)
        {
            using var answer = await kit.PostAsync($"/dsp/2025-1/{path}", new StringContent(message.ToJsonString().Replace("PID", pid, StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json"), Stop);

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            await schemas.ValidAsync(error, (await answer.Content.ReadFromJsonAsync<JsonObject>(Stop))!);
        }
    }

    [Theory]
    [InlineData("negotiations", """{"datasetId": "urn:d:consume", "offerId": "urn:o", "providerId": "x"}""")]
    [InlineData("negotiations", """{"datasetId": null, "offerId": "urn:o", "providerId": "x", "connectorAddress": "http://127.0.0.1:9"}""")]
    [InlineData("negotiations", """{"datasetId": "urn:d:consume", "offerId": "urn:o", "providerId": "x", "connectorAddress": "nowhere"}""")]
    [InlineData("transfers", """{"format": "HTTP_PULL", "providerId": "x", "connectorAddress": "http://127.0.0.1:9"}""")]
    [InlineData("transfers", "[]")]
    public async Task Trigger_ThatLacksWhatIsNeeded_IsToldSo(string kind, string body)
    {
        using var kit = profile.Host.Anonymous();

        using var answer = await kit.PostAsync($"/conformance/{kind}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Trigger_WithMoreThanIsNeededAndATokenOfItsOwn_BeginsATransfer()
    {
        await using var peer = await TestPeer.StartAsync(profile.Host.Anonymous());
        using var kit = profile.Host.Anonymous();
        kit.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", """{"region": "any", "audience": "kit"}""");

        using var answer = await kit.PostAsJsonAsync("/conformance/transfers/", new { agreementId = "urn:a:mine", format = "", providerId = "", connectorAddress = peer.Address + "/base/", extra = new { kit = 1 } }, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
        var request = await peer.HearAsync("TransferRequestMessage");

        Assert.Equal("/base/transfers/request", request.Path);
        await schemas.ValidAsync(request.Type, request.Body);
    }

    private async Task BeginAsync(object negotiation)
    {
        using var kit = profile.Host.Anonymous();
        using var begun = await kit.PostAsJsonAsync("/conformance/negotiations", negotiation, Stop);
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync(Stop));
    }

    private static JsonObject Request(TestPeer peer, string dataset, string pid, string path = "") =>
        Dsp("ContractRequestMessage", ("consumerPid", pid), ("callbackAddress", new Uri(peer.Address + path).AbsoluteUri.TrimEnd('/') + (path.EndsWith('/') ? "/" : "")), ("offer", Offer($"{dataset}:offer", dataset)));

    private static async Task<string> RequestAsync(TestPeer peer, string dataset)
    {
        var (status, body) = await peer.SendAsync("/negotiations/request", Request(peer, dataset, peer.Pid));
        Assert.Equal(201, status);
        return (string)body!["providerPid"]!;
    }

    public sealed class Driven(Infrastructure infrastructure) : IAsyncLifetime
    {
        internal Profile Profile { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Profile = await Profile.StartAsync(
            infrastructure,
            [
                ("urn:d:full", ["REQUESTED offer", "ACCEPTED agree", "VERIFIED finalize"]),
                ("urn:d:offer", ["REQUESTED offer"]),
                ("urn:d:hold", []),
                ("urn:d:consume", ["OFFERED accept", "AGREED verify"]),
                ("same", ["REQUESTED agree"]),
                ("plain id", []),
                (Slashed, []),
                ("https://data.example/sets/2", []),
            ],
            [("same", "provider", ["REQUESTED start"]), ("urn:a:mine", "consumer", [])]);

        public ValueTask DisposeAsync() => Profile.DisposeAsync();
    }
}
