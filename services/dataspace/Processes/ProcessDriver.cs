using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Peers;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Processes;

/// <summary>
/// Takes a process as far as this side can: decides the next step, commits it together with the message to the other side, then delivers the message. The commit comes first, so that an
/// answer finds the state that the message spoke of, and so that whatever dies, the message is still there. A claim keeps two replicas from delivering it at once; it ends by itself.
/// </summary>
/// <typeparam name="TRow">The kind of process.</typeparam>
internal abstract partial class ProcessDriver<TRow>(Database database, PeerClient peers, ConformanceProfile conformance, TimeProvider time, ILogger logger)
    where TRow : ProcessRow
{
    private const int MaxAttempts = 2000;

    /// <summary>Longer than one delivery takes (ten seconds, see the resilience of outgoing calls).</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>The kind's name in <see cref="DueSteps"/>.</summary>
    protected abstract string Kind { get; }

    protected async Task DriveAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var paused = false;
        for (Delivered? delivered = null; ;)
        {
            var next = await AdvanceAsync(tenant, id, delivered, paused, cancellationToken);
            if (next.Pause)
            {
                await Task.Delay(conformance.Pause, time, cancellationToken);
                (delivered, paused) = (null, true);
                continue;
            }

            if (next.Message is not { } message || next.Row is not { } row)
            {
                return;
            }

            delivered = new Delivered(message, await DeliverAsync(row, message, cancellationToken));
            paused = false;
        }
    }

    /// <summary>Loads the row and locks it.</summary>
    protected abstract Task<TRow?> LoadAsync(Work work, string id, CancellationToken cancellationToken);

    protected abstract Task SaveAsync(Work work, TRow row, CancellationToken cancellationToken);

    /// <summary>This side's next step: the row after it, with the message to send, or null when it is the other side's turn or a person's.</summary>
    protected abstract Task<TRow?> StepAsync(Work work, TRow row, CancellationToken cancellationToken);

    /// <summary>Whether a script decides the next step, and not yet now.</summary>
    protected abstract bool IsScripted(TRow row);

    /// <summary>The row after the other side refused for good what it was told.</summary>
    protected abstract TRow Ended(TRow row, string reason);

    /// <summary>The path at which the other side shows its process.</summary>
    protected abstract string StatusPath(TRow row);

    /// <summary>How far a state is along the way; states between which a process may go to and fro are equally far.</summary>
    protected abstract int Rank(string state);

    private sealed record Delivered(Outgoing Message, PeerAnswer Answer);

    private sealed record Next(TRow? Row, Outgoing? Message, bool Pause);

    /// <summary>One transaction: notes what became of the last message, and takes the next step.</summary>
    private async Task<Next> AdvanceAsync(string tenant, string id, Delivered? delivered, bool paused, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        if (await LoadAsync(work, id, cancellationToken) is not { } row)
        {
            return new Next(null, null, false);
        }

        var before = row;
        if (delivered is not null && row.Pending is { } told && Outgoing.Parse(told).Id == delivered.Message.Id)
        {
            row = await NoteAsync(work, row, delivered.Answer, cancellationToken);
            if (row.Pending is not null)
            {
                // Not delivered: its time comes again.
                await SaveAsync(work, row, cancellationToken);
                await work.CommitAsync(cancellationToken);
                return new Next(null, null, false);
            }
        }

        if (row.Pending is null)
        {
            if (!paused && conformance.Pause > TimeSpan.Zero && IsScripted(row))
            {
                await SaveIfChangedAsync(work, before, row, cancellationToken);
                return new Next(null, null, true);
            }

            if (await StepAsync(work, row, cancellationToken) is { } stepped)
            {
                row = stepped with { ChangedAt = time.GetUtcNow().UtcDateTime };
            }
        }
        else if (row.ClaimedUntil is { } claimed && claimed > time.GetUtcNow().UtcDateTime)
        {
            await DueSteps.NoteAsync(work, Kind, id, new DateTimeOffset(claimed, TimeSpan.Zero), cancellationToken);
            await work.CommitAsync(cancellationToken);
            return new Next(null, null, false);
        }

        var message = row.Pending is { } pending ? Outgoing.Parse(pending) : null;
        if (message is not null)
        {
            row = row with { ClaimedUntil = (time.GetUtcNow() + Claim).UtcDateTime };
        }

        await SaveIfChangedAsync(work, before, row, cancellationToken);
        return new Next(row, message, false);
    }

    private async Task SaveIfChangedAsync(Work work, TRow before, TRow row, CancellationToken cancellationToken)
    {
        if (before != row)
        {
            await SaveAsync(work, row, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }
    }

    private async Task<TRow> NoteAsync(Work work, TRow row, PeerAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.IsDone)
        {
            return row with { Pending = null, ClaimedUntil = null, Attempts = 0, PeerPid = row.PeerPid ?? PidIn(row, answer) };
        }

        if (answer.IsRefusal || row.Attempts + 1 >= MaxAttempts)
        {
            Refused(logger, Kind, row.Id, answer.Reason);
            return Ended(row with { Pending = null, ClaimedUntil = null, Attempts = 0 }, $"The other side refused: {answer.Reason}");
        }

        var pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 200 * Math.Pow(2, row.Attempts)));
        Postponed(logger, Kind, row.Id, pause.TotalSeconds, answer.Reason);
        await DueSteps.NoteAsync(work, Kind, row.Id, time.GetUtcNow() + pause, cancellationToken);
        return row with { Attempts = row.Attempts + 1, ClaimedUntil = null };
    }

    private static string? PidIn(TRow row, PeerAnswer answer) =>
        answer.Body is { } body ? Protocol.MessageCheck.Text(body, row.Role == Negotiation.Role.Consumer ? "providerPid" : "consumerPid") is { Length: > 0 } pid ? pid : null : null;

    private async Task<PeerAnswer> DeliverAsync(TRow row, Outgoing message, CancellationToken cancellationToken)
    {
        var answer = await peers.PostAsync(row.Peer, row.PeerAddress, message.Path, message.Body.ToJsonString(), cancellationToken);
        // What our own guard refuses, the other side has never seen.
        if (!answer.IsRefusal || row.PeerPid is null || answer.Trouble is not null)
        {
            return answer;
        }

        // A refusal may mean that an earlier delivery, whose answer was lost, has arrived: then the other side is already where this message would take it, or further.
        var status = await peers.GetAsync(row.Peer, row.PeerAddress, StatusPath(row), cancellationToken);
        if (status is { IsDone: false, Status: not StatusCodes.Status404NotFound })
        {
            return new PeerAnswer(0, null, "The other side refused, and cannot say now where it is."); // to be asked again
        }

        return status is { IsDone: true, Body: { } body } && Protocol.MessageCheck.Text(body, "state") is { } theirs && (theirs == row.State || Rank(theirs) > Rank(row.State)) ? status : answer;
    }

    [LoggerMessage(3110, LogLevel.Warning, "{Kind} {Id}: the other side refused: {Reason}")]
    private static partial void Refused(ILogger logger, string kind, string id, string reason);

    [LoggerMessage(3111, LogLevel.Information, "{Kind} {Id}: the other side is told again in {Seconds} s: {Reason}")]
    private static partial void Postponed(ILogger logger, string kind, string id, double seconds, string reason);
}
