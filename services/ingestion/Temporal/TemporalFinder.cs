using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Query;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Temporal;

/// <summary>Finds entities by their history (ETSI GS CIM 009, clause 5.7.4): those that have instances in the window, and fulfil the other criteria with what they were in it.</summary>
internal static class TemporalFinder
{
    /// <summary>The entity of this id, without attributes, or null.</summary>
    public static async Task<Entity?> FindAsync(Work work, string id, CancellationToken cancellationToken)
    {
        await using var command = work.Command("SELECT t.id, t.types, t.scopes, t.created_at, t.modified_at, t.deleted_at FROM temporal_entity t WHERE t.tenant = $1 AND t.id = $2", work.Tenant, id);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }

    public static async Task<Page> FindAsync(Work work, EntityQuery query, TemporalQuery temporal, CancellationToken cancellationToken)
    {
        var sql = new SqlBuilder();
        var source = Source(work.Tenant!, query, temporal, sql);
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        batch.BatchCommands.Add(EntityFinder.Settings);
        batch.BatchCommands.Add($"SELECT t.id, t.types, t.scopes, t.created_at, t.modified_at, t.deleted_at {source} ORDER BY t.id {(query.Order?.Terms[0].Descending == true ? "DESC" : "")} LIMIT {query.Limit + 1} OFFSET {query.Offset}", sql.Parameters);
        if (query.Count)
        {
            var count = new SqlBuilder();
            batch.BatchCommands.Add($"SELECT count(*) {Source(work.Tenant!, query, temporal, count)}", count.Parameters);
        }

        try
        {
            return await ReadAsync(batch, query, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw Errors.NgsiLdException.TooComplexQuery("The query would take longer than 20s.");
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidRegularExpression)
        {
            throw Errors.NgsiLdException.BadRequestData("A pattern is no regular expression.");
        }
    }

    /// <summary>The ids of all entities that <see cref="FindAsync(Work, EntityQuery, TemporalQuery, CancellationToken)"/> would find: as many as an entity map holds, and one more where there are more.</summary>
    public static async Task<IReadOnlyList<string>> IdentifyAsync(Database database, string tenant, EntityQuery query, TemporalQuery temporal, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        return [.. (await FindAsync(work, query with { Limit = EntityMapPaging.MaxEntities + 1, Offset = 0, Count = false }, temporal, cancellationToken)).Entities.Select(entity => entity.Id)];
    }

    private static async Task<Page> ReadAsync(NpgsqlBatch batch, EntityQuery query, CancellationToken cancellationToken)
    {
        var entities = new List<Entity>();
        long? total = null;
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken); // past the settings
        while (await rows.ReadAsync(cancellationToken))
        {
            entities.Add(Read(rows));
        }

        if (query.Count && await rows.NextResultAsync(cancellationToken) && await rows.ReadAsync(cancellationToken))
        {
            total = rows.GetInt64(0);
        }

        return new Page([.. entities.Take(query.Limit)], entities.Count > query.Limit, total);
    }

    /// <summary>The statement from FROM on, without its order; entities are called t.</summary>
    public static string Source(string tenant, EntityQuery query, TemporalQuery temporal, SqlBuilder sql)
    {
        var me = sql.Add(tenant);
        var from = "FROM temporal_entity t";
        List<string> conditions = [$"t.tenant = {me}"];
        if (query.Selectors.Count > 0)
        {
            conditions.Add($"({string.Join(" OR ", query.Selectors.Select(selector => string.Join(" AND ", Conditions(selector, sql).DefaultIfEmpty("TRUE"))))})");
        }

        if (query.Among is { } among)
        {
            conditions.Add($"t.id = ANY({sql.Add(among.ToArray())})");
        }

        if (query.OpenTypes is { } open)
        {
            conditions.Add($"t.types && {sql.Add(open.ToArray())}");
        }

        if (query.Scope is { } scope)
        {
            conditions.Add(EntityFinder.Condition(scope, sql, "t.scopes"));
        }

        const string Past = "FROM series s JOIN history h ON h.tenant = s.tenant AND h.series = s.id WHERE s.tenant = t.tenant AND s.entity_id = t.id";
        var attributes = temporal.Attributes is { } names ? $" AND s.attribute = ANY({sql.Add(names.ToArray())})" : "";
        if (temporal.Window.IsBounded || temporal.Attributes is not null)
        {
            conditions.Add($"EXISTS (SELECT {Past}{attributes} AND {temporal.Window.Condition(sql)})");
        }

        if (query.Condition is { } condition)
        {
            from += $" CROSS JOIN LATERAL (SELECT coalesce(jsonb_object_agg(attribute, instances), '{{}}') AS attributes FROM (SELECT s.attribute, jsonb_agg(h.instance) AS instances {Past}"
                + $" AND s.attribute = ANY({sql.Add(condition.Attributes.Distinct().ToArray())}) AND {temporal.Window.Condition(sql, withUnobserved: true)} AND h.deleted_at IS NULL GROUP BY 1) a) d";
            conditions.Add(new QueryCompiler(sql, "d.attributes", null).Compile(condition));
        }

        if (query.Geo is { } geo)
        {
            var geometry = GeoCompiler.Valid("ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(CASE WHEN h.instance ->> 'type' = 'GeoProperty' AND jsonb_typeof(h.instance -> 'value') = 'object' THEN h.instance ->> 'value' END)), 4326)");
            conditions.Add($"EXISTS (SELECT {Past} AND s.attribute = {sql.Add(geo.Attribute)} AND {temporal.Window.Condition(sql, withUnobserved: true)} AND h.deleted_at IS NULL AND {GeoCompiler.Compile(geo, geometry, sql)})");
        }

        return $"{from} WHERE {string.Join(" AND ", conditions)}";
    }

    private static IEnumerable<string> Conditions(EntitySelector selector, SqlBuilder sql)
    {
        if (selector.Ids is { } ids)
        {
            yield return $"t.id = ANY({sql.Add(ids.ToArray())})";
        }

        if (selector.IdPattern is { } pattern)
        {
            yield return $"t.id ~ {sql.Add(pattern)}";
        }

        if (selector.Types is { } types)
        {
            yield return EntityFinder.Compile(types, sql, "t.types");
        }
    }

    private static Entity Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Types = row.GetFieldValue<string[]>(1),
        Scopes = row.IsDBNull(2) ? null : row.GetFieldValue<string[]>(2),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(3),
        ModifiedAt = row.GetFieldValue<DateTimeOffset>(4),
        DeletedAt = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
    };
}
