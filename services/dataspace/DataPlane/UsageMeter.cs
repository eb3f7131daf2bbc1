using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Duties;
using LivingCity.Dataspace.Ledger;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Transfer;
using LivingCity.Dataspace.Trust;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>A use of data that asks to be let through.</summary>
internal sealed record UsageRequest(string Tenant, string TransferId, byte[] TokenSha256, string What);

/// <summary>What became of it.</summary>
/// <param name="Status">200, or what to answer instead.</param>
/// <param name="Decision">The policy's word, where it was asked.</param>
/// <param name="Transfer">The transfer, where there is one.</param>
internal sealed record Admission(int Status, Decision? Decision, TransferRow? Transfer, string Reason);

/// <summary>
/// Lets uses of data through, or not. Whoever waits at the same time is admitted in one transaction per agreement: state, policy, counters and ledger are looked at and written under the ledger's lock, so that
/// no count is exceeded however many replicas ask, and no data leaves before its entry is durable.
/// </summary>
internal sealed class UsageMeter(Database database, Areas areas, ShownCredentials shown, TimeProvider time) : BackgroundService
{
    private const int BatchSize = 500;
    private const int Waiting = 10_000;

    private readonly Channel<(UsageRequest Request, TaskCompletionSource<Admission> Answer)> queue =
        Channel.CreateBounded<(UsageRequest, TaskCompletionSource<Admission>)>(new BoundedChannelOptions(Waiting) { SingleReader = true });

    private readonly ConcurrentDictionary<(string Tenant, string Transfer), string?> peersToAsk = new();

    public async Task<Admission> AdmitAsync(UsageRequest request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<Admission>(TaskCreationOptions.RunContinuationsAsynchronously);
        await queue.Writer.WriteAsync((request, answer), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await queue.Reader.WaitToReadAsync(stoppingToken))
        {
            var batch = new List<(UsageRequest Request, TaskCompletionSource<Admission> Answer)>();
            while (batch.Count < BatchSize && queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
            }

            await Parallel.ForEachAsync(batch.GroupBy(item => (item.Request.Tenant, item.Request.TransferId)), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = stoppingToken },
                async (group, stop) => await AdmitAsync(group.Key.Tenant, group.Key.TransferId, [.. group], stop));
        }
    }

    private async Task AdmitAsync(string tenant, string transferId, IReadOnlyList<(UsageRequest Request, TaskCompletionSource<Admission> Answer)> waiting, CancellationToken cancellationToken)
    {
        try
        {
            var admissions = await DecideAsync(tenant, transferId, [.. waiting.Select(item => item.Request)], cancellationToken);
            foreach (var (item, admission) in waiting.Zip(admissions))
            {
                item.Answer.TrySetResult(admission);
            }
        }
        catch (Exception exception) when (exception is Npgsql.NpgsqlException or TimeoutException or ProblemException or OperationCanceledException)
        {
            foreach (var (_, answer) in waiting)
            {
                answer.TrySetException(exception);
            }
        }
    }

    private async Task<IReadOnlyList<Admission>> DecideAsync(string tenant, string transferId, IReadOnlyList<UsageRequest> requests, CancellationToken cancellationToken)
    {
        var known = await areas.AllAsync(cancellationToken);

        // Asked before the lock is taken: an issuer's status list may be slow.
        var claims = await PeerToAskAsync(tenant, transferId, cancellationToken) is { } peer ? await shown.ClaimsOfAsync(peer, cancellationToken) : Claims.None;
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        if (await work.FindTransferAsync(transferId, cancellationToken) is not { Role: Negotiation.Role.Provider } transfer || await work.FindAgreementAsync(transfer.AgreementId, cancellationToken) is not { } agreement)
        {
            return [.. requests.Select(_ => new Admission(StatusCodes.Status404NotFound, null, null, "There is no such transfer."))];
        }

        var head = await work.LockLedgerAsync(agreement.Id, agreement.Peer, cancellationToken);

        // What was read before the lock may have changed while it was waited for.
        transfer = (await work.FindTransferAsync(transferId, cancellationToken))!;
        agreement = (await work.FindAgreementAsync(transfer.AgreementId, cancellationToken))!;
        var now = time.GetUtcNow();
        var policy = PolicyJson.Read(agreement.Policy);
        var names = known.Keys.ToHashSet();
        var admissions = new List<Admission>(requests.Count);
        var entries = new List<LedgerEntry>(requests.Count);
        foreach (var request in requests)
        {
            var admission = Decide(request, transfer, agreement, policy, names, claims, head, now);
            admissions.Add(admission);
            if (admission.Decision is null)
            {
                continue; // a stranger at the door is no entry in an agreement's ledger
            }

            var granted = admission.Status == StatusCodes.Status200OK;
            var entry = LedgerChain.Append(agreement.Id, head.Number + 1, now, granted ? "granted" : "refused", Body(request, transfer, admission), head.Hash);
            entries.Add(entry);
            var minute = new DateTime(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), DateTimeKind.Utc);
            head = head with
            {
                Number = entry.Number,
                Hash = entry.Hash,
                Granted = head.Granted + (granted ? 1 : 0),
                Refused = head.Refused + (granted ? 0 : 1),
                Minute = minute,
                MinuteGranted = (head.Minute.Ticks == minute.Ticks ? head.MinuteGranted : 0) + (granted ? 1 : 0),
            };
        }

        if (entries.Count > 0)
        {
            await work.AppendAsync(agreement.Id, head, entries, cancellationToken);
            if (admissions.FirstOrDefault(admission => admission.Status == StatusCodes.Status200OK)?.Decision?.DeleteAfter is { } period)
            {
                await work.BeginDeletionAsync(agreement.Id, agreement.Role, now + period, cancellationToken);
            }

            await work.CommitAsync(cancellationToken);
        }

        return admissions;
    }

    /// <summary>Whose credentials the policy of a transfer's agreement asks for, or null when it asks for none. A policy never changes once it is agreed to, so it is looked at once.</summary>
    private async Task<string?> PeerToAskAsync(string tenant, string transferId, CancellationToken cancellationToken)
    {
        if (peersToAsk.TryGetValue((tenant, transferId), out var known))
        {
            return known;
        }

        await using var work = await database.BeginAsync(tenant, cancellationToken);
        if (await work.FindTransferAsync(transferId, cancellationToken) is not { } transfer || await work.FindAgreementAsync(transfer.AgreementId, cancellationToken) is not { } agreement)
        {
            return null;
        }

        if (peersToAsk.Count > Waiting)
        {
            peersToAsk.Clear();
        }

        return peersToAsk[(tenant, transferId)] = PolicyTerms.AsksForClaims(PolicyJson.Read(agreement.Policy)) ? agreement.Peer : null;
    }

    private static Admission Decide(UsageRequest request, TransferRow transfer, AgreementRow agreement, Policy policy, HashSet<string> areas, Claims claims, LedgerHead head, DateTimeOffset now)
    {
        if (transfer.TokenSha256 is not { } expected || !System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(expected, request.TokenSha256))
        {
            return new Admission(StatusCodes.Status401Unauthorized, null, null, "The token does not open this.");
        }

        if (transfer.State != TransferState.Started || agreement.State != AgreementState.Active || transfer.ExpiresAt is not { } end || end <= now.UtcDateTime)
        {
            var closed = new Reason("closed", "transfer", $"The transfer is {transfer.State}, its agreement {agreement.State}.");
            return new Admission(StatusCodes.Status403Forbidden, Decision.Deny([closed]), transfer, closed.Text);
        }

        var minute = now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute);
        var decision = PolicyEvaluator.Evaluate(policy, new Facts
        {
            Stage = Stage.Request,
            Now = now,
            Purpose = transfer.Purpose,
            Used = head.Granted,
            UsedInLastMinute = head.Minute.Ticks == minute ? head.MinuteGranted : 0,
            Areas = areas,
            Claims = claims,
        });
        return decision.Permitted ? new Admission(StatusCodes.Status200OK, decision, transfer, "")
            : new Admission(decision.Reasons.Any(reason => reason.Code == "rate") ? StatusCodes.Status429TooManyRequests : StatusCodes.Status403Forbidden, decision, transfer, decision.Explanation);
    }

    private static string Body(UsageRequest request, TransferRow transfer, Admission admission)
    {
        var body = new JsonObject { ["transfer"] = transfer.Id, ["dataset"] = transfer.DatasetId, ["consumer"] = transfer.Peer, ["purpose"] = transfer.Purpose, ["what"] = request.What };
        if (admission.Status != StatusCodes.Status200OK)
        {
            body["reason"] = admission.Reason;
        }

        return body.ToJsonString();
    }
}
