using System.Collections.Concurrent;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Events.Registration;

/// <summary>Which event a session belongs to and who organises it: neither ever changes. Safe for concurrent use.</summary>
internal sealed class SessionDirectory(Database database)
{
    private readonly ConcurrentDictionary<string, (string Event, string Owner)> sessions = new();
    private readonly ConcurrentDictionary<string, string> events = new();

    /// <exception cref="ProblemException">There is no such session (404).</exception>
    public async ValueTask<(string Event, string Owner)> FindAsync(string session, CancellationToken cancellationToken)
    {
        if (sessions.TryGetValue(session, out var known))
        {
            return known;
        }

        await using var work = await database.BeginAsync(null, cancellationToken);
        await using var find = work.Command("SELECT e.id, e.owner FROM session s JOIN event e ON e.id = s.event_id WHERE s.id = $1", session);
        await using var row = await find.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? sessions[session] = (row.GetString(0), row.GetString(1)) : throw Problem.NotFound.Throw($"There is no session {session}.");
    }

    /// <summary>The city that organises an event.</summary>
    /// <exception cref="ProblemException">There is no such event (404).</exception>
    public async ValueTask<string> OwnerAsync(string eventId, CancellationToken cancellationToken)
    {
        if (events.TryGetValue(eventId, out var known))
        {
            return known;
        }

        await using var work = await database.BeginAsync(null, cancellationToken);
        await using var find = work.Command("SELECT owner FROM event WHERE id = $1", eventId);
        return await find.ExecuteScalarAsync(cancellationToken) is string owner ? events[eventId] = owner : throw Problem.NotFound.Throw($"There is no event {eventId}.");
    }

    /// <summary>The event's owner, where the caller is one of its organisers.</summary>
    /// <exception cref="ProblemException">There is no such event for this caller (404).</exception>
    public async ValueTask<string> RequireOrganiserAsync(string eventId, ServiceDefaults.Security.Caller caller, CancellationToken cancellationToken) =>
        await OwnerAsync(eventId, cancellationToken) is var owner && (owner == caller.City || caller.IsPlatformAdmin) ? owner : throw Problem.NotFound.Throw($"There is no event {eventId}.");
}
