using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Query;

/// <summary>A query in a body (ETSI GS CIM 009, clause 5.2.23): the same criteria as those of an address, and several selections of entities.</summary>
internal sealed class QueryDocument
{
    private readonly JsonElement body;
    private readonly LdContext context;

    /// <exception cref="NgsiLdException">It is no query.</exception>
    public QueryDocument(JsonElement body, LdContext context)
    {
        (this.body, this.context) = (body, context);
        if (body.TryGetProperty("type", out var type) && !(type.ValueKind == JsonValueKind.String && type.ValueEquals("Query")))
        {
            throw NgsiLdException.BadRequestData("type: Query is required.");
        }
    }

    /// <exception cref="NgsiLdException">The document does not say that it is a query (clause 5.2.23).</exception>
    public static void RequireType(JsonElement body)
    {
        if (!body.TryGetProperty("type", out _))
        {
            throw NgsiLdException.BadRequestData("type: Query is required.");
        }
    }

    public EntityQuery Query(NgsiLdRequest request)
    {
        var query = new EntityQuery
        {
            Selectors = Selectors(),
            AnyAttribute = Names("attrs")?.Select(context.Expand).ToHashSet(),
            Condition = Text("q") is { } q ? QueryParameters.Condition(q, Names("expandValues"), Names("jsonKeys"), context) : null,
            Geo = Geo(),
            Scope = Text("scopeQ") is { } scope ? ScopeQuery.Parse(scope) : null,
            OpenTypes = request.OpenTypes,
            SourceCondition = Text("csf") is { } csf ? QueryParser.Parse(csf, context) : null,
            Order = Order(),
        };
        Join(request).Require(query.Condition);
        return QueryParameters.Require(query, request.IsLocal || Boolean("local")) with
        {
            Limit = QueryParameters.Limit(request), Offset = request.Number("offset", 0) ?? 0, Count = QueryParameters.Counts(request),
        };
    }

    public EntityMapRequest EntityMap(NgsiLdRequest request)
    {
        var given = EntityMapRequest.Read(request);
        return new EntityMapRequest(Boolean("entityMap") || given.IsWanted, Lifetimes.Read(Text("entityMapLifetime"), "entityMapLifetime") ?? given.Lifetime, Boolean("splitEntities") || given.Split);
    }

    public JoinRequest Join(NgsiLdRequest request) => body.TryGetProperty("join", out _)
        ? JoinRequest.Create(Text("join"), body.TryGetProperty("joinLevel", out var level) && level.TryGetInt32(out var number) && number is >= 1 and <= 8 ? number : null, Names("containedBy"))
        : JoinRequest.Read(request);

    public Representation Representation(NgsiLdRequest request, Shape shape)
    {
        var given = QueryParameters.Representation(request, context, shape);
        var pick = Members("pick") ?? given.Pick;
        var omit = Members("omit") ?? given.Omit;
        Join(request).Require(pick, omit);
        return given with
        {
            Language = Text("lang") ?? given.Language,
            Attributes = Names("attrs")?.Select(context.Expand).ToHashSet() ?? given.Attributes,
            Pick = pick,
            Omit = omit,
            DatasetIds = Names("datasetId")?.Select(id => id == "@none" ? "" : Uris.Require(id, "datasetId")).ToHashSet() ?? given.DatasetIds,
        };
    }

    /// <summary>The value of a member that is a text, or null.</summary>
    public string? Text(string member) => !body.TryGetProperty(member, out var value) ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text
        : throw NgsiLdException.BadRequestData($"{member}: a text is required.");

    /// <summary>The items of a member that is an array of texts (or one text with commas), or null.</summary>
    public string[]? Names(string member) => !body.TryGetProperty(member, out var value) ? null : Names(member, value);

    public JsonElement? Object(string member) => !body.TryGetProperty(member, out var value) ? null
        : value.ValueKind == JsonValueKind.Object ? value : throw NgsiLdException.BadRequestData($"{member}: an object is required.");

    public IReadOnlyList<EntitySelector> Selectors()
    {
        if (!body.TryGetProperty("entities", out var entities))
        {
            return [];
        }

        return entities.ValueKind == JsonValueKind.Array && entities.GetArrayLength() is > 0 and <= 200
            ? [.. entities.EnumerateArray().Select(Selector)]
            : throw NgsiLdException.BadRequestData("entities: an array of 1 to 200 selections is required.");
    }

    private EntitySelector Selector(JsonElement entity)
    {
        if (entity.ValueKind != JsonValueKind.Object)
        {
            throw NgsiLdException.BadRequestData("entities: each selection is an object.");
        }

        var ids = entity.TryGetProperty("id", out var id) ? Names("entities.id", id).Select(uri => Uris.Require(uri, "entities.id")).ToArray() : null;
        var pattern = entity.TryGetProperty("idPattern", out var given) && given.ValueKind == JsonValueKind.String ? QueryParameters.Pattern(given.GetString()) : null;
        var types = entity.TryGetProperty("type", out var type)
            ? type.ValueKind == JsonValueKind.Array ? new TypeExpression.Any([.. Names("entities.type", type).Select(name => TypeExpression.Parse(name, context))])
                : type.ValueKind == JsonValueKind.String ? type.ValueEquals("*") ? new TypeExpression.All([]) : TypeExpression.Parse(type.GetString()!, context)
                : throw NgsiLdException.BadRequestData("entities.type: a type selection is required.")
            : null;
        return ids is null && pattern is null && types is null ? throw NgsiLdException.BadRequestData("entities: a selection needs id, idPattern or type.") : new EntitySelector(ids, pattern, types);
    }

    private GeoQuery? Geo() => Object("geoQ") is not { } geo ? null : GeoQuery.Parse(
        Part(geo, "georel"), Part(geo, "geometry"), Coordinates(geo, "coordinates"), Part(geo, "geoproperty"), context);

    /// <summary>The members of <c>ordering</c> (clause 5.2.43), or <c>orderBy</c> alone.</summary>
    private EntityOrder? Order()
    {
        var ordering = Object("ordering") ?? body;
        return !ordering.TryGetProperty("orderBy", out var criteria) ? null
            : EntityOrder.Parse(Names("orderBy", criteria), Part(ordering, "collation"), Coordinates(ordering, "orderFrom"), Part(ordering, "orderGeometry"), context);
    }

    private Projection? Members(string member) => Names(member) is { } names ? Projection.Parse(string.Join(',', names), member, context) : null;

    private bool Boolean(string member) => body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Part(JsonElement parent, string member) => !parent.TryGetProperty(member, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw NgsiLdException.BadRequestData($"{member}: a text is required.");

    /// <summary>Coordinates as a JSON array, or as a text that holds one.</summary>
    private static string? Coordinates(JsonElement parent, string member) => !parent.TryGetProperty(member, out var value) ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();

    private static string[] Names(string member, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: > 0 } text => text.Split(',', StringSplitOptions.TrimEntries),
        JsonValueKind.Array when value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && item.GetString()!.Length > 0) =>
            [.. value.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw NgsiLdException.BadRequestData($"{member}: an array of texts is required."),
    };
}
