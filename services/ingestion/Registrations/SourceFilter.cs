using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Subscriptions;
using LivingCity.Ingestion.Subscriptions.Matching;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Registrations;

/// <summary>Which registrations are looked for (ETSI GS CIM 009, clause 5.12): all criteria hold together.</summary>
internal sealed record SourceFilter
{
    /// <summary>Entities of which the source may know one; none for any.</summary>
    public IReadOnlyList<EntityFilter> Entities { get; init; } = [];

    /// <summary>IRIs of attributes of which the source has one, or null.</summary>
    public IReadOnlySet<string>? Attributes { get; init; }

    public GeoQuery? Geo { get; init; }

    public ScopeQuery? Scope { get; init; }

    /// <summary>A condition on what describes the source (<c>csf</c>).</summary>
    public QueryExpression? Description { get; init; }

    public TimeFilter? Time { get; init; }

    /// <summary>Reads the parameters of a query for registrations (clause 6.8.3.2).</summary>
    /// <exception cref="NgsiLdException">A parameter is wrong, or nothing is asked for (BadRequestData).</exception>
    public static SourceFilter From(NgsiLdRequest request, LdContext context)
    {
        var (ids, pattern, type) = (request.List("id"), request.Parameter("idPattern"), request.Parameter("type"));
        foreach (var id in ids ?? [])
        {
            Uris.Require(id, "id");
        }

        if (pattern is not null && !DocumentRules.IsPattern(pattern))
        {
            throw NgsiLdException.BadRequestData("idPattern: a regular expression is required.");
        }

        var entity = new JsonObject();
        if (type is not null and not "*")
        {
            TypeExpression.Parse(type, context);
            entity["type"] = type;
        }

        if (ids is not null)
        {
            entity["id"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]);
        }
        else if (pattern is not null)
        {
            entity["idPattern"] = pattern;
        }

        var document = new JsonObject { ["entities"] = new JsonArray(entity) };
        DocumentNames.Entities(document, context.Expand);
        var filter = new SourceFilter
        {
            Entities = entity.Count > 0 ? EntityFilter.ReadAll(document) : [],
            Attributes = request.List("attrs") is { } names ? names.Select(context.Expand).ToHashSet() : null,
            Geo = GeoQuery.Parse(request.Parameter("georel"), request.Parameter("geometry"), request.Parameter("coordinates"), request.Parameter("geoproperty"), context),
            Scope = request.Parameter("scopeQ") is { } scope ? ScopeQuery.Parse(scope) : null,
            Description = request.Parameter("csf") is { } csf ? QueryParser.Parse(csf, context) : null,
            Time = TimeFilter.Read(request.Parameter("timerel"), request.Parameter("timeAt"), request.Parameter("endTimeAt"), request.Parameter("timeproperty")),
        };
        var q = request.Parameter("q") is { } condition ? QueryParser.Parse(condition, context) : null;
        return type is null && filter is { Attributes: null, Geo: null } && q is null ? throw NgsiLdException.BadRequestData("At least one of type, attrs, q and georel is required.")
            : q is null || filter.Attributes is not null ? filter
            : filter with { Attributes = q.Attributes.ToHashSet() };
    }

    /// <summary>The sources that may have what a query for entities finds (clause 5.7.2).</summary>
    public static SourceFilter From(EntityQuery query) => new()
    {
        Entities = [.. query.Selectors.Select(selector => new EntityFilter(selector.Ids, selector.IdPattern is { } pattern ? DocumentRules.Pattern(pattern) : null, selector.Types, NamesOf(selector.Types)))],
        Attributes = query.AnyAttribute as IReadOnlySet<string> ?? query.AnyAttribute?.ToHashSet(),
        Description = query.SourceCondition,
    };

    /// <summary>Reads a subscription to sources (clause 5.11).</summary>
    public static SourceFilter From(ActiveSubscription subscription)
    {
        var temporal = subscription.Document["temporalQ"];
        return new SourceFilter
        {
            Entities = subscription.Selectors,
            Attributes = subscription.Watched,
            Geo = subscription.Geo,
            Scope = subscription.Scope,
            Time = temporal is null ? null
                : TimeFilter.Read((string?)temporal["timerel"], (string?)temporal["timeAt"], (string?)temporal["endTimeAt"], (string?)temporal["timeproperty"]),
        };
    }

    /// <summary>The types that a selection speaks of.</summary>
    public static IReadOnlyList<string> NamesOf(TypeExpression? types) => types switch
    {
        TypeExpression.Is one => [one.Iri],
        TypeExpression.All all => [.. all.Parts.SelectMany(NamesOf)],
        TypeExpression.Any any => [.. any.Parts.SelectMany(NamesOf)],
        _ => [],
    };

    public bool Matches(SourceRegistration source, DateTimeOffset now) => !(source.ExpiresAt <= now)
        && (Entities.Count == 0 && Attributes is null || source.Information.Any(Matches))
        && Geo?.Matches(source.Description) != false
        && Scope?.Matches(source.Scopes) != false
        && Description?.Matches(source.Description) != false
        && (Time is null ? source is { ObservationInterval: null, ManagementInterval: null } : Time.Matches(source));

    /// <summary>The registration with that of its information which was asked for (clauses 5.10.2.5 and 5.11.7).</summary>
    public RegistrationRow Narrow(RegistrationRow row)
    {
        if (Entities.Count == 0 && Attributes is null)
        {
            return row;
        }

        var document = (JsonObject)row.Document.DeepClone();
        var wanted = SourceRegistration.Read(row.Id, row.Document).Information.Zip(row.Document["information"]!.AsArray()).Where(information => Matches(information.First)).Select(information => information.Second!.DeepClone());
        document["information"] = new JsonArray([.. wanted]);
        return row with { Document = document };
    }

    private bool Matches(SourceInformation information) =>
        (Attributes is null || information.Attributes is null || information.Attributes.Overlaps(Attributes))
        && (Entities.Count == 0 || information.Entities.Count == 0 || information.Entities.Any(held => Entities.Any(wanted => Overlap(held, wanted))));

    private static bool Overlap(EntityFilter held, EntityFilter wanted) =>
        (held.TypeNames.Count == 0 || wanted.TypeNames.Count == 0 || held.TypeNames.Intersect(wanted.TypeNames).Any())
        && (held.Ids is { } ids ? ids.Any(wanted.MatchesId) : wanted.Ids is not { } others || others.Any(held.MatchesId));
}

/// <summary>When a source's data was observed, or changed (clause 4.11).</summary>
/// <param name="From">The earliest, or null.</param>
/// <param name="To">The latest, or null.</param>
/// <param name="IsManagement">Whether creation and change are meant instead of observation.</param>
internal sealed record TimeFilter(DateTimeOffset? From, DateTimeOffset? To, bool IsManagement)
{
    /// <exception cref="NgsiLdException">Parts are missing or wrong (BadRequestData).</exception>
    public static TimeFilter? Read(string? relation, string? at, string? end, string? property)
    {
        if (relation is null)
        {
            return at is null && end is null && property is null ? null : throw NgsiLdException.BadRequestData("timerel: it is required with timeAt, endTimeAt and timeproperty.");
        }

        if (!Instants.TryRead(at, out var first))
        {
            throw NgsiLdException.BadRequestData("timeAt: a date and time with an offset is required, like 2026-01-31T08:00:00Z.");
        }

        var management = property is "createdAt" or "modifiedAt" or "deletedAt";
        return relation switch
        {
            "before" => new TimeFilter(null, first, management),
            "after" => new TimeFilter(first, null, management),
            "between" when Instants.TryRead(end, out var last) && last > first => new TimeFilter(first, last, management),
            "between" => throw NgsiLdException.BadRequestData("endTimeAt: a date and time after timeAt is required."),
            _ => throw NgsiLdException.BadRequestData("timerel: before, after or between is required."),
        };
    }

    public bool Matches(SourceRegistration source) => (IsManagement ? source.ManagementInterval : source.ObservationInterval) is { } interval
        && (To is not { } to || interval.Start <= to) && (From is not { } from || !(interval.End < from));
}
