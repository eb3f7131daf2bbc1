using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Tenants;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Ingestion.Entities;

/// <summary>Entities one by one (ETSI GS CIM 009, clauses 5.6.1, 5.6.6, 5.6.17, 5.6.18, 5.7.1, 6.4 and 6.5).</summary>
internal static class EntityEndpoints
{
    public static IServiceCollection AddEntities(this IServiceCollection services) => services.AddSingleton<EntityOperations>().AddHostedService<ExpiredEntities>().AddHostedService<UnindexedEntities>();

    public static void MapEntities(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/entities").WithTags("NGSI-LD");
        group.MapPost("/", CreateAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Creates an entity.");
        group.MapGet("/{id}", RetrieveAsync).RequireAuthorization(PublicReading.Policy).WithSummary("One entity, in the form that options, format and Accept ask for.");
        group.MapPut("/{id}", ReplaceAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Replaces an entity.");
        group.MapPatch("/{id}", MergeAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Merges into an entity; urn:ngsi-ld:null deletes.");
        group.MapDelete("/{id}", DeleteAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Deletes an entity.");
    }

    private static async Task<IResult> CreateAsync(NgsiLdRequest request, EntityOperations operations)
    {
        var (body, context) = await request.ReadAsync();
        var entity = EntityReader.Read(body, context, Reading.Whole, QueryParameters.FormatOf(request) == Format.Simplified);
        return await operations.RunAsync(request.Tenant, [entity.Id], batch =>
        {
            Create(batch, entity);
            return TypedResults.Created($"/ngsi-ld/v1/entities/{PathSegment.Of(entity.Id)}");
        }, request.Aborted);
    }

    /// <summary>Puts a new entity into a batch.</summary>
    /// <exception cref="NgsiLdException">There is one of this id (AlreadyExists).</exception>
    public static void Create(EntityBatch batch, Entity entity)
    {
        if (batch.Find(entity.Id) is not null)
        {
            throw NgsiLdException.AlreadyExists($"There is an entity {entity.Id} already.");
        }

        batch.Set(entity.Id, entity);
    }

    private static async Task<IResult> RetrieveAsync(NgsiLdRequest request, string id, Database database, EntityMapPaging maps, TimeProvider time)
    {
        Uris.Require(id, "id");
        var context = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, context, geometry: true);
        var representation = QueryParameters.Representation(request, context, shape);
        var types = QueryParameters.Types(request, context);
        var join = JoinRequest.Read(request);
        var entity = await FindAsync(database, request.Tenant, id, time, request.Aborted);
        if (entity is null || (request.OpenTypes is { } open && !entity.Types.Any(open.Contains)) || types?.Matches((IReadOnlyCollection<string>)entity.Types) == false)
        {
            throw NgsiLdException.ResourceNotFound($"There is no entity {id}.");
        }

        if (representation.Attributes is { } wanted && !entity.Attributes.Keys.Any(wanted.Contains))
        {
            throw NgsiLdException.ResourceNotFound($"The entity {id} has none of the attributes that were asked for.");
        }

        await maps.ForAsync(request, EntityMapRequest.Read(request), () => Task.FromResult(Candidates.Local([id])));
        if (!join.IsWanted)
        {
            return EntityAnswer.One(new Joined([entity], [], false), shape, representation);
        }

        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        return EntityAnswer.One(await join.ResolveAsync(work, [entity], time, request.Aborted), shape, representation);
    }

    private static async Task<IResult> ReplaceAsync(NgsiLdRequest request, string id, EntityOperations operations)
    {
        Uris.Require(id, "id");
        var (body, context) = await request.ReadAsync();
        var given = EntityReader.Read(body, context, Reading.Content, QueryParameters.FormatOf(request) == Format.Simplified);
        RequireSameId(given, id);
        var types = QueryParameters.Types(request, context);
        return await operations.RunAsync(request.Tenant, [id], batch =>
        {
            Replace(batch, given with { Id = id }, types);
            return TypedResults.NoContent();
        }, request.Aborted);
    }

    /// <summary>Replaces an entity: what is not given goes, but for its types.</summary>
    public static void Replace(EntityBatch batch, Entity given, TypeExpression? types = null)
    {
        var before = batch.Get(given.Id, types);
        batch.Set(given.Id, Merging.Append(new Entity { Id = given.Id, Types = given.Types.Count > 0 ? given.Types : before.Types, Scopes = null }, given));
    }

    private static async Task<IResult> MergeAsync(NgsiLdRequest request, string id, EntityOperations operations)
    {
        Uris.Require(id, "id");
        var (body, context) = await request.ReadAsync();
        var given = Fragments.Complete(EntityReader.Read(body, context, Reading.Merge, QueryParameters.FormatOf(request) == Format.Simplified), request);
        RequireSameId(given, id);
        var types = QueryParameters.Types(request, context);
        return await operations.RunAsync(request.Tenant, [id], batch =>
        {
            batch.Set(id, Merging.Merge(batch.Get(id, types), given));
            return TypedResults.NoContent();
        }, request.Aborted);
    }

    private static async Task<IResult> DeleteAsync(NgsiLdRequest request, string id, EntityOperations operations)
    {
        Uris.Require(id, "id");
        var types = QueryParameters.Types(request, await request.ContextAsync());
        return await operations.RunAsync<IResult>(request.Tenant, [id], batch =>
        {
            batch.Get(id, types);
            batch.Set(id, null);
            return TypedResults.NoContent();
        }, request.Aborted);
    }

    private static Task<Entity?> FindAsync(Database database, string tenant, string id, TimeProvider time, CancellationToken cancellationToken) => database.ReadAsync(
        tenant,
        [Statement.Of($"SELECT {EntityStore.Columns} FROM entity e WHERE e.tenant = $1 AND e.id = $2 AND (e.expires_at IS NULL OR e.expires_at > $3)", tenant, id, time.GetUtcNow())],
        async row => await row.ReadAsync(cancellationToken) ? EntityStore.Read(row) : null,
        cancellationToken);

    /// <exception cref="NgsiLdException">The fragment names another entity.</exception>
    internal static void RequireSameId(Entity fragment, string id)
    {
        if (fragment.Id.Length > 0 && fragment.Id != id)
        {
            throw NgsiLdException.BadRequestData($"id: the body is of {fragment.Id}, the address of {id}.");
        }
    }
}
