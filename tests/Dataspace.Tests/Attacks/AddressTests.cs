using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.ServiceDefaults.Http;
using LivingCity.Testing;
using Microsoft.Extensions.DependencyInjection;
using static LivingCity.Dataspace.Tests.Hosting.Messages;

namespace LivingCity.Dataspace.Tests.Attacks;

/// <summary>Addresses that others supply do not lead inside: in no field, in no spelling, not by redirect. The guard is closed here, as it is in production.</summary>
public sealed class AddressTests(AddressTests.Closed closed) : IClassFixture<AddressTests.Closed>
{
    private readonly ServiceHost<Program> host = closed.Host;

    public static TheoryData<string> Inside =>
    [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://localhost:8080/", "http://10.0.0.1/", "http://172.16.0.9/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[::127.0.0.1]/",
        "http://0.0.0.0/", "http://224.0.0.1/", "http://user:secret@example.org/", "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1/", "//127.0.0.1/", "javascript:alert(1)", "",
    ];

    [Theory]
    [MemberData(nameof(Inside))]
    public async Task CallbackAddress_ThatLeadsInside_IsNeverCalled(string address)
    {
        using var kit = host.Anonymous();

        using var answer = await kit.PostAsJsonAsync("/dsp/2025-1/negotiations/request", Dsp("ContractRequestMessage", ("consumerPid", $"urn:uuid:{Guid.NewGuid()}"), ("callbackAddress", address), ("offer", Offer("urn:d:attack:offer", "urn:d:attack"))), TestContext.Current.CancellationToken);
        using var offered = await kit.PostAsJsonAsync("/dsp/2025-1/negotiations/offers", Dsp("ContractOfferMessage", ("providerPid", $"urn:uuid:{Guid.NewGuid()}"), ("callbackAddress", address), ("offer", Offer("urn:o", "urn:d:x"))), TestContext.Current.CancellationToken);
        using var requested = await kit.PostAsJsonAsync("/dsp/2025-1/transfers/request", Dsp("TransferRequestMessage", ("consumerPid", $"urn:uuid:{Guid.NewGuid()}"), ("callbackAddress", address), ("agreementId", "urn:a:attack"), ("format", "HTTP_PULL")), TestContext.Current.CancellationToken);

        foreach (var given in (HttpResponseMessage[])[answer, offered, requested])
        {
            await RefusedOrGivenUpAsync(given);
        }
    }

    [Theory]
    [MemberData(nameof(Inside))]
    public async Task DataAddress_ThatLeadsInside_IsRefused(string address)
    {
        using var kit = host.Anonymous();
        var receiver = new JsonObject { ["@type"] = "DataAddress", ["endpointType"] = "https://w3id.org/idsa/v4.1/HTTP", ["endpoint"] = address };

        using var answer = await kit.PostAsJsonAsync("/dsp/2025-1/transfers/request",
            Dsp("TransferRequestMessage", ("consumerPid", $"urn:uuid:{Guid.NewGuid()}"), ("callbackAddress", "https://example.org/"), ("agreementId", "urn:a:attack"), ("format", "HttpData-PUSH"), ("dataAddress", receiver)), TestContext.Current.CancellationToken);

        // A name is looked up when it is used (and then refused); an address is refused at once.
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest || IsName(address), $"{address}: {answer.StatusCode}");
    }

    [Theory]
    [MemberData(nameof(Inside))]
    public async Task ConnectorAddress_GivenByAnOfficer_ThatLeadsInside_ReachesNothing(string address)
    {
        using var officer = host.As("sofia", "data-officer", "city-admin");

        using var negotiation = await officer.PostAsJsonAsync("/api/dataspace/v1/negotiations", new { datasetId = "urn:d", offerId = "urn:o", providerId = "urn:p", connectorAddress = address }, TestContext.Current.CancellationToken);
        using var peer = await officer.PutAsJsonAsync("/api/dataspace/v1/peers/urn:p:attack", new { name = "x", address }, TestContext.Current.CancellationToken);
        using var dataset = await officer.PostAsJsonAsync("/api/dataspace/v1/datasets", new { id = $"urn:ext:{Guid.NewGuid()}", title = new { en = "x" }, description = new { en = "x" }, url = address, mediaType = "text/csv", license = "urn:l" }, TestContext.Current.CancellationToken);

        foreach (var answer in (HttpResponseMessage[])[negotiation, peer, dataset])
        {
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest || IsName(address), $"{address}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        }
    }

    [Fact]
    public async Task Callback_ByAName_ThatLeadsInside_IsRefusedWhenItIsConnectedTo()
    {
        await using var trap = await TestPeer.StartAsync(host.Anonymous());
        var port = new Uri(trap.Address).Port;
        using var kit = host.Anonymous();

        using var answer = await kit.PostAsJsonAsync("/dsp/2025-1/negotiations/request", Dsp("ContractRequestMessage", ("consumerPid", $"urn:uuid:{Guid.NewGuid()}"), ("callbackAddress", $"http://localhost:{port}"), ("offer", Offer("urn:d:attack:offer", "urn:d:attack"))), TestContext.Current.CancellationToken);
        var pid = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["providerPid"]!;

        await Eventually.TrueAsync(async () => (string?)(await kit.GetFromJsonAsync<JsonObject>($"/dsp/2025-1/negotiations/{pid}"))!["state"] == "TERMINATED", "the negotiation is given up");
        Assert.Empty(trap.All);
        Assert.Contains("public address", await host.ScalarAsync<string>($"SELECT reason FROM negotiation WHERE id = '{pid}'", "conformance"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_ThatLeadsElsewhereTheSecondTime_IsRefusedThen()
    {
        // What a name leads to changes between two answers of its server: first to where it may, then inside.
        var asked = 0;
        await using var trap = await TestPeer.StartAsync(host.Anonymous());
        trap.Closes = true;
        await using var profile = await Profile.StartAsync(closed.Servers, [("urn:d:rebound", ["REQUESTED offer", "REQUESTED offer"])], services: collection => collection.AddSingleton(provider => new AddressGuard(
            Microsoft.Extensions.Options.Options.Create(new OutgoingSettings { AllowedNetworks = ["127.0.0.1/32"] }),
            (_, _) => Task.FromResult<IPAddress[]>([Interlocked.Increment(ref asked) == 1 ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2")]))));
        using var kit = profile.Host.Anonymous();
        var callback = $"http://rebound.example:{new Uri(trap.Address).Port}";

        var first = await BeginAsync(kit, callback);
        await trap.HearAsync("ContractOfferMessage");
        var second = await BeginAsync(kit, callback);

        await Eventually.TrueAsync(async () => (string?)(await kit.GetFromJsonAsync<JsonObject>($"/dsp/2025-1/negotiations/{second}"))!["state"] == "TERMINATED", "the second is given up");
        Assert.Contains("public address", await profile.Host.ScalarAsync<string>($"SELECT reason FROM negotiation WHERE id = '{second}'", "conformance"), StringComparison.Ordinal);
        Assert.Single(trap.All);
        Assert.Equal("OFFERED", (string?)(await kit.GetFromJsonAsync<JsonObject>($"/dsp/2025-1/negotiations/{first}", TestContext.Current.CancellationToken))!["state"]);
        Assert.True(asked >= 2);
    }

    private static async Task<string> BeginAsync(HttpClient kit, string callback)
    {
        using var answer = await kit.PostAsJsonAsync("/dsp/2025-1/negotiations/request", Dsp("ContractRequestMessage", ("consumerPid", $"urn:uuid:{Guid.NewGuid()}"), ("callbackAddress", callback), ("offer", Offer("urn:d:rebound:offer", "urn:d:rebound"))));
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["providerPid"]!;
    }

    private static bool IsName(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http", HostNameType: UriHostNameType.Dns, UserInfo: "" };

    private static async Task RefusedOrGivenUpAsync(HttpResponseMessage answer)
    {
        var asked = (string?)JsonNode.Parse(await answer.RequestMessage!.Content!.ReadAsStringAsync())!["callbackAddress"];
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest || IsName(asked!), $"{asked}: {answer.StatusCode}");
    }

    /// <summary>A connector with a profile, whose guard lets nothing inside through.</summary>
    public sealed class Closed(Infrastructure infrastructure) : IAsyncLifetime
    {
        private readonly string file = Path.GetTempFileName();

        public Infrastructure Servers => infrastructure;

        public ServiceHost<Program> Host { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await File.WriteAllTextAsync(file, """
                { "counterparty": "urn:test:counterparty", "pause": "00:00:00.010",
                  "datasets": [ { "id": "urn:d:attack", "offers": ["urn:d:attack:offer"], "steps": ["REQUESTED offer"] } ], "agreements": [ { "id": "urn:a:attack", "steps": [] } ] }
                """);
            Host = await ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string> { ["Conformance:File"] = file, ["RateLimits:Burst"] = "100000" });
            await Eventually.TrueAsync(async () => await Host.ScalarAsync<long>("SELECT count(*) FROM dataset") == 1, "the profile is seeded");
        }

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            File.Delete(file);
        }
    }
}
