using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Temporal;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Snapshots;

/// <summary>
/// Copies data from one tenant to another inside the database and one transaction: it is gathered in temporary tables under the one, and put down under the other, so that row-level security
/// holds for either side.
/// </summary>
internal sealed class SnapshotCopy(Work work, CancellationToken cancellationToken)
{
    /// <summary>Makes the temporary tables.</summary>
    public Task BeginAsync() => RunAsync("""
        CREATE TEMP TABLE copied_entity (LIKE entity) ON COMMIT DROP;
        CREATE TEMP TABLE copied_past (LIKE temporal_entity) ON COMMIT DROP;
        CREATE TEMP TABLE copied_history (entity_id text, attribute text, dataset_id text, at timestamptz, number double precision, observed boolean, created_at timestamptz, modified_at timestamptz, deleted_at timestamptz, instance jsonb) ON COMMIT DROP
        """);

    /// <summary>Acts for another tenant from here on.</summary>
    public Task ActForAsync(string tenant) => RunAsync("SELECT set_config('app.tenant', $1, true)", tenant);

    /// <summary>Gathers the entities that a query finds: one statement, so they are those of one instant.</summary>
    /// <param name="source">The statement from FROM on; entities are called e.</param>
    /// <param name="sql">Its parameters.</param>
    /// <returns>How many there are.</returns>
    public Task<int> GatherAsync(string source, SqlBuilder sql) => RunAsync($"INSERT INTO copied_entity SELECT e.* {source}", [.. sql.Parameters]);

    /// <summary>Gathers the histories that a query finds, as far as they lie in its window.</summary>
    /// <returns>Of how many entities.</returns>
    public async Task<int> GatherHistoryAsync(string tenant, EntityQuery query, TemporalQuery temporal)
    {
        var sql = new SqlBuilder();
        var found = await RunAsync($"INSERT INTO copied_past SELECT t.* {TemporalFinder.Source(tenant, query, temporal, sql)}", [.. sql.Parameters]);
        var rows = new SqlBuilder();
        await RunAsync($"""
            INSERT INTO copied_history SELECT s.entity_id, s.attribute, s.dataset_id, h.at, h.number, h.observed, h.created_at, h.modified_at, h.deleted_at, h.instance
            FROM series s JOIN history h ON h.tenant = s.tenant AND h.series = s.id
            WHERE s.tenant = {rows.Add(tenant)} AND s.entity_id IN (SELECT t.id {TemporalFinder.Source(tenant, query, temporal, rows)}) AND {temporal.Window.Condition(rows)}
            """, [.. rows.Parameters]);
        return found;
    }

    /// <summary>Gathers all that a tenant has.</summary>
    public async Task GatherAllAsync(string tenant)
    {
        await RunAsync("INSERT INTO copied_entity SELECT * FROM entity WHERE tenant = $1", tenant);
        await RunAsync("INSERT INTO copied_past SELECT * FROM temporal_entity WHERE tenant = $1", tenant);
        await RunAsync("""
            INSERT INTO copied_history SELECT s.entity_id, s.attribute, s.dataset_id, h.at, h.number, h.observed, h.created_at, h.modified_at, h.deleted_at, h.instance
            FROM series s JOIN history h ON h.tenant = s.tenant AND h.series = s.id WHERE s.tenant = $1
            """, tenant);
    }

    /// <summary>Puts what was gathered down under the tenant that is acted for.</summary>
    /// <param name="from">The tenant it comes from.</param>
    /// <param name="to">The tenant that is acted for.</param>
    /// <param name="remote">Entities from elsewhere; they stand for those of the same id that were gathered.</param>
    public async Task PutAsync(string from, string to, IReadOnlyList<Entity> remote)
    {
        await RunAsync("INSERT INTO tenant (id) VALUES ($1) ON CONFLICT DO NOTHING", to);
        await RunAsync("DELETE FROM copied_entity WHERE id = ANY($1)", (object)remote.Select(entity => entity.Id).ToArray());
        await RunAsync("""
            INSERT INTO entity (tenant, id, types, scopes, attributes, created_at, modified_at, expires_at)
            SELECT DISTINCT ON (id) $1, id, types, scopes, attributes, created_at, modified_at, expires_at FROM copied_entity
            """, to);
        await RunAsync("INSERT INTO entity_type (tenant, type, id) SELECT DISTINCT $1, unnest(types), id FROM copied_entity", to);
        await RunAsync("INSERT INTO entity_search (tenant, id, facts) SELECT $2, id, facts FROM entity_search WHERE tenant = $1 AND id IN (SELECT id FROM copied_entity)", from, to);
        await RunAsync("INSERT INTO attribute_expiry (tenant, id, expires_at) SELECT $2, id, expires_at FROM attribute_expiry WHERE tenant = $1 AND id IN (SELECT id FROM copied_entity)", from, to);
        await RunAsync("INSERT INTO entity_geometry (tenant, id, types, attribute, geometry) SELECT $2, id, types, attribute, geometry FROM entity_geometry WHERE tenant = $1 AND id IN (SELECT id FROM copied_entity)", from, to);
        await using (var batch = new NpgsqlBatch(work.Connection, work.Transaction))
        {
            EntityStore.Import(batch.BatchCommands, to, remote);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await RunAsync("""
            INSERT INTO temporal_entity (tenant, id, types, scopes, created_at, modified_at, deleted_at)
            SELECT DISTINCT ON (id) $1, id, types, scopes, created_at, modified_at, deleted_at FROM copied_past
            """, to);
        await RunAsync("INSERT INTO series (tenant, entity_id, attribute, dataset_id) SELECT DISTINCT $1, entity_id, attribute, dataset_id FROM copied_history", to);
        await RunAsync("""
            INSERT INTO history (tenant, series, at, number, observed, created_at, modified_at, deleted_at, instance)
            SELECT DISTINCT ON (s.id, h.at) $1, s.id, h.at, h.number, h.observed, h.created_at, h.modified_at, h.deleted_at, h.instance
            FROM copied_history h JOIN series s ON s.tenant = $1 AND s.entity_id = h.entity_id AND s.attribute = h.attribute AND s.dataset_id = h.dataset_id
            """, to);
    }

    private async Task<int> RunAsync(string sql, params object[] parameters)
    {
        await using var command = work.Command(sql, parameters);
        command.CommandTimeout = 0;
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
