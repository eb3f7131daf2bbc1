using System.Text.Json;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NpgsqlTypes;

namespace LivingCity.Events.Programme;

/// <summary>
/// Loads the assemblies and forums from 2023 to 2026 at start, where <c>Programme:Demonstration</c> asks for it (in Development it does by itself).
/// Loading again changes nothing but what the file changed. Ready once loaded.
/// </summary>
internal sealed class DemonstrationProgramme(Database database) : BackgroundService, IHealthCheck
{
    private volatile bool loaded;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(loaded ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("loading"));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        await using var work = await database.BeginAsync(null, stoppingToken);
        var events = Read();
        await UpsertAsync(work, events, stoppingToken);
        await work.CommitAsync(stoppingToken);
        loaded = true;
    }

    internal static IReadOnlyList<Event> Read()
    {
        using var stream = typeof(DemonstrationProgramme).Assembly.GetManifestResourceStream("demonstration.json")!;
        return JsonSerializer.Deserialize<List<Event>>(stream, JsonSerializerOptions.Web)!;
    }

    private static async Task UpsertAsync(Work work, IReadOnlyList<Event> events, CancellationToken cancellationToken)
    {
        await using var saveEvents = work.Command("""
            INSERT INTO event (id, position, body) SELECT id, position, body FROM unnest($1, $2) WITH ORDINALITY AS e(id, body, position)
            ON CONFLICT (id) DO UPDATE SET position = excluded.position, body = excluded.body
            """,
            events.Select(item => item.Id).ToArray(), Json(events.Select(item => item with { Sessions = [] })));
        await saveEvents.ExecuteNonQueryAsync(cancellationToken);

        var sessions = events.SelectMany(item => item.Sessions.Select((session, position) => (Event: item.Id, position, session))).ToArray();
        await using var saveSessions = work.Command("""
            INSERT INTO session (id, event_id, position, topics, capacity, exclusive_group, body)
            SELECT id, event_id, position, string_to_array(topics, ' '), capacity, exclusive_group, body
            FROM unnest($1, $2, $3, $4, $5, $6, $7) AS s(id, event_id, position, topics, capacity, exclusive_group, body)
            ON CONFLICT (id) DO UPDATE SET position = excluded.position, topics = excluded.topics, capacity = excluded.capacity, exclusive_group = excluded.exclusive_group, body = excluded.body
            """,
            sessions.Select(row => row.session.Id).ToArray(), sessions.Select(row => row.Event).ToArray(), sessions.Select(row => row.position).ToArray(),
            sessions.Select(row => string.Join(' ', row.session.Topics)).ToArray(), sessions.Select(row => row.session.Capacity).ToArray(),
            new Npgsql.NpgsqlParameter { Value = sessions.Select(row => row.session.ExclusiveGroup).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            Json(sessions.Select(row => row.session)));
        await saveSessions.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Npgsql.NpgsqlParameter Json<T>(IEnumerable<T> values) =>
        new() { Value = values.Select(value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };
}
