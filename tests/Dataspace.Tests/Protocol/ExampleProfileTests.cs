using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;
using static LivingCity.Dataspace.Tests.Hosting.Messages;

namespace LivingCity.Dataspace.Tests.Protocol;

/// <summary>Every dataset and agreement of the example profile, driven as its steps say: the test takes the counterparty's steps between them. Credentials that mean nothing change nothing.</summary>
public sealed class ExampleProfileTests(ExampleProfileTests.Example example, PublishedSchemas schemas) : IClassFixture<ExampleProfileTests.Example>, IClassFixture<PublishedSchemas>
{
    private static readonly JsonObject File = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(PublishedSchemas.Repository(), "services", "dataspace", "Conformance", "example.json")))!.AsObject();

    private static readonly IReadOnlyDictionary<string, (string Message, string State)> Negotiating = new Dictionary<string, (string, string)>
    {
        ["offer"] = ("ContractOfferMessage", "OFFERED"),
        ["agree"] = ("ContractAgreementMessage", "AGREED"),
        ["finalize"] = ("ContractNegotiationEventMessage", "FINALIZED"),
        ["accept"] = ("ContractNegotiationEventMessage", "ACCEPTED"),
        ["verify"] = ("ContractAgreementVerificationMessage", "VERIFIED"),
        ["request"] = ("ContractRequestMessage", "REQUESTED"),
        ["terminate"] = ("ContractNegotiationTerminationMessage", "TERMINATED"),
    };

    private static readonly IReadOnlyDictionary<string, (string Message, string State)> Transferring = new Dictionary<string, (string, string)>
    {
        ["start"] = ("TransferStartMessage", "STARTED"),
        ["suspend"] = ("TransferSuspensionMessage", "SUSPENDED"),
        ["complete"] = ("TransferCompletionMessage", "COMPLETED"),
        ["terminate"] = ("TransferTerminationMessage", "TERMINATED"),
    };

    public static TheoryData<string> Datasets => [.. Of("datasets").Select(dataset => dataset.Id)];

    public static TheoryData<string> Agreements => [.. Of("agreements").Select(agreement => agreement.Id)];

    [Theory]
    [MemberData(nameof(Datasets))]
    public async Task Negotiation_AboutADatasetOfTheExample_GoesAsItsStepsSay(string id)
    {
        using var kit = Kit();
        await using var peer = await TestPeer.StartAsync(kit);
        var isConsumer = Of("datasets").Single(dataset => dataset.Id == id).Offers == 0;
        var pid = isConsumer
            ? await BeginAsync(kit, peer, "negotiations", new { datasetId = id, offerId = "urn:o", providerId = Profile.Counterparty, connectorAddress = peer.Address }, "ContractRequestMessage")
            : await RequestAsync(peer, "/negotiations/request", Dsp("ContractRequestMessage", ("consumerPid", peer.Pid), ("callbackAddress", peer.Address), ("offer", Offer($"{id}:offer", id))));

        await FollowAsync(peer, "negotiations", pid, isConsumer ? ["ContractRequestMessage"] : [], Of("datasets").Single(dataset => dataset.Id == id).Steps, Negotiating, (state, wanted) => Answer(peer, pid, id, isConsumer, state, wanted));
    }

    [Theory]
    [MemberData(nameof(Agreements))]
    public async Task Transfer_UnderAnAgreementOfTheExample_GoesAsItsStepsSay(string id)
    {
        using var kit = Kit();
        await using var peer = await TestPeer.StartAsync(kit);
        var (_, role, _, steps) = Of("agreements").Single(agreement => agreement.Id == id);
        var pid = role == "consumer"
            ? await BeginAsync(kit, peer, "transfers", new { agreementId = id, connectorAddress = peer.Address }, "TransferRequestMessage")
            : await RequestAsync(peer, "/transfers/request", Dsp("TransferRequestMessage", ("consumerPid", peer.Pid), ("agreementId", id), ("format", "HttpData-PUSH"), ("callbackAddress", peer.Address)));

        await FollowAsync(peer, "transfers", pid, role == "consumer" ? ["TransferRequestMessage"] : [], steps, Transferring, (_, wanted) => wanted == "STARTED"
            ? peer.SendAsync($"/transfers/{pid}/start", Pids("TransferStartMessage", peer.Pid, pid))
            : throw new InvalidOperationException($"The test knows no way to {wanted}."));
    }

    /// <summary>Walks along the steps, takes the counterparty's where this side's next one asks for another state, and sees that nothing comes after the last.</summary>
    private async Task FollowAsync(
        TestPeer peer, string kind, string pid, string[] begun, string[] steps, IReadOnlyDictionary<string, (string Message, string State)> actions, Func<string, string, Task<(int Status, JsonObject? Body)>> answer)
    {
        var state = "REQUESTED";
        var heard = new List<string>(begun);
        foreach (var step in steps.Select(step => step.Split(' ')))
        {
            if (step[0] != state)
            {
                await Profile.InStateAsync(peer, $"/{kind}/{pid}", state);
                Assert.Equal(200, (await answer(state, step[0])).Status);
            }

            var (message, next) = actions[step[1]];
            heard.Add(message);
            await peer.HearAsync(message, heard.Count(type => type == message));
            state = next;
        }

        await Profile.InStateAsync(peer, $"/{kind}/{pid}", state);
        Assert.Equal(heard, peer.All.Select(message => message.Type));
        foreach (var message in peer.All)
        {
            await schemas.ValidAsync(message.Type, message.Body);
        }
    }

    private static Task<(int Status, JsonObject? Body)> Answer(TestPeer peer, string pid, string dataset, bool isConsumer, string state, string wanted) => (isConsumer, state, wanted) switch
    {
        (false, "OFFERED", "ACCEPTED") => peer.SendAsync($"/negotiations/{pid}/events", Pids("ContractNegotiationEventMessage", pid, peer.Pid, ("eventType", "ACCEPTED"))),
        (false, "OFFERED", "REQUESTED") => peer.SendAsync($"/negotiations/{pid}/request", Pids("ContractRequestMessage", pid, peer.Pid, ("offer", Offer($"{dataset}:offer", dataset)))),
        (false, "AGREED", "VERIFIED") => peer.SendAsync($"/negotiations/{pid}/agreement/verification", Pids("ContractAgreementVerificationMessage", pid, peer.Pid)),
        (true, "REQUESTED", "OFFERED") => peer.SendAsync($"/negotiations/{pid}/offers", Pids("ContractOfferMessage", peer.Pid, pid, ("offer", Offer("urn:o", dataset)))),
        (true, "REQUESTED" or "ACCEPTED", "AGREED") => peer.SendAsync($"/negotiations/{pid}/agreement", Pids("ContractAgreementMessage", peer.Pid, pid, ("agreement", Agreement(dataset, Profile.Counterparty, Profile.Us)))),
        _ => throw new InvalidOperationException($"The test knows no way from {state} to {wanted}."),
    };

    private async Task<string> RequestAsync(TestPeer peer, string path, JsonObject message)
    {
        var (status, body) = await peer.SendAsync(path, message);
        Assert.Equal(201, status);
        await schemas.ValidAsync((string)body!["@type"]!, body);
        return (string)body["providerPid"]!;
    }

    private static async Task<string> BeginAsync(HttpClient kit, TestPeer peer, string kind, object request, string first)
    {
        using var begun = await kit.PostAsJsonAsync($"/conformance/{kind}", request, TestContext.Current.CancellationToken);
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (string)(await peer.HearAsync(first)).Body["consumerPid"]!;
    }

    private HttpClient Kit()
    {
        var kit = example.Profile.Host.Anonymous();
        kit.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer of.no.meaning");
        return kit;
    }

    private static IEnumerable<(string Id, string Role, int Offers, string[] Steps)> Of(string kind) => File[kind]!.AsArray().Select(item =>
        ((string)item!["id"]!, (string?)item["role"] ?? "", item["offers"]?.AsArray().Count ?? 0, item["steps"]!.AsArray().Select(step => (string)step!).ToArray()));

    public sealed class Example(Infrastructure infrastructure) : IAsyncLifetime
    {
        internal Profile Profile { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Profile = await Profile.StartAsync(
            infrastructure, Of("datasets").Select(dataset => (dataset.Id, dataset.Steps)), Of("agreements").Select(agreement => (agreement.Id, agreement.Role, agreement.Steps)));

        public ValueTask DisposeAsync() => Profile.DisposeAsync();
    }
}
