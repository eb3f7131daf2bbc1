using System.Text.RegularExpressions;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Query;

/// <summary>Reads queries and representations from the parameters of an address (ETSI GS CIM 009, clauses 6.4.3.2, 6.3.7, 6.3.10 to 6.3.14).</summary>
internal static class QueryParameters
{
    public const int MaxLimit = 1000;

    private static readonly HashSet<string> SystemAttributes = [.. ((string[])["createdAt", "modifiedAt", "deletedAt", "observedAt", "expiresAt"]).SelectMany(name => (string[])[name, LdContext.Core.Expand(name)])];

    /// <summary>The query that the parameters make.</summary>
    /// <exception cref="NgsiLdException">One is wrong, or what must be given is not (BadRequestData); or the limit is too high (TooManyResults).</exception>
    public static EntityQuery Read(NgsiLdRequest request, LdContext context)
    {
        var query = new EntityQuery
        {
            Selectors = Selectors(request, context),
            AnyAttribute = request.List("attrs")?.Select(context.Expand).ToHashSet(),
            Condition = request.Parameter("q") is { } q ? Condition(q, request.List("expandValues"), request.List("jsonKeys"), context) : null,
            Geo = GeoQuery.Parse(request.Parameter("georel"), request.Parameter("geometry"), request.Parameter("coordinates"), request.Parameter("geoproperty"), context),
            Scope = request.Parameter("scopeQ") is { } scope ? ScopeQuery.Parse(scope) : null,
            OpenTypes = request.OpenTypes,
            SourceCondition = request.Parameter("csf") is { } csf ? QueryParser.Parse(csf, context) : null,
            Order = Order(request, context),
        };
        JoinRequest.Read(request).Require(query.Condition);
        return Require(query, request.IsLocal) with { Limit = Limit(request), Offset = request.Number("offset", 0) ?? 0, Count = Counts(request) };
    }

    /// <summary>A condition with its values coerced as the caller says.</summary>
    public static QueryExpression Condition(string q, IEnumerable<string>? expandValues, IEnumerable<string>? jsonKeys, LdContext context) =>
        ValueCoercion.Apply(QueryParser.Parse(q, context, mayLink: true), (expandValues ?? []).Select(context.Expand).ToHashSet(), (jsonKeys ?? []).Select(context.Expand).ToHashSet());

    /// <summary>A query must restrict types, attributes or places, and cannot order what it finds, unless it is for this broker alone (clause 5.7.2.4).</summary>
    public static EntityQuery Require(EntityQuery query, bool local) =>
        !local && query.Order is not null ? throw NgsiLdException.BadRequestData("orderBy: only with local=true.")
            : local || query.Selectors.Any(selector => selector.Types is not null) || query.AnyAttribute?.Any(IsOwn) == true || query.Condition?.Attributes.Any(IsOwn) == true || query.Geo is not null ? query
            : throw NgsiLdException.BadRequestData("One of type, attrs, q, or georel with geometry and coordinates is required, unless local=true.");

    /// <summary>Every entity has the system's attributes: they restrict nothing.</summary>
    private static bool IsOwn(string attribute) => !SystemAttributes.Contains(attribute);

    /// <summary>The types that the one entity which the address names must have (clause 4.17), or null.</summary>
    public static TypeExpression? Types(NgsiLdRequest request, LdContext context) => request.Parameter("type") is { } type and not "*" ? TypeExpression.Parse(type, context) : null;

    /// <summary>The representation that the parameters ask for.</summary>
    public static Representation Representation(NgsiLdRequest request, LdContext context, Shape shape)
    {
        var pick = request.Parameter("pick") is { } picked ? Projection.Parse(picked, "pick", context) : null;
        var omit = request.Parameter("omit") is { } omitted ? Projection.Parse(omitted, "omit", context) : null;
        var attributes = request.List("attrs")?.Select(context.Expand).ToHashSet();
        if (attributes is not null && (pick is not null || omit is not null))
        {
            throw NgsiLdException.BadRequestData("attrs: not together with pick or omit.");
        }

        JoinRequest.Read(request).Require(pick, omit);
        return new Representation(context)
        {
            Format = FormatOf(request),
            SysAttrs = request.Option("sysAttrs"),
            Language = request.Parameter("lang"),
            Attributes = attributes,
            Pick = pick,
            Omit = omit,
            DatasetIds = request.List("datasetId")?.Select(id => id == "@none" ? "" : Uris.Require(id, "datasetId")).ToHashSet(),
            GeometryProperty = GeometryProperty(request, context, shape),
            ContextMember = shape.ContextMember,
            Conformance = Representations.Conformance.Of(request, shape),
        };
    }

    /// <summary>What becomes the geometry of a feature: to be named for GeoJSON only (clauses 5.7.1.4 and 5.7.2.4).</summary>
    private static string GeometryProperty(NgsiLdRequest request, LdContext context, Shape shape) => request.Parameter("geometryProperty") is not { } name ? context.Expand("location")
        : shape.MediaType == MediaTypes.GeoJson ? context.Expand(name)
        : throw NgsiLdException.BadRequestData($"geometryProperty: it is for {MediaTypes.GeoJson} only.");

    /// <exception cref="NgsiLdException">Two formats are asked for, or one that is unknown.</exception>
    public static Format FormatOf(NgsiLdRequest request)
    {
        var given = request.Parameter("format");
        var known = (string[])["normalized", "concise", "simplified", "keyValues", "temporalValues", "aggregatedValues"];
        if (given is not null && !known.Contains(given))
        {
            throw NgsiLdException.BadRequestData($"format: one of {string.Join(", ", known)} is required.");
        }

        if (given is not null)
        {
            return given switch { "concise" => Format.Concise, "simplified" or "keyValues" => Format.Simplified, _ => Format.Normalized }; // it takes precedence over options (clause 6.3.7)
        }

        var simplified = request.Option("keyValues") || request.Option("simplified");
        var concise = request.Option("concise");
        return simplified && concise ? throw NgsiLdException.BadRequestData("options: concise and simplified exclude each other.")
            : simplified ? Format.Simplified : concise ? Format.Concise : Format.Normalized;
    }

    /// <summary>Rows of a page, 1 to 1000; 0 with <c>count</c> only (clause 6.3.10).</summary>
    public static int Limit(NgsiLdRequest request)
    {
        var limit = request.Number("limit", 0) ?? 20;
        return limit == 0 && !Counts(request) ? throw NgsiLdException.BadRequestData("limit: 0 needs count=true.")
            : limit > MaxLimit ? throw NgsiLdException.TooManyResults($"limit: at most {MaxLimit} results are given at once.")
            : limit;
    }

    public static bool Counts(NgsiLdRequest request) => request.Flag("count") || request.Option("count");

    /// <summary>A regular expression for ids, checked.</summary>
    public static string? Pattern(string? pattern)
    {
        try
        {
            _ = pattern is null ? null : new Regex(pattern, RegexOptions.None, TimeSpan.FromMilliseconds(100));
            return pattern;
        }
        catch (ArgumentException)
        {
            throw NgsiLdException.BadRequestData($"idPattern: '{pattern}' is no regular expression.");
        }
    }

    private static EntityOrder? Order(NgsiLdRequest request, LdContext context) => request.List("orderBy") is not { } criteria ? null
        : EntityOrder.Parse(criteria, request.Parameter("collation"), request.Parameter("orderFrom"), request.Parameter("orderGeometry"), context);

    private static IReadOnlyList<EntitySelector> Selectors(NgsiLdRequest request, LdContext context)
    {
        var selector = new EntitySelector(
            request.List("id")?.Select(id => Uris.Require(id, "id")).ToArray(),
            Pattern(request.Parameter("idPattern")),
            request.Parameter("type") is not { } type ? null : type == "*" ? new TypeExpression.All([]) : TypeExpression.Parse(type, context));
        return selector is { Ids: null, IdPattern: null, Types: null } ? [] : [selector];
    }
}
