using System.Text.Json.Nodes;
using LivingCity.Contracts.Dataspace;
using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Processes;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Messaging;

namespace LivingCity.Dataspace.Negotiation;

/// <summary>Takes negotiations further, whenever the bus says that one has changed.</summary>
internal sealed class NegotiationDriver(Database database, PeerClient peers, ToldNotes told, ConformanceProfile conformance, NegotiationSteps steps, TimeProvider time, ILogger<NegotiationDriver> logger)
    : ProcessDriver<NegotiationRow>(NegotiationStore.Table, database, peers, told, conformance, time, logger), IMessageWorker<NegotiationAdvanced>
{
    private readonly ConformanceProfile profile = conformance;
    private readonly TimeProvider clock = time;

    public Task WorkAsync(NegotiationAdvanced message, string? tenant, CancellationToken cancellationToken) => DriveAsync(message.City, message.NegotiationId, message.Told, cancellationToken);

    protected override void Save(Work work, NegotiationRow row) => work.Save(row);

    protected override async Task<NegotiationRow?> StepAsync(Work work, NegotiationRow row, CancellationToken cancellationToken)
    {
        var stepped = profile.ScriptForDataset(row.DatasetId) is { } script ? Scripted(row, script) : steps.Decide(row, Policies.Claims.None); // what credentials decide was decided when the other side spoke
        if (stepped is { State: NegotiationState.Finalized })
        {
            await work.ConcludeAsync(stepped, clock.GetUtcNow(), cancellationToken);
        }

        return stepped;
    }

    protected override bool HasScript(NegotiationRow row) => profile.ScriptForDataset(row.DatasetId) is not null;

    protected override bool IsScripted(NegotiationRow row) => profile.ScriptForDataset(row.DatasetId) is { } script && row.Steps < script.Count && script[row.Steps].State == row.State;

    protected override NegotiationRow Ended(NegotiationRow row, string reason) => NegotiationState.IsFinal(row.State) ? row with { Reason = row.Reason ?? reason } : NegotiationSteps.Terminate(row, reason);

    protected override string StatusPath(NegotiationRow row) => $"/negotiations/{PathSegment.Of(row.PeerPid!)}";

    protected override int Rank(string state) => state switch
    {
        NegotiationState.Requested or NegotiationState.Offered => 0,
        NegotiationState.Accepted => 1,
        NegotiationState.Agreed => 2,
        NegotiationState.Verified => 3,
        _ => 4,
    };

    private NegotiationRow? Scripted(NegotiationRow row, IReadOnlyList<ScriptStep> script) => !IsScripted(row) ? null : script[row.Steps].Action switch
    {
        "offer" => steps.Offer(row, JsonNode.Parse(row.Asked)!.AsObject()),
        "agree" => steps.Agree(row),
        "finalize" => NegotiationSteps.Finalize(row),
        "accept" => NegotiationSteps.Accept(row),
        "verify" => NegotiationSteps.Verify(row),
        "request" => steps.Request(row, row.TermsJson),
        "terminate" => NegotiationSteps.Terminate(row, "The script ends this negotiation."),
        _ => null,
    } is { } stepped ? stepped with { Steps = row.Steps + 1 } : null;
}
