using System.Text.Json.Nodes;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Dataspace.Transfer;
using LivingCity.Testing;
using Npgsql;
using static LivingCity.Dataspace.Tests.Hosting.Messages;

namespace LivingCity.Dataspace.Tests.Protocol;

/// <summary>Each message to a process in each state, in both roles, over HTTP: 200 and the new state, or 400 with the error message and nothing changed.</summary>
public sealed class StateOverHttpTests(ConformanceTests.Scripted scripted, PublishedSchemas schemas) : IClassFixture<ConformanceTests.Scripted>, IClassFixture<PublishedSchemas>
{
    private readonly ServiceHost<Program> host = scripted.Profile.Host;

    public static TheoryData<string, string> Negotiations => Combine(NegotiationState.All);

    public static TheoryData<string, string> Transfers => Combine(TransferState.All);

    [Theory]
    [MemberData(nameof(Negotiations))]
    public async Task Negotiation_EachMessage_IsTakenOrRefusedAsSpecified(string role, string state)
    {
        foreach (var kind in Enum.GetNames<NegotiationMessage>())
        {
            await using var peer = await TestPeer.StartAsync(host.Anonymous());
            var pid = $"urn:uuid:{Guid.NewGuid()}";
            await ExecuteAsync($"""
                INSERT INTO negotiation (tenant, id, role, peer, peer_pid, peer_address, dataset_id, offer_id, state, terms, terms_by, asked, approval, created_at, changed_at, agreement)
                VALUES ('conformance', '{pid}', '{role}', '{Profile.Counterparty}', '{peer.Pid}', '{peer.Address}', 'urn:d:hold', 'urn:o', '{state}', '{Offer("urn:o", "urn:d:hold").ToJsonString()}', 'consumer', '{new JsonObject().ToJsonString()}',
                    'manual', now(), now(), '{Agreement("urn:d:hold", "urn:p", "urn:c").ToJsonString()}')
                """);
            var (path, message) = Negotiate(kind, role, pid, peer.Pid);

            await TakenOrRefusedAsync(peer, "negotiation", "negotiations", "ContractNegotiationError", role, state, kind, pid, path, message);
        }
    }

    [Theory]
    [MemberData(nameof(Transfers))]
    public async Task Transfer_EachMessage_IsTakenOrRefusedAsSpecified(string role, string state)
    {
        foreach (var kind in Enum.GetNames<TransferMessage>().Where(name => name != "Request"))
        {
            await using var peer = await TestPeer.StartAsync(host.Anonymous());
            var pid = $"urn:uuid:{Guid.NewGuid()}";
            await ExecuteAsync($"""
                INSERT INTO transfer (tenant, id, role, peer, peer_pid, peer_address, agreement_id, dataset_id, format, state, created_at, changed_at)
                VALUES ('conformance', '{pid}', '{role}', '{Profile.Counterparty}', '{peer.Pid}', '{peer.Address}', 'urn:a:never', 'urn:d', 'HTTP_PULL', '{state}', now(), now())
                """);
            var (providerPid, consumerPid) = role == "provider" ? (pid, peer.Pid) : (peer.Pid, pid);
            var (path, type) = kind switch
            {
                "Start" => ("start", "TransferStartMessage"),
                "Suspend" => ("suspension", "TransferSuspensionMessage"),
                "Complete" => ("completion", "TransferCompletionMessage"),
                _ => ("termination", "TransferTerminationMessage"),
            };

            await TakenOrRefusedAsync(peer, "transfer", "transfers", "TransferError", role, state, kind, pid, $"/transfers/{pid}/{path}", Pids(type, providerPid, consumerPid));
        }
    }

    private async Task TakenOrRefusedAsync(TestPeer peer, string machine, string part, string error, string role, string state, string kind, string pid, string path, JsonObject message)
    {
        var after = MachineTests.After(machine, role == "provider" ? "consumer" : "provider", kind, state);

        var (status, body) = await peer.SendAsync(path, message);

        Assert.True(status == (after is null ? 400 : 200), $"{kind} to a {role} in {state} is answered with {status}: {body?.ToJsonString()}");
        Assert.Equal(after ?? state, (string)(await peer.GetAsync($"/{part}/{pid}"))["state"]!);
        if (after is null)
        {
            await schemas.ValidAsync(error, body!);
            Assert.Equal(pid, (string)body![role == "provider" ? "providerPid" : "consumerPid"]!);
        }
    }

    private static (string Path, JsonObject Message) Negotiate(string kind, string role, string pid, string theirs)
    {
        var (providerPid, consumerPid) = role == "provider" ? (pid, theirs) : (theirs, pid);
        return kind switch
        {
            "Request" => ($"/negotiations/{pid}/request", Pids("ContractRequestMessage", providerPid, consumerPid, ("offer", Offer("urn:o", "urn:d:hold")))),
            "Offer" => ($"/negotiations/{pid}/offers", Pids("ContractOfferMessage", providerPid, consumerPid, ("offer", Offer("urn:o", "urn:d:hold")))),
            "Accept" => ($"/negotiations/{pid}/events", Pids("ContractNegotiationEventMessage", providerPid, consumerPid, ("eventType", "ACCEPTED"))),
            "Finalize" => ($"/negotiations/{pid}/events", Pids("ContractNegotiationEventMessage", providerPid, consumerPid, ("eventType", "FINALIZED"))),
            "Agree" => ($"/negotiations/{pid}/agreement", Pids("ContractAgreementMessage", providerPid, consumerPid, ("agreement", Agreement("urn:d:hold", "urn:p", "urn:c")))),
            "Verify" => ($"/negotiations/{pid}/agreement/verification", Pids("ContractAgreementVerificationMessage", providerPid, consumerPid)),
            _ => ($"/negotiations/{pid}/termination", Pids("ContractNegotiationTerminationMessage", providerPid, consumerPid, ("code", "1"), ("reason", new JsonArray("because")))),
        };
    }

    private static TheoryData<string, string> Combine(IReadOnlyList<string> states)
    {
        var cases = new TheoryData<string, string>();
        foreach (var role in (string[])["provider", "consumer"])
        {
            foreach (var state in states)
            {
                cases.Add(role, state);
            }
        }

        return cases;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SET app.tenant = 'conformance'; {sql}", connection);
        await command.ExecuteNonQueryAsync();
    }
}
