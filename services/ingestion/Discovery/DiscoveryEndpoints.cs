using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Registrations;
using LivingCity.Ingestion.Registrations.Forwarding;
using LivingCity.Ingestion.Subscriptions.Matching;
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

    private static async Task<IResult> TypesAsync(NgsiLdRequest request, DiscoveryStore store, DistributedDiscovery sources)
    {
        var context = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, context);
        if (!request.Flag("details"))
        {
            var types = (await store.TypesAsync(request.Tenant, request.OpenTypes, request.Aborted)).Union((await sources.AskAsync(request, "retrieveEntityTypes", context)).SelectMany(told => told.Names("typeList")));
            return Answer.Object(shape, new JsonObject { ["id"] = NewId("EntityTypeList"), ["type"] = "EntityTypeList", ["typeList"] = Names(types.Order(StringComparer.Ordinal), context) });
        }

        var details = (await store.TypeDetailsAsync(request.Tenant, request.OpenTypes, request.Aborted)).Select(type => (Name: type.Type, Others: (IEnumerable<string>)type.Attributes))
            .Concat(await NamedAsync(request, sources, "retrieveEntityTypeDetails", context, "typeName", "attributeNames"));
        return Array(shape, ByName(details).Select(type => new JsonObject
        {
            ["id"] = type.Name, ["type"] = "EntityType", ["typeName"] = context.Compact(type.Name), ["attributeNames"] = Names(type.Others, context),
        }));
    }

    private static async Task<IResult> TypeAsync(NgsiLdRequest request, string type, DiscoveryStore store, DistributedDiscovery sources)
    {
        var context = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, context);
        var iri = context.Expand(type);
        var told = await sources.AskAsync(request, "retrieveEntityTypeInfo", context, new SourceFilter { Entities = [new EntityFilter(null, null, new TypeExpression.Is(iri), [iri])] });
        var count = await store.CountAsync(request.Tenant, request.OpenTypes, iri, request.Aborted) + told.Sum(source => source.Number("entityCount"));
        if (count == 0 && told.Count == 0)
        {
            throw NgsiLdException.ResourceNotFound($"There are no entities of type {type}.");
        }

        var attributes = (await store.AttributesOfAsync(request.Tenant, request.OpenTypes, iri, request.Aborted)).Select(attribute => (Name: attribute.Attribute, Others: (IEnumerable<string>)attribute.Kinds))
            .Concat(told.SelectMany(source => source.Objects("attributeDetails")).Where(detail => detail.Name("attributeName") is not null)
                .Select(detail => (Name: detail.Name("attributeName")!, Others: detail.Texts("attributeTypes"))));
        return Answer.Object(shape, new JsonObject
        {
            ["id"] = iri, ["type"] = "EntityTypeInfo", ["typeName"] = context.Compact(iri), ["entityCount"] = count,
            ["attributeDetails"] = new JsonArray([.. ByName(attributes).Select(attribute => new JsonObject
            {
                ["id"] = attribute.Name, ["type"] = "Attribute", ["attributeName"] = context.Compact(attribute.Name), ["attributeTypes"] = Texts(attribute.Others),
            })]),
        });
    }

    private static async Task<IResult> AttributesAsync(NgsiLdRequest request, DiscoveryStore store, DistributedDiscovery sources)
    {
        var context = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, context);
        var here = (await store.AttributesAsync(request.Tenant, request.OpenTypes, request.Aborted)).Select(attribute => (Name: attribute.Attribute, Others: (IEnumerable<string>)attribute.Types));
        if (!request.Flag("details"))
        {
            var names = here.Select(attribute => attribute.Name).Union((await sources.AskAsync(request, "retrieveAttrTypes", context)).SelectMany(told => told.Names("attributeList")));
            return Answer.Object(shape, new JsonObject { ["id"] = NewId("AttributeList"), ["type"] = "AttributeList", ["attributeList"] = Names(names.Order(StringComparer.Ordinal), context) });
        }

        return Array(shape, ByName(here.Concat(await NamedAsync(request, sources, "retrieveAttrTypeDetails", context, "attributeName", "typeNames"))).Select(attribute => new JsonObject
        {
            ["id"] = attribute.Name, ["type"] = "Attribute", ["attributeName"] = context.Compact(attribute.Name), ["typeNames"] = Names(attribute.Others, context),
        }));
    }

    private static async Task<IResult> AttributeAsync(NgsiLdRequest request, string attribute, DiscoveryStore store, DistributedDiscovery sources)
    {
        var context = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, context);
        var iri = context.Expand(attribute);
        var told = await sources.AskAsync(request, "retrieveAttrTypeInfo", context, new SourceFilter { Attributes = new HashSet<string> { iri } });
        var here = await store.AttributeAsync(request.Tenant, request.OpenTypes, iri, request.Aborted);
        if (here is null && told.Count == 0)
        {
            throw NgsiLdException.ResourceNotFound($"No entity has an attribute {attribute}.");
        }

        return Answer.Object(shape, new JsonObject
        {
            ["id"] = iri, ["type"] = "Attribute", ["attributeName"] = context.Compact(iri), ["attributeCount"] = (here?.Use.Count ?? 0) + told.Sum(source => source.Number("attributeCount")),
            ["attributeTypes"] = Texts((here?.Use.Kinds ?? []).Union(told.SelectMany(source => source.Texts("attributeTypes")))),
            ["typeNames"] = Names((here?.Types ?? []).Union(told.SelectMany(source => source.Names("typeNames"))), context),
        });
    }

    private static async Task<IResult> IdentityAsync(NgsiLdRequest request, SourceIdentity identity)
    {
        var context = await request.ContextAsync();
        return Answer.Object(await Answer.ShapeAsync(request, context), await identity.DescribeAsync(request.Aborted));
    }

    /// <summary>What sources tell of things by name.</summary>
    private static async Task<IEnumerable<(string Name, IEnumerable<string> Others)>> NamedAsync(
        NgsiLdRequest request, DistributedDiscovery sources, string operation, LdContext context, string name, string others) =>
        (await sources.AskAsync(request, operation, context)).Where(told => told.Name(name) is not null).Select(told => (told.Name(name)!, told.Names(others)));

    /// <summary>One of each name, with what all say of it, in order.</summary>
    private static IEnumerable<(string Name, IEnumerable<string> Others)> ByName(IEnumerable<(string Name, IEnumerable<string> Others)> all) =>
        all.GroupBy(one => one.Name).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.SelectMany(one => one.Others).Distinct()));

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
