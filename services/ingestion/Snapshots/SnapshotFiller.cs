using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Registrations.Forwarding;
using LivingCity.Ingestion.Temporal;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Snapshots;

/// <summary>Executes the queries of a snapshot and keeps what they find (ETSI GS CIM 009, clauses 5.16.1 and 5.16.2): all in one transaction, so a snapshot is filled once, or still to be filled.</summary>
internal sealed class SnapshotFiller(
    Database database, ContextStore contexts, EntityFinder finder, ActiveSources active, DistributedQueries distributed, SnapshotNotifications notifications, IServiceScopeFactory scopes, TimeProvider time)
{
    /// <param name="tenant">Whose snapshot it is.</param>
    /// <param name="id">The snapshot.</param>
    /// <param name="source">For a clone: where the data to copy lies.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task FillAsync(string tenant, string id, string? source, CancellationToken cancellationToken) => CompleteAsync(
        tenant,
        id,
        async (work, snapshot) =>
        {
            var copy = new SnapshotCopy(work, cancellationToken);
            await copy.BeginAsync();
            return await (source is null ? GatherAsync(work, copy, tenant, snapshot, cancellationToken) : CloneAsync(copy, tenant, snapshot, source));
        },
        cancellationToken);

    /// <summary>Gives a snapshot up.</summary>
    public Task FailAsync(string tenant, string id, CancellationToken cancellationToken) =>
        CompleteAsync(tenant, id, (_, snapshot) => Task.FromResult(snapshot with { Status = "failure" }), cancellationToken);

    private async Task CompleteAsync(string tenant, string id, Func<Work, Snapshot, Task<Snapshot>> fill, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        if (await SnapshotStore.FindAsync(work, id, time.GetUtcNow(), toChange: true, cancellationToken) is { Status: Snapshot.Preparing } snapshot)
        {
            var filled = await fill(work, snapshot) with { ModifiedAt = Instants.Now(time) };
            await SnapshotStore.UpdateAsync(work, filled, cancellationToken);
            await notifications.WriteAsync(work, filled, cancellationToken);
        }

        await using (var done = work.Command("DELETE FROM snapshot_task WHERE tenant = $1 AND snapshot = $2 AND NOT removes", tenant, id))
        {
            await done.ExecuteNonQueryAsync(cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
    }

    private static async Task<Snapshot> CloneAsync(SnapshotCopy copy, string tenant, Snapshot snapshot, string source)
    {
        await copy.ActForAsync(source);
        await copy.GatherAllAsync(source);
        await copy.ActForAsync(snapshot.DataTenant);
        await copy.PutAsync(source, snapshot.DataTenant, []);
        await copy.ActForAsync(tenant);
        return snapshot with { Status = "success" };
    }

    private async Task<Snapshot> GatherAsync(Work work, SnapshotCopy copy, string tenant, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var context = await contexts.ResolveAsync(tenant, snapshot.Context, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var request = NgsiLdRequest.Inner(tenant, scope.ServiceProvider, cancellationToken);
        var remote = new Dictionary<string, Entity>();
        var current = new List<JsonObject>();
        foreach (var document in SnapshotDocument.QueriesOf(snapshot.Document))
        {
            current.Add(await OutcomeAsync(work, () => GatherAsync(copy, request, context, document, remote)));
        }

        var past = new List<JsonObject>();
        foreach (var document in SnapshotDocument.TemporalQueriesOf(snapshot.Document))
        {
            var query = new QueryDocument(document, context);
            past.Add(await OutcomeAsync(work, () => copy.GatherHistoryAsync(tenant, query.Query(request), TemporalParameters.Read(query, request, context).Query)));
        }

        await copy.ActForAsync(snapshot.DataTenant);
        await copy.PutAsync(tenant, snapshot.DataTenant, [.. remote.Values]);
        await copy.ActForAsync(tenant);
        var details = new JsonObject();
        Add("snapshotQueriesDetails", current);
        Add("snapshotTemporalQueriesDetails", past);
        return snapshot with { Details = details, Status = StatusOf([.. current, .. past]) };

        void Add(string member, List<JsonObject> outcomes)
        {
            if (outcomes.Count > 0)
            {
                details[member] = new JsonArray([.. outcomes]);
            }
        }
    }

    /// <summary>One query, at the sources too that take part in queries: of what is theirs at most 1000 entities are kept.</summary>
    private async Task<int> GatherAsync(SnapshotCopy copy, NgsiLdRequest request, LdContext context, JsonElement document, Dictionary<string, Entity> remote)
    {
        var query = new QueryDocument(document, context).Query(request) with { Order = null };
        if (query.Condition is { Depth: > 0 } || await active.ForAsync(request, "queryBatch") is not { Count: > 0 } sources)
        {
            var sql = new SqlBuilder();
            return await copy.GatherAsync(finder.Source(request.Tenant, query, sql), sql);
        }

        var own = new SqlBuilder();
        var local = await copy.GatherAsync(finder.Source(request.Tenant, query, own), own);
        var page = await distributed.FindAsync(request, context, query with { Limit = QueryParameters.MaxLimit, Offset = 0 }, false, document, sources, null);
        foreach (var entity in page.Entities)
        {
            remote[entity.Id] = entity;
        }

        return Math.Max(local, page.Entities.Count);
    }

    private static async Task<JsonObject> OutcomeAsync(Work work, Func<Task<int>> execute)
    {
        await work.Transaction.SaveAsync("query");
        try
        {
            return new JsonObject { ["resultStatus"] = await execute() > 0 ? "success" : "empty" };
        }
        catch (NgsiLdException exception)
        {
            return Failure(exception);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidRegularExpression)
        {
            await work.Transaction.RollbackAsync("query");
            return Failure(NgsiLdException.BadRequestData("A pattern is no regular expression."));
        }

        static JsonObject Failure(NgsiLdException exception) => new() { ["resultStatus"] = "failure", ["problemDetails"] = JsonSerializer.SerializeToNode(exception.Details, JsonSerializerOptions.Web) };
    }

    private static string StatusOf(IReadOnlyList<JsonObject> outcomes)
    {
        var statuses = outcomes.Select(outcome => (string)outcome["resultStatus"]!).Distinct().ToArray();
        return statuses is [var only] ? only : statuses.Contains("success") ? "partial" : "empty";
    }
}
