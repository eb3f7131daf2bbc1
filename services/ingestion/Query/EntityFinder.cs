using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Errors;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Query;

/// <summary>What a query found.</summary>
/// <param name="Entities">One page.</param>
/// <param name="HasMore">Whether more follow.</param>
/// <param name="Count">The number of all results, where it was wanted.</param>
internal sealed record Page(IReadOnlyList<Entity> Entities, bool HasMore, long? Count)
{
    /// <summary>The offset of the next page, where it is not simply behind this one.</summary>
    public int? Next { get; init; }
}

/// <summary>Answers queries for entities: each is one parameterised statement, and another one for the count.</summary>
internal sealed class EntityFinder(Database database, QueryTurns turns, CommonFacts common, Collations collations, TimeProvider time)
{
    /// <summary>How long a statement may run before the query counts as too complex.</summary>
    public const string Patience = "20s";

    /// <summary>
    /// Goes before a query: a limit for its time, and no compiling of its expressions, which takes longer than evaluating them for a page.
    /// </summary>
    public const string Settings = $"SELECT set_config('statement_timeout', '{Patience}', true), set_config('jit', 'off', true)";

    /// <summary>
    /// The same, with one plan for all values: subqueries and indexes leave the planner little to choose, and to plan for each value anew, places above all, takes as long as to find.
    /// </summary>
    private const string PlannedOnce = $"{Settings}, set_config('plan_cache_mode', 'force_generic_plan', true)";

    /// <summary>Finds entities in one round trip.</summary>
    /// <exception cref="NgsiLdException">The database takes too long (TooComplexQuery), or cannot read a pattern (BadRequestData).</exception>
    public Task<Page> FindAsync(string tenant, EntityQuery query, CancellationToken cancellationToken) => ExplainAsync(query, () => turns.RunAsync(() => database.ReadAsync(tenant, Statements(tenant, query), async rows =>
    {
        await rows.NextResultAsync(cancellationToken); // past the settings
        return await ReadAsync(rows, query, cancellationToken);
    }, cancellationToken), cancellationToken), cancellationToken);

    /// <summary>The ids of all entities that fulfil a query, in its order: as many as an entity map holds, and one more where there are more.</summary>
    public async Task<IReadOnlyList<string>> IdentifyAsync(string tenant, EntityQuery query, CancellationToken cancellationToken)
    {
        var sql = new SqlBuilder();
        var source = Source(tenant, query, sql);
        var order = new OrderCompiler(sql, tenant).Compile(query.Order, IsByType(query) ? "t.id" : "e.id");
        var ids = new List<string>();
        await ExplainAsync(query, () => database.ReadAsync(tenant, [Statement.Of(Settings), Statement.Of($"SELECT e.id {source} ORDER BY {order} LIMIT {EntityMapPaging.MaxEntities + 1}", sql.Parameters)], async rows =>
        {
            await rows.NextResultAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                ids.Add(rows.GetString(0));
            }

            return ids;
        }, cancellationToken), cancellationToken);
        return ids;
    }

    /// <summary>Finds entities in a transaction in which more will be read.</summary>
    public Task<Page> FindAsync(Work work, EntityQuery query, CancellationToken cancellationToken) => ExplainAsync(query, async () =>
    {
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        foreach (var statement in Statements(work.Tenant!, query))
        {
            batch.BatchCommands.Add(statement);
        }

        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        return await ReadAsync(rows, query, cancellationToken);
    }, cancellationToken);

    private IEnumerable<NpgsqlBatchCommand> Statements(string tenant, EntityQuery query)
    {
        yield return Statement.Of(PlannedOnce);
        if (query.Limit > 0)
        {
            var sql = new SqlBuilder();
            var source = Source(tenant, query, sql);
            var order = new OrderCompiler(sql, tenant).Compile(query.Order, IsByType(query) ? "t.id" : "e.id");
            yield return Statement.Of($"SELECT {EntityStore.Columns} {source} ORDER BY {order} LIMIT {query.Limit + 1} OFFSET {query.Offset}", sql.Parameters);
        }

        if (query.Count)
        {
            var count = new SqlBuilder();
            yield return Statement.Of($"SELECT count(*) {Source(tenant, query, count)}", count.Parameters);
        }
    }

    private async Task<T> ExplainAsync<T>(EntityQuery query, Func<Task<T>> find, CancellationToken cancellationToken)
    {
        if (query.Order?.Collation is { } collation)
        {
            await collations.EnsureAsync(collation, cancellationToken);
        }

        try
        {
            return await find();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw NgsiLdException.TooComplexQuery($"The query would take longer than {Patience}.");
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidRegularExpression)
        {
            throw NgsiLdException.BadRequestData("A pattern is no regular expression.");
        }
    }

    /// <summary>The statement from FROM on, without its order; entities are called e.</summary>
    public string Source(string tenant, EntityQuery query, SqlBuilder sql)
    {
        var me = sql.Add(tenant);
        var from = Searched(query, me, sql) ?? "FROM entity e";
        List<string> conditions = [$"e.tenant = {me}", $"(e.expires_at IS NULL OR e.expires_at > {sql.Add(time.GetUtcNow())})"];
        if (IsByType(query) && query.Selectors is [{ Types: TypeExpression.Is type } only])
        {
            from = "FROM entity_type t JOIN entity e ON e.tenant = t.tenant AND e.id = t.id";
            conditions.AddRange([$"t.tenant = {me}", $"t.type = {sql.Add(type.Iri)}"]);
            conditions.AddRange(Conditions(only with { Types = null }, sql));
        }
        else if (query.Selectors.Count > 0)
        {
            conditions.Add($"({string.Join(" OR ", query.Selectors.Select(selector => string.Join(" AND ", Conditions(selector, sql).DefaultIfEmpty("TRUE"))))})");
        }

        if (query.Among is { } among)
        {
            conditions.Add($"e.id = ANY({sql.Add(among.ToArray())})");
        }

        if (query.AnyAttribute is { } attributes)
        {
            conditions.Add($"e.attributes ?| {sql.Add(attributes.ToArray())}");
        }

        if (query.OpenTypes is { } open)
        {
            conditions.Add($"e.types && {sql.Add(open.ToArray())}");
        }

        if (query.Scope is { } scope)
        {
            conditions.Add(Condition(scope, sql));
        }

        if (query.Condition is { } condition)
        {
            conditions.Add(new QueryCompiler(sql, "e.attributes", "e").Compile(condition));
        }

        return $"{from} WHERE {string.Join(" AND ", conditions)}";
    }

    /// <summary>The regular expressions of a scope query, of which one alternative holds.</summary>
    public static string Condition(ScopeQuery scope, SqlBuilder sql, string scopes = "e.scopes") =>
        $"({string.Join(" OR ", scope.Patterns.Select(all => $"({string.Join(" AND ", all.Select(pattern => $"EXISTS (SELECT FROM unnest({scopes}) s WHERE '/' || ltrim(s, '/') ~ {sql.Add(pattern)})"))})"))})";

    public static string Compile(TypeExpression types, SqlBuilder sql, string column = "e.types") => types switch
    {
        TypeExpression.Is one => $"{sql.Add(one.Iri)} = ANY({column})",
        TypeExpression.All all => $"({string.Join(" AND ", all.Parts.Select(part => Compile(part, sql, column)).DefaultIfEmpty("TRUE"))})",
        TypeExpression.Any any => $"({string.Join(" OR ", any.Parts.Select(part => Compile(part, sql, column)))})",
        _ => throw new InvalidOperationException($"{types.GetType()} has no SQL."),
    };

    /// <summary>
    /// Places, and texts that must be there, come from the tables that entities are searched by; the conditions on the entity itself still decide. Each is a subquery that the planner
    /// leaves whole (OFFSET 0): joined on the tenant, it would inherit the policy of entity, and with it the ban on operators that are not leak-proof, so no index would be used.
    /// </summary>
    private string? Searched(EntityQuery query, string me, SqlBuilder sql)
    {
        List<string> sources = [];
        if (query.Geo is { } geo)
        {
            // What lies at a place is of many types.
            var types = query.Selectors is [{ Types: { } wanted }] ? $" AND {Compile(wanted, sql, "g.types")}" : "";
            sources.Add($"(SELECT DISTINCT g.id FROM entity_geometry g WHERE g.tenant = {me} AND g.attribute = {sql.Add(geo.Attribute)}{types} AND {GeoCompiler.Compile(geo, "g.geometry", sql)} ORDER BY g.id OFFSET 0)");
        }

        if (IsSearchedByFacts(query) && Facts(query.Condition!, query, sql) is { Count: > 0 } facts)
        {
            sources.Add($"(SELECT f.id FROM entity_search f WHERE f.tenant = {me} AND {string.Join(" AND ", facts)} ORDER BY f.id OFFSET 0)");
        }

        return sources.Count == 0 ? null
            : $"FROM {sources[0]} s JOIN entity e ON e.id = s.id{string.Concat(sources.Skip(1).Select((source, number) => $" JOIN {source} s{number} ON s{number}.id = s.id"))}";
    }

    private List<string> Facts(QueryExpression condition, EntityQuery query, SqlBuilder sql)
    {
        var choices = ChoicesOf(condition).ToList();
        if (choices.Count > 0 && query.Selectors is [{ Types: TypeExpression.Is type }])
        {
            choices.Add([Entities.Facts.HasType(type.Iri)]);
        }

        // IS TRUE keeps a fact from the index.
        var filters = choices.Where(choice => choice.Any(common.IsVeryCommon)).ToArray();
        var rare = choices.Count > filters.Length ? choices.Except(filters).ToArray() : filters;
        var all = rare.Where(choice => choice.Length == 1).Select(choice => choice[0]).Distinct().ToArray();
        return
        [
            .. all.Length > 0 ? [$"f.facts @> {sql.Add(all)}"] : Array.Empty<string>(),
            .. rare.Where(choice => choice.Length > 1).Select(choice => $"f.facts && {sql.Add(choice)}"),
            .. rare == filters ? [] : filters.Select(choice => $"(f.facts && {sql.Add(choice)}) IS TRUE"),
        ];
    }

    /// <summary>Whether the entities of a type are gone through in the order of their ids: when nothing else narrows the search much.</summary>
    private bool IsByType(EntityQuery query) => query is { Selectors: [{ Types: TypeExpression.Is }], Geo: null, Among: null } && !IsSearchedByFacts(query);

    /// <summary>Whether the facts of the condition are worth a search: one of them is rare, or there is no other way in, or all results are counted or sorted anyway.</summary>
    private bool IsSearchedByFacts(EntityQuery query) => query is { Condition: { } condition, Among: null } && ChoicesOf(condition).ToArray() is { Length: > 0 } choices
        && (query is not { Selectors: [{ Types: TypeExpression.Is }], Count: false, Order: null } || choices.Any(choice => !choice.Any(common.IsCommon)));

    private static IEnumerable<long[]> ChoicesOf(QueryExpression condition) => QueryCompiler.ChoicesOf(condition).Concat(QueryCompiler.FactsOf(condition).Select(fact => new[] { fact }));

    private static IEnumerable<string> Conditions(EntitySelector selector, SqlBuilder sql)
    {
        if (selector.Ids is { } ids)
        {
            yield return $"e.id = ANY({sql.Add(ids.ToArray())})";
        }

        if (selector.IdPattern is { } pattern)
        {
            yield return $"e.id ~ {sql.Add(pattern)}";
        }

        if (selector.Types is { } types)
        {
            yield return Compile(types, sql);
        }
    }

    private static async Task<Page> ReadAsync(NpgsqlDataReader rows, EntityQuery query, CancellationToken cancellationToken)
    {
        var entities = new List<Entity>();
        long? count = null;
        if (query.Limit > 0)
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                entities.Add(EntityStore.Read(rows));
            }

            await rows.NextResultAsync(cancellationToken);
        }

        if (query.Count)
        {
            await rows.ReadAsync(cancellationToken);
            count = rows.GetInt64(0);
        }

        return new Page(entities.Count > query.Limit ? [.. entities.Take(query.Limit)] : entities, entities.Count > query.Limit, count);
    }
}
