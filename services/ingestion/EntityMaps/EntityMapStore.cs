using System.Text.Json;
using LivingCity.Ingestion.Entities;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.EntityMaps;

/// <summary>Entity maps in the database: every replica can serve the next page.</summary>
internal sealed class EntityMapStore(Database database, TimeProvider time)
{
    public Task InsertAsync(string tenant, EntityMap map, CancellationToken cancellationToken) => database.WriteAsync(
        tenant,
        Statement.Of(
            "INSERT INTO entity_map (tenant, id, expires_at, entities, sources, linked) VALUES ($1, $2, $3, $4, $5, $6)",
            tenant, map.Id, map.ExpiresAt, map.Candidates.Entities.ToArray(), Sql.Json(JsonSerializer.Serialize(map.Candidates.Sources)), Sql.Json(JsonSerializer.Serialize(map.Candidates.Linked))),
        cancellationToken);

    /// <summary>The map, or null when there is none or its time is over.</summary>
    public Task<EntityMap?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => database.ReadAsync(
        tenant,
        [Statement.Of("SELECT id, expires_at, entities, sources::text, linked::text FROM entity_map WHERE tenant = $1 AND id = $2 AND expires_at > $3", tenant, id, time.GetUtcNow())],
        async row => await row.ReadAsync(cancellationToken) ? Read(row) : null,
        cancellationToken);

    /// <returns>Whether there was one.</returns>
    public Task<bool> ExtendAsync(string tenant, string id, DateTimeOffset expiresAt, CancellationToken cancellationToken) => AnyAsync(
        tenant, Statement.Of("UPDATE entity_map SET expires_at = $4 WHERE tenant = $1 AND id = $2 AND expires_at > $3", tenant, id, time.GetUtcNow(), expiresAt), cancellationToken);

    /// <returns>Whether there was one.</returns>
    public Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) =>
        AnyAsync(tenant, Statement.Of("DELETE FROM entity_map WHERE tenant = $1 AND id = $2 AND expires_at > $3", tenant, id, time.GetUtcNow()), cancellationToken);

    public Task DeleteExpiredAsync(string tenant, CancellationToken cancellationToken) =>
        database.WriteAsync(tenant, Statement.Of("DELETE FROM entity_map WHERE tenant = $1 AND expires_at <= $2", tenant, time.GetUtcNow()), cancellationToken);

    private Task<bool> AnyAsync(string tenant, NpgsqlBatchCommand statement, CancellationToken cancellationToken) =>
        database.ReadAsync(tenant, [statement], _ => Task.FromResult(statement.RecordsAffected > 0), cancellationToken);

    private static EntityMap Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), new Candidates(
        row.GetFieldValue<string[]>(2), JsonSerializer.Deserialize<Dictionary<string, string[]>>(row.GetString(3))!, JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(4))!));
}
