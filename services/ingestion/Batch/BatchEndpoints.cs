using System.Text.Json;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Ingestion.Batch;

/// <summary>Batch operations on entities (ETSI GS CIM 009, clauses 5.6.7 to 5.6.10, 5.6.20 and 6.14 to 6.17).</summary>
internal static class BatchEndpoints
{
    /// <summary>More than any client should hold in one piece; the size of a request is limited as well.</summary>
    private const int MaxItems = 20_000;

    public static IServiceCollection AddBatch(this IServiceCollection services) => services.AddSingleton<BatchRunner>();

    public static void MapBatch(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/entityOperations").RequireAuthorization(Access.DataOfficer).WithTags("NGSI-LD");
        group.MapPost("/create", CreateAsync).WithSummary("Creates many entities. 201: their ids. 207: some were refused, each with its reason.");
        group.MapPost("/upsert", UpsertAsync).WithSummary("Creates or updates many entities. 201: ids of the created ones. 204: all existed. 207: some were refused, each with its reason.");
        group.MapPost("/update", UpdateAsync).WithSummary("Adds attributes to many entities, and replaces those that are there unless options=noOverwrite.");
        group.MapPost("/merge", MergeAsync).WithSummary("Merges into many entities.");
        group.MapPost("/delete", DeleteAsync).WithSummary("Deletes many entities.");
    }

    private static Task<IResult> CreateAsync(NgsiLdRequest request, BatchRunner runner) => RunAsync(request, runner, Reading.Whole, EntityEndpoints.Create);

    private static Task<IResult> UpsertAsync(NgsiLdRequest request, BatchRunner runner)
    {
        var update = request.Option("update");
        return RunAsync(request, runner, update ? Reading.Fragment : Reading.Whole, (batch, entity) => Upsert(batch, entity, update));
    }

    /// <summary>Creates an entity, or replaces it, or with <paramref name="update"/> its attributes that are given.</summary>
    /// <exception cref="NgsiLdException">It is new, and no whole entity: without a type, or with nulls (BadRequestData).</exception>
    public static void Upsert(EntityBatch batch, Entity entity, bool update)
    {
        if (update && batch.Find(entity.Id) is { } before)
        {
            batch.Set(entity.Id, Merging.Update(before, entity));
            return;
        }

        if (update && (entity.Types.Count == 0 || entity.Scopes is [] || entity.Attributes.Values.Any(instances => instances.Any(instance => instance.IsNull))))
        {
            throw NgsiLdException.BadRequestData("A new entity needs a type, and no attribute of it is null.");
        }

        batch.Set(entity.Id, entity);
    }

    private static Task<IResult> UpdateAsync(NgsiLdRequest request, BatchRunner runner)
    {
        var overwrite = !request.Option("noOverwrite");
        return RunAsync(request, runner, Reading.Fragment, (batch, entity) => batch.Set(entity.Id, Merging.Append(batch.Get(entity.Id), entity, overwrite)));
    }

    private static Task<IResult> MergeAsync(NgsiLdRequest request, BatchRunner runner) =>
        RunAsync(request, runner, Reading.Merge, (batch, entity) => batch.Set(entity.Id, Merging.Merge(batch.Get(entity.Id), Fragments.Complete(entity, request))));

    private static async Task<IResult> RunAsync(NgsiLdRequest request, BatchRunner runner, Reading reading, Action<EntityBatch, Entity> operation)
    {
        var (body, contextOf) = await request.ReadManyAsync();
        return (await runner.RunAsync(request.Tenant, Items(body), contextOf, reading, operation, request.Aborted)).ToAnswer();
    }

    private static async Task<IResult> DeleteAsync(NgsiLdRequest request, BatchRunner runner)
    {
        var (body, _) = await request.ReadManyAsync();
        var given = Items(body).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw NgsiLdException.BadRequestData("The body must be an array of URIs.")).ToArray();
        var wrong = given.Where(id => !Uris.IsUri(id)).Select(id => BatchEntityError.From(id, NgsiLdException.BadRequestData($"'{id}' is not a URI."))).ToArray();
        var result = await runner.RunAsync(request.Tenant, [.. given.Where(Uris.IsUri)], id => id, (batch, id) =>
        {
            batch.Get(id);
            batch.Set(id, null);
        }, wrong, request.Aborted);
        return result.ToAnswer();
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement body) =>
        body.ValueKind != JsonValueKind.Array || body.GetArrayLength() == 0 ? throw NgsiLdException.BadRequestData("The body must be an array of at least one item.")
            : body.GetArrayLength() > MaxItems ? throw NgsiLdException.BadRequestData($"The body must be an array of at most {MaxItems} items.")
            : body.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Null) ? throw NgsiLdException.BadRequestData("The body must be an array without null.")
            : body.EnumerateArray();
}
