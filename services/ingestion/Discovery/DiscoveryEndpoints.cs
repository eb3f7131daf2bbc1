using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Tenants;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Discovery;

/// <summary>Which types and attributes there are (ETSI GS CIM 009, clauses 5.7.5 to 5.7.10 and 6.25 to 6.28).</summary>
internal static class DiscoveryEndpoints
{
    public static IServiceCollection AddDiscovery(this IServiceCollection services) => services.AddSingleton<DiscoveryStore>().AddSingleton<SourceIdentity>();

    public static void MapDiscovery(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/").RequireAuthorization(PublicReading.Policy).WithTags("NGSI-LD");
        group.MapGet("/types", TypesAsync).WithSummary("The types of the entities that are stored; with details=true their attributes too.");
        group.MapGet("/types/{type}", TypeAsync).WithSummary("One type: how many entities, which attributes.");
        group.MapGet("/attributes", AttributesAsync).WithSummary("The attributes of the entities that are stored; with details=true their types too.");
        group.MapGet("/attributes/{attribute}", AttributeAsync).WithSummary("One attribute: how many entities, which kinds and types.");
        group.MapGet("/info/sourceIdentity", IdentityAsync).WithSummary("Who this broker is, and for how long it has been running.");
    }

    private static async Task<IResult> TypesAsync(NgsiLdRequest request, DiscoveryStore store)
    {
        var context = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, context);
        if (!request.Flag("details"))
        {
            var types = await store.TypesAsync(request.Tenant, request.OpenTypes, request.Aborted);
            return Answer.Object(shape, new JsonObject { ["id"] = NewId("EntityTypeList"), ["type"] = "EntityTypeList", ["typeList"] = Names(types, context) });
        }

        var details = await store.TypeDetailsAsync(request.Tenant, request.OpenTypes, request.Aborted);
        return Array(shape, details.Select(type => new JsonObject
        {
            ["id"] = type.Type, ["type"] = "EntityType", ["typeName"] = context.Compact(type.Type), ["attributeNames"] = Names(type.Attributes, context),
        }));
    }

    private static async Task<IResult> TypeAsync(NgsiLdRequest request, string type, DiscoveryStore store)
    {
        var context = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, context);
        var iri = context.Expand(type);
        var count = await store.CountAsync(request.Tenant, request.OpenTypes, iri, request.Aborted);
        if (count == 0)
        {
            throw NgsiLdException.ResourceNotFound($"There are no entities of type {type}.");
        }

        var attributes = await store.AttributesOfAsync(request.Tenant, request.OpenTypes, iri, request.Aborted);
        return Answer.Object(shape, new JsonObject
        {
            ["id"] = iri, ["type"] = "EntityTypeInfo", ["typeName"] = context.Compact(iri), ["entityCount"] = count,
            ["attributeDetails"] = new JsonArray([.. attributes.Select(attribute => new JsonObject
            {
                ["id"] = attribute.Attribute, ["type"] = "Attribute", ["attributeName"] = context.Compact(attribute.Attribute), ["attributeTypes"] = Texts(attribute.Kinds),
            })]),
        });
    }

    private static async Task<IResult> AttributesAsync(NgsiLdRequest request, DiscoveryStore store)
    {
        var context = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, context);
        var attributes = await store.AttributesAsync(request.Tenant, request.OpenTypes, request.Aborted);
        return request.Flag("details")
            ? Array(shape, attributes.Select(attribute => new JsonObject
            {
                ["id"] = attribute.Attribute, ["type"] = "Attribute", ["attributeName"] = context.Compact(attribute.Attribute), ["typeNames"] = Names(attribute.Types, context),
            }))
            : Answer.Object(shape, new JsonObject
            {
                ["id"] = NewId("AttributeList"), ["type"] = "AttributeList", ["attributeList"] = Names(attributes.Select(attribute => attribute.Attribute), context),
            });
    }

    private static async Task<IResult> AttributeAsync(NgsiLdRequest request, string attribute, DiscoveryStore store)
    {
        var context = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, context);
        var iri = context.Expand(attribute);
        var (use, types) = await store.AttributeAsync(request.Tenant, request.OpenTypes, iri, request.Aborted) ?? throw NgsiLdException.ResourceNotFound($"No entity has an attribute {attribute}.");
        return Answer.Object(shape, new JsonObject
        {
            ["id"] = iri, ["type"] = "Attribute", ["attributeName"] = context.Compact(iri), ["attributeCount"] = use.Count,
            ["attributeTypes"] = Texts(use.Kinds), ["typeNames"] = Names(types, context),
        });
    }

    private static async Task<IResult> IdentityAsync(NgsiLdRequest request, SourceIdentity identity)
    {
        var context = await request.ContextAsync();
        return Answer.Object(await Answer.ShapeAsync(request, context), identity.Describe());
    }

    private static Answer Array(Shape shape, IEnumerable<JsonObject> items)
    {
        var array = new JsonArray([.. items]);
        foreach (var item in array)
        {
            if (shape.ContextMember is { } member)
            {
                item!.AsObject()["@context"] = member.DeepClone();
            }
        }

        return new Answer(shape.MediaType, writer => array.WriteTo(writer), shape.ContextAddress);
    }

    private static JsonArray Names(IEnumerable<string> iris, LdContext context) => Texts(iris.Select(context.Compact));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static string NewId(string type) => $"urn:ngsi-ld:{type}:{Guid.CreateVersion7()}";
}
