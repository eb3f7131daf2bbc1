using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Ingestion.Temporal;

/// <summary>Reading the history of an entity (ETSI GS CIM 009, clauses 5.7.3 and 6.19).</summary>
internal static class TemporalEndpoints
{
    public static void MapTemporal(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/temporal/entities/{id}", GetAsync).RequireAuthorization(Access.SignedIn).WithTags("NGSI-LD")
            .WithSummary("The history of one entity: the newest instances of each attribute first.");

    private static async Task<JsonHttpResult<JsonObject>> GetAsync(
        RequestContext context, string id, HttpContext http, Database database,
        string? attrs, string? timerel, DateTimeOffset? timeAt, DateTimeOffset? endTimeAt, int? lastN, CancellationToken cancellationToken)
    {
        var names = LdContext.Read(null, context.Link);
        var (from, to) = Window(timerel, timeAt, endTimeAt);
        if (lastN is < 1 or > 10_000)
        {
            throw NgsiLdException.BadRequestData("lastN must be from 1 to 10000.");
        }

        await using var work = await database.BeginAsync(context.Tenant, cancellationToken);
        var entity = await HeadAsync(work, id, names, cancellationToken) ?? throw NgsiLdException.ResourceNotFound($"There is no entity {id}.");
        await using var command = work.Command("""
            SELECT a.attribute, i.instance::text
            FROM (SELECT DISTINCT attribute FROM attribute_instance WHERE tenant = $1 AND entity_id = $2 AND ($3::text[] IS NULL OR attribute = ANY($3))) a
            CROSS JOIN LATERAL (
                SELECT instance FROM attribute_instance
                WHERE tenant = $1 AND entity_id = $2 AND attribute = a.attribute AND observed_at >= $4 AND observed_at < $5
                ORDER BY observed_at DESC LIMIT $6) i
            """, context.Tenant, id, new Npgsql.NpgsqlParameter { Value = (object?)attrs?.Split(',').Select(names.Expand).ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text },
            from, to, lastN ?? 1000);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var name = names.Compact(rows.GetString(0));
            if (entity[name] is not JsonArray instances)
            {
                entity[name] = instances = [];
            }

            instances.Add(JsonNode.Parse(rows.GetString(1)));
        }

        return EntityEndpoints.Answer(http, entity);
    }

    private static async Task<JsonObject?> HeadAsync(Work work, string id, LdContext names, CancellationToken cancellationToken)
    {
        await using var command = work.Command("SELECT types FROM entity WHERE tenant = $1 AND id = $2", work.Tenant, id);
        return await command.ExecuteScalarAsync(cancellationToken) is string[] types ? new JsonObject { ["id"] = id, ["type"] = EntityWriter.Types(types, names) } : null;
    }

    /// <summary>The interval of a temporal query (clause 4.11), its start included and its end excluded.</summary>
    private static (DateTime From, DateTime To) Window(string? timerel, DateTimeOffset? timeAt, DateTimeOffset? endTimeAt) => (timerel, timeAt, endTimeAt) switch
    {
        (null, null, null) => (DateTime.MinValue, DateTime.MaxValue),
        ("before", { } end, null) => (DateTime.MinValue, end.UtcDateTime),
        ("after", { } start, null) => (start.UtcDateTime, DateTime.MaxValue),
        ("between", { } start, { } end) when start < end => (start.UtcDateTime, end.UtcDateTime),
        _ => throw NgsiLdException.BadRequestData("timerel must be before or after with timeAt, or between with timeAt before endTimeAt."),
    };
}
