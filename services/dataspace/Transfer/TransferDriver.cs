using LivingCity.Contracts.Dataspace;
using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Processes;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Messaging;

namespace LivingCity.Dataspace.Transfer;

/// <summary>Takes transfers further, whenever the bus says that one has changed.</summary>
internal sealed class TransferDriver(Database database, PeerClient peers, ToldNotes told, ConformanceProfile conformance, TransferSteps steps, DataPlane.Pusher pusher, TimeProvider time, ILogger<TransferDriver> logger)
    : ProcessDriver<TransferRow>(TransferStore.Table, database, peers, told, conformance, time, logger), IMessageWorker<TransferAdvanced>
{
    private readonly ConformanceProfile profile = conformance;
    private readonly TimeProvider clock = time;

    public async Task WorkAsync(TransferAdvanced message, string? tenant, CancellationToken cancellationToken)
    {
        await DriveAsync(message.City, message.TransferId, message.Told, cancellationToken);
        if (await pusher.PushAsync(message.City, message.TransferId, cancellationToken))
        {
            await DriveAsync(message.City, message.TransferId, null, cancellationToken);
        }
    }

    protected override void Save(Work work, TransferRow row) => work.Save(row);

    protected override async Task<TransferRow?> StepAsync(Work work, TransferRow row, CancellationToken cancellationToken)
    {
        var stepped = profile.ScriptForAgreement(row.AgreementId) is { } script
            ? Scripted(row, script)
            : steps.Decide(row, await work.FindAgreementAsync(row.AgreementId, cancellationToken), Policies.Claims.None);
        if (stepped is not null)
        {
            work.PublishRevocation(stepped, row.State, clock.GetUtcNow());
        }

        return stepped;
    }

    protected override bool HasScript(TransferRow row) => profile.ScriptForAgreement(row.AgreementId) is not null;

    protected override bool IsScripted(TransferRow row) => profile.ScriptForAgreement(row.AgreementId) is { } script && row.Steps < script.Count && script[row.Steps].State == row.State;

    protected override TransferRow Ended(TransferRow row, string reason) => TransferState.IsFinal(row.State) ? row with { Reason = row.Reason ?? reason } : TransferSteps.Terminate(row, reason);

    protected override string StatusPath(TransferRow row) => $"/transfers/{PathSegment.Of(row.PeerPid!)}";

    protected override int Rank(string state) => state switch
    {
        TransferState.Requested => 0,
        TransferState.Started or TransferState.Suspended => 1,
        _ => 2,
    };

    private TransferRow? Scripted(TransferRow row, IReadOnlyList<ScriptStep> script) => !IsScripted(row) ? null : script[row.Steps].Action switch
    {
        "start" => steps.Start(row),
        "complete" => TransferSteps.Complete(row),
        "suspend" => TransferSteps.Suspend(row, "The script suspends this transfer."),
        "terminate" => TransferSteps.Terminate(row, "The script ends this transfer."),
        _ => null,
    } is { } stepped ? stepped with { Steps = row.Steps + 1 } : null;
}
