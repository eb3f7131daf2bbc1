using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Peers;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Processes;

/// <summary>
/// Takes a process as far as this side can. Usually its next step was taken in the transaction that received the other side's message, and only has to be told: that is one read, one call
/// and one write. Scripted steps, and what could not be delivered, are taken here: decide, commit together with the message to the other side, then deliver. The commit comes first, so that
/// an answer finds the state that the message spoke of, and so that whatever dies, the message is still there. A claim keeps two replicas from trying again at once; it ends by itself.
/// </summary>
/// <typeparam name="TRow">The kind of process.</typeparam>
internal abstract partial class ProcessDriver<TRow>(ProcessTable<TRow> table, Database database, PeerClient peers, ToldNotes told, ConformanceProfile conformance, TimeProvider time, ILogger logger)
    where TRow : ProcessRow
{
    private const int MaxAttempts = 2000;

    /// <summary>How often a peer that does not know a process which it has acknowledged is asked again: it may have answered before it has stored.</summary>
    private const int Doubts = 3;

    /// <summary>Longer than one delivery takes (ten seconds, see the resilience of outgoing calls).</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private string Kind => table.Name;

    protected async Task DriveAsync(string tenant, string id, Guid? news, CancellationToken cancellationToken)
    {
        var delivered = news is { } message ? await TellAsync(tenant, id, message, cancellationToken) : null;
        if (news is null || delivered is not null)
        {
            await AdvanceAllAsync(tenant, id, delivered, cancellationToken);
        }
    }

    /// <summary>Says what a transaction of this process has just left to say, and notes that it was said.</summary>
    public async Task TellAsync(TRow row, CancellationToken cancellationToken)
    {
        // That it is noted nobody waits for here: this replica's turns are for what is to be said.
        if (await SayAsync(row, Outgoing.Parse(row.Pending!), cancellationToken) is { Delivered: { } delivered })
        {
            await AdvanceAllAsync(row.Tenant, row.Id, delivered, cancellationToken);
        }
    }

    private async Task AdvanceAllAsync(string tenant, string id, Delivered? delivered, CancellationToken cancellationToken)
    {
        for (var paused = false; ;)
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

    /// <summary>Saves the row when the transaction commits.</summary>
    protected abstract void Save(Work work, TRow row);

    /// <summary>This side's next step: the row after it, with the message to send, or null when it is the other side's turn or a person's.</summary>
    protected abstract Task<TRow?> StepAsync(Work work, TRow row, CancellationToken cancellationToken);

    /// <summary>Whether a script decides what this side does, one step after the other.</summary>
    protected abstract bool HasScript(TRow row);

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

    /// <summary>
    /// Delivers the one message that a transaction left with its news. Should a crash bring the same news twice, the other side refuses the second message, and shows that it has the first.
    /// </summary>
    /// <returns>What is still to be noted, or null when all is done.</returns>
    private async Task<Delivered?> TellAsync(string tenant, string id, Guid news, CancellationToken cancellationToken)
    {
        if (await table.PeekAsync(database, tenant, id, cancellationToken) is not { Pending: { } pending } row || Outgoing.Parse(pending) is not { } message || message.Id != news)
        {
            return null; // overtaken by what the other side or a person said since
        }

        var (delivered, noted) = await SayAsync(row, message, cancellationToken);
        await noted;
        return delivered;
    }

    /// <returns>What is still to be noted under a lock, or null when all is done but for the note that completes by itself.</returns>
    private async Task<(Delivered? Delivered, Task Noted)> SayAsync(TRow row, Outgoing message, CancellationToken cancellationToken)
    {
        var answer = await DeliverAsync(row, message, cancellationToken);
        if (!answer.IsDone || HasScript(row))
        {
            return (new Delivered(message, answer), Task.CompletedTask);
        }

        return (null, told.NoteAsync(new Told(Kind, row.Tenant, row.Id, message.Id, PidIn(row, answer))));
    }

    /// <summary>One transaction: notes what became of the last message, and takes the next step.</summary>
    private async Task<Next> AdvanceAsync(string tenant, string id, Delivered? delivered, bool paused, CancellationToken cancellationToken)
    {
        var (begun, found) = await table.BeginAsync(database, tenant, id, cancellationToken);
        await using var work = begun;
        if (found is not { } row)
        {
            return new Next(null, null, false);
        }

        var before = row;
        if (delivered is not null && row.Pending is { } waiting && Outgoing.Parse(waiting).Id == delivered.Message.Id)
        {
            row = Note(work, row, delivered.Answer);
            if (row.Pending is not null)
            {
                // Not delivered: its time comes again.
                Save(work, row);
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
            DueSteps.Note(work, Kind, id, new DateTimeOffset(claimed, TimeSpan.Zero));
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
            Save(work, row);
            await work.CommitAsync(cancellationToken);
        }
    }

    private TRow Note(Work work, TRow row, PeerAnswer answer)
    {
        if (answer.IsDone)
        {
            return row with { Pending = null, ClaimedUntil = null, Attempts = 0, PeerPid = row.PeerPid ?? PidIn(row, answer) };
        }

        var isDoubtful = answer.Status == StatusCodes.Status404NotFound && row.PeerPid is not null && row.Attempts < Doubts;
        if ((answer.IsRefusal && !isDoubtful) || row.Attempts + 1 >= MaxAttempts)
        {
            Refused(logger, Kind, row.Id, answer.Reason);
            return Ended(row with { Pending = null, ClaimedUntil = null, Attempts = 0 }, $"The other side refused: {answer.Reason}");
        }

        var pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 200 * Math.Pow(2, row.Attempts)));
        Postponed(logger, Kind, row.Id, pause.TotalSeconds, answer.Reason);
        DueSteps.Note(work, Kind, row.Id, time.GetUtcNow() + pause);
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
