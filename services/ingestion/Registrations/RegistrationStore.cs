using System.Text.Json.Nodes;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Registrations;

/// <summary>A registration as it is stored, with what forwarding has counted.</summary>
internal sealed record RegistrationRow(
    string Id, JsonObject Document, string Context, DateTime CreatedAt, DateTime ModifiedAt, long TimesSent = 0, long TimesFailed = 0, DateTime? LastSuccess = null, DateTime? LastFailure = null);

/// <summary>Registrations in the database.</summary>
internal static class RegistrationStore
{
    public const string Channel = "source_registrations";

    private const string Columns = "r.id, r.document::text, r.context, r.created_at, r.modified_at, s.times_sent, s.times_failed, s.last_success, s.last_failure";

    /// <exception cref="NgsiLdException">The id is taken (AlreadyExists).</exception>
    public static async Task InsertAsync(Work work, RegistrationRow row, CancellationToken cancellationToken)
    {
        await using (var insert = work.Command(
            "INSERT INTO source_registration (tenant, id, document, context, created_at, modified_at) VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING",
            work.Tenant, row.Id, Sql.Json(row.Document.ToJsonString()), row.Context, row.CreatedAt))
        {
            if (await insert.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                throw NgsiLdException.AlreadyExists($"There is a registration {row.Id} already.");
            }
        }

        await using var state = work.Command("INSERT INTO source_registration_state (tenant, id) VALUES ($1, $2)", work.Tenant, row.Id);
        await state.ExecuteNonQueryAsync(cancellationToken);
        await NotifyAsync(work, cancellationToken);
    }

    public static async Task UpdateAsync(Work work, RegistrationRow row, CancellationToken cancellationToken)
    {
        await using var update = work.Command(
            "UPDATE source_registration SET document = $3, modified_at = $4 WHERE tenant = $1 AND id = $2", work.Tenant, row.Id, Sql.Json(row.Document.ToJsonString()), row.ModifiedAt);
        await update.ExecuteNonQueryAsync(cancellationToken);
        await NotifyAsync(work, cancellationToken);
    }

    public static async Task DeleteAsync(Work work, string id, CancellationToken cancellationToken)
    {
        await using var delete = work.Command("DELETE FROM source_registration WHERE tenant = $1 AND id = $2", work.Tenant, id);
        await delete.ExecuteNonQueryAsync(cancellationToken);
        await NotifyAsync(work, cancellationToken);
    }

    public static async Task<RegistrationRow?> FindAsync(Work work, string id, bool toChange, CancellationToken cancellationToken)
    {
        await using var command = work.Command(
            $"SELECT {Columns} FROM source_registration r JOIN source_registration_state s USING (tenant, id) WHERE r.tenant = $1 AND r.id = $2 {(toChange ? "FOR UPDATE OF r" : "")}", work.Tenant, id);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? Read(rows) : null;
    }

    /// <summary>All of a tenant, in the order of their creation.</summary>
    public static async Task<IReadOnlyList<RegistrationRow>> ListAsync(Work work, CancellationToken cancellationToken)
    {
        await using var command = work.Command(
            $"SELECT {Columns} FROM source_registration r JOIN source_registration_state s USING (tenant, id) WHERE r.tenant = $1 ORDER BY r.created_at, r.id", work.Tenant);
        var found = new List<RegistrationRow>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(Read(rows));
        }

        return found;
    }

    /// <summary>Counts a forwarded request.</summary>
    public static async Task CountAsync(Work work, string id, bool success, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = work.Command("""
            UPDATE source_registration_state SET times_sent = times_sent + 1, times_failed = times_failed + CASE WHEN $3 THEN 0 ELSE 1 END,
                last_success = CASE WHEN $3 THEN $4 ELSE last_success END, last_failure = CASE WHEN $3 THEN last_failure ELSE $4 END
            WHERE tenant = $1 AND id = $2
            """, work.Tenant, id, success, now.UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Tells the other replicas to forget what they know of the tenant's sources.</summary>
    private static async Task NotifyAsync(Work work, CancellationToken cancellationToken)
    {
        await using var command = work.Command($"SELECT pg_notify('{Channel}', $1)", work.Tenant);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static RegistrationRow Read(NpgsqlDataReader row) => new(
        row.GetString(0), JsonNode.Parse(row.GetString(1))!.AsObject(), row.GetString(2), row.GetDateTime(3), row.GetDateTime(4), row.GetInt64(5), row.GetInt64(6),
        row.IsDBNull(7) ? null : row.GetDateTime(7), row.IsDBNull(8) ? null : row.GetDateTime(8));
}
