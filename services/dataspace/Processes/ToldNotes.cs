using System.Threading.Channels;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Dataspace.Processes;

/// <summary>A message that the other side has taken.</summary>
/// <param name="Kind">The kind of process.</param>
/// <param name="Tenant">Whose process.</param>
/// <param name="Id">This side's process id.</param>
/// <param name="Message">The message.</param>
/// <param name="PeerPid">The other side's process id, as its answer tells it.</param>
internal sealed record Told(string Kind, string Tenant, string Id, Guid Message, string? PeerPid)
{
    public TaskCompletionSource Noted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// Notes which messages were taken: all that were said within a moment, in one transaction. Usually the other side has answered by then, and nothing is left to note but that no step is due. What a crash keeps from
/// being noted is said again when its step is due.
/// </summary>
internal sealed partial class ToldNotes(Database database, TimeProvider time, ILogger<ToldNotes> logger) : BackgroundService
{
    private const int Most = 500;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly Channel<Told> told = Channel.CreateUnbounded<Told>(new UnboundedChannelOptions { SingleReader = true });

    /// <returns>Completes when it is noted, or cannot be.</returns>
    public Task NoteAsync(Told note) => told.Writer.TryWrite(note) ? note.Noted.Task : Task.CompletedTask;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        told.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not the stopping token: what was said before the stop is noted still.
        while (await told.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await Task.Delay(Moment, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var notes = new List<Told>();
            while (notes.Count < Most && told.Reader.TryRead(out var note))
            {
                notes.Add(note);
            }

            foreach (var group in notes.GroupBy(note => (note.Kind, note.Tenant)))
            {
                await WriteAsync(group.Key.Kind, group.Key.Tenant, [.. group]);
            }
        }
    }

    private async Task WriteAsync(string kind, string tenant, IReadOnlyList<Told> notes)
    {
        var ids = new NpgsqlParameter { Value = notes.Select(note => note.Id).ToArray() };
        var messages = new NpgsqlParameter { Value = notes.Select(note => note.Message).ToArray() };
        try
        {
            await database.ReadAsync(
                tenant,
                [
                    new($"""
                        UPDATE {kind} p SET pending = NULL, claimed_until = NULL, attempts = 0, peer_pid = coalesce(p.peer_pid, t.pid)
                        FROM unnest($2, $3, $4) AS t(id, message, pid) WHERE p.tenant = $1 AND p.id = t.id AND (p.pending ->> 'id')::uuid = t.message
                        """)
                    {
                        Parameters = { new() { Value = tenant }, ids, messages, new() { Value = notes.Select(note => note.PeerPid).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } },
                    },
                    new("DELETE FROM due_step d USING unnest($3, $4) AS t(id, message) WHERE d.kind = $1 AND d.tenant = $2 AND d.process_id = t.id AND d.told = t.message")
                    {
                        Parameters = { new() { Value = kind }, new() { Value = tenant }, ids.Clone(), messages.Clone() },
                    },
                ],
                async results =>
                {
                    while (await results.NextResultAsync())
                    {
                        // An error of a statement shows when its result is reached.
                    }

                    return true;
                },
                CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or ProblemException)
        {
            Lost(logger, notes.Count, kind, exception.Message);
        }
        finally
        {
            foreach (var note in notes)
            {
                note.Noted.TrySetResult();
            }
        }
    }

    [LoggerMessage(3113, LogLevel.Warning, "{Count} messages of a {Kind} were taken and that is not noted, so they will be said again: {Reason}")]
    private static partial void Lost(ILogger logger, int count, string kind, string reason);
}
