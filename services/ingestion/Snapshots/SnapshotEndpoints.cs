using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Batch;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Ingestion.Snapshots;

/// <summary>Snapshots as resources (ETSI GS CIM 009, clauses 5.16 and 6.36 to 6.38). Operations on what a snapshot holds name it in the header NGSILD-Snapshot (clause 6.3.22).</summary>
internal static class SnapshotEndpoints
{
    /// <summary>The most snapshots of a tenant.</summary>
    private const int MaxSnapshots = 50;

    /// <summary>What a condition on snapshots may ask about (table 5.2.41-1).</summary>
    private static readonly HashSet<string> Members =
    [
        "snapshotQueries", "snapshotTemporalQueries", "snapshotLifetime", "snapshotPriority", "endpoint", "receiverInfo", "snapshotStatus", "snapshotQueriesDetails", "snapshotTemporalQueriesDetails",
        "createdAt", "modifiedAt", "expiresAt", "lastUsedAt",
    ];

    public static IServiceCollection AddSnapshots(this IServiceCollection services) => services
        .AddSingleton<SnapshotFiller>().AddSingleton<SnapshotNotifications>().AddSingleton<SnapshotWorker>().AddHostedService(provider => provider.GetRequiredService<SnapshotWorker>());

    public static void MapSnapshots(this IEndpointRouteBuilder routes)
    {
        var reading = routes.MapGroup("/snapshots").RequireAuthorization(Access.SignedIn).WithTags("NGSI-LD");
        var writing = routes.MapGroup("/snapshots").RequireAuthorization(Access.DataOfficer).WithTags("NGSI-LD");
        writing.MapPost("/", CreateAsync).WithSummary("Freezes what queries find in a copy of its own. 201: Location names the snapshot; its status says when it is ready.");
        writing.MapDelete("/", PurgeAsync).WithSummary("Deletes the snapshots that fulfil a condition on their members.");
        reading.MapGet("/{id}", RetrieveAsync).WithSummary("The status of a snapshot.");
        writing.MapPatch("/{id}", UpdateAsync).WithSummary("Changes the members that are given; null removes one.");
        writing.MapDelete("/{id}", DeleteAsync).WithSummary("Deletes a snapshot and what it holds.");
        writing.MapPost("/{id}/clone", CloneAsync).WithSummary("Makes another snapshot with the same data.");
    }

    private static async Task<Created> CreateAsync(NgsiLdRequest request, Database database, ContextStore contexts, AddressGuard guard, SnapshotWorker worker, TimeProvider time)
    {
        var (body, context) = await request.ReadAsync();
        var document = SnapshotDocument.Read(request, body, context, guard);
        var address = await contexts.AddressOfAsync(request, context);
        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        return await InsertAsync(request, work, document, address, null, worker, time);
    }

    private static async Task<Created> CloneAsync(NgsiLdRequest request, string id, Database database, AddressGuard guard, SnapshotWorker worker, TimeProvider time)
    {
        Uris.Require(id, "id");
        var fragment = request.Http.Request.ContentLength is 0 or null ? [] : SnapshotDocument.ReadFragment((await request.ReadAsync()).Body, guard);
        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        var source = await SnapshotStore.FindAsync(work, id, time.GetUtcNow(), toChange: false, request.Aborted) ?? throw NotFound(id);
        if (source.Status == Snapshot.Preparing)
        {
            throw NgsiLdException.BadRequestData($"The snapshot {id} is still being prepared: clone it when it is ready.");
        }

        var document = SnapshotDocument.Merge(source.Document, fragment);
        document["id"] = fragment["id"]?.DeepClone();
        return await InsertAsync(request, work, document, source.Context, source.DataTenant, worker, time);
    }

    private static async Task<Created> InsertAsync(NgsiLdRequest request, Work work, JsonObject document, string context, string? source, SnapshotWorker worker, TimeProvider time)
    {
        var now = Instants.Now(time);
        if ((await SnapshotStore.ListAsync(work, now, request.Aborted)).Count >= MaxSnapshots)
        {
            throw NgsiLdException.TooManyResults($"There are {MaxSnapshots} snapshots already: delete one first.");
        }

        var id = (string?)document["id"] ?? $"urn:ngsi-ld:{SnapshotDocument.TypeName}:{Guid.CreateVersion7()}";
        await SnapshotStore.InsertAsync(
            work, new Snapshot(id, SnapshotTenant.New(), document, context, Snapshot.Preparing, [], now, now, now + SnapshotDocument.LifetimeOf(document), now), source, request.Aborted);
        await work.CommitAsync(request.Aborted);
        worker.Wake();
        return TypedResults.Created($"/ngsi-ld/v1/snapshots/{PathSegment.Of(id)}");
    }

    private static async Task<IResult> RetrieveAsync(NgsiLdRequest request, string id, Database database, TimeProvider time)
    {
        Uris.Require(id, "id");
        var shape = await Answer.ShapeAsync(request, await request.ContextAsync());
        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        return Answer.Object(shape, (await SnapshotStore.FindAsync(work, id, time.GetUtcNow(), toChange: false, request.Aborted) ?? throw NotFound(id)).ToJson());
    }

    private static async Task<IResult> UpdateAsync(NgsiLdRequest request, string id, Database database, AddressGuard guard, SnapshotNotifications notifications, TimeProvider time)
    {
        Uris.Require(id, "id");
        var fragment = SnapshotDocument.ReadFragment((await request.ReadAsync()).Body, guard);
        if (fragment["id"] is { } other && (string?)other != id)
        {
            throw NgsiLdException.BadRequestData($"id: the body is of {other}, the address of {id}.");
        }

        var shape = await Answer.ShapeAsync(request, await request.ContextAsync());
        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        var before = await SnapshotStore.FindAsync(work, id, time.GetUtcNow(), toChange: true, request.Aborted) ?? throw NotFound(id);
        var document = SnapshotDocument.Merge(before.Document, fragment);
        var now = Instants.Now(time);
        var after = before with { Document = document, ModifiedAt = now, ExpiresAt = fragment.ContainsKey("snapshotLifetime") ? now + SnapshotDocument.LifetimeOf(document) : before.ExpiresAt };
        await SnapshotStore.UpdateAsync(work, after, request.Aborted);
        await notifications.WriteAsync(work, after, request.Aborted);
        await work.CommitAsync(request.Aborted);
        return Answer.Object(shape, after.ToJson());
    }

    private static async Task<NoContent> DeleteAsync(NgsiLdRequest request, string id, Database database, SnapshotWorker worker, TimeProvider time)
    {
        Uris.Require(id, "id");
        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        var snapshot = await SnapshotStore.FindAsync(work, id, time.GetUtcNow(), toChange: true, request.Aborted) ?? throw NotFound(id);
        return await RemoveAsync(request, work, [snapshot], worker, time);
    }

    private static async Task<NoContent> PurgeAsync(NgsiLdRequest request, Database database, SnapshotWorker worker, TimeProvider time)
    {
        var condition = QueryParser.Parse(request.Parameter("q") ?? throw NgsiLdException.BadRequestData("q: a condition on the members of snapshots is required."), LdContext.Core);
        if (condition.Attributes.FirstOrDefault(name => !Members.Contains(LdContext.Core.Compact(name))) is { } unknown)
        {
            throw NgsiLdException.BadRequestData($"q: '{LdContext.Core.Compact(unknown)}' is no member of a snapshot.");
        }

        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        var found = (await SnapshotStore.ListAsync(work, time.GetUtcNow(), request.Aborted)).Where(snapshot => condition.Matches(snapshot.ToEntity())).ToArray();
        return found.Length > 0 ? await RemoveAsync(request, work, found, worker, time) : throw NgsiLdException.ResourceNotFound("No snapshot fulfils the condition.");
    }

    private static async Task<NoContent> RemoveAsync(NgsiLdRequest request, Work work, IReadOnlyList<Snapshot> snapshots, SnapshotWorker worker, TimeProvider time)
    {
        await SnapshotStore.DeleteAsync(work, snapshots, Instants.Now(time), request.Aborted);
        await work.CommitAsync(request.Aborted);
        worker.Wake();
        return TypedResults.NoContent();
    }

    private static NgsiLdException NotFound(string id) => NgsiLdException.ResourceNotFound($"There is no snapshot {id}.");
}
