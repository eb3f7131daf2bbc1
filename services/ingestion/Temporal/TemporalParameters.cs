using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Temporal;

/// <summary>What a request wants of history, and in which form.</summary>
internal sealed record TemporalParameters(TemporalQuery Query, TemporalFormat Format)
{
    /// <summary>The query, when it is for many entities: it says which time it is about (clause 5.7.4.3).</summary>
    /// <exception cref="NgsiLdException">It does not (BadRequestData).</exception>
    public TemporalQuery BoundedQuery => Query.Window.IsBounded ? Query : throw NgsiLdException.BadRequestData("timerel and timeAt are required.");

    /// <summary>Reads the parameters of an address (ETSI GS CIM 009, clauses 6.18.3.2 and 6.19.3.1).</summary>
    public static TemporalParameters Read(NgsiLdRequest request, LdContext context)
    {
        var format = FormatOf(request);
        return new TemporalParameters(new TemporalQuery(TimeWindow.Parse(request.Parameter("timerel"), request.Parameter("timeAt"), request.Parameter("endTimeAt"), request.Parameter("timeproperty")))
        {
            LastN = request.Number("lastN", 1),
            Attributes = Wanted(request.List("attrs"), context) ?? Picked(request.Parameter("pick"), context),
            DatasetIds = request.List("datasetId")?.Select(Dataset).ToArray(),
            WithRollups = HasRollups(request),
            Aggregation = format == TemporalFormat.Aggregated ? Aggregation.Parse(request.List("aggrMethods"), request.Parameter("aggrPeriodDuration")) : null,
        }, format);
    }

    /// <summary>Reads a query in a body (clauses 5.2.21 and 5.2.23).</summary>
    public static TemporalParameters Read(QueryDocument document, NgsiLdRequest request, LdContext context)
    {
        var format = FormatOf(request);
        var temporal = document.Object("temporalQ");
        string? Part(string member) => temporal is { } inner && inner.TryGetProperty(member, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString()
            : throw NgsiLdException.BadRequestData($"temporalQ.{member}: a text is required.") : null;
        var lastN = temporal is { } window && window.TryGetProperty("lastN", out var given)
            ? given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number) && number > 0 ? number : throw NgsiLdException.BadRequestData("temporalQ.lastN: a whole number above 0 is required.")
            : request.Number("lastN", 1);
        return new TemporalParameters(new TemporalQuery(TimeWindow.Parse(Part("timerel"), Part("timeAt"), Part("endTimeAt"), Part("timeproperty")))
        {
            LastN = lastN,
            Attributes = Wanted(document.Names("attrs"), context) ?? Picked(document.Names("pick") is { } names ? string.Join(',', names) : null, context),
            DatasetIds = document.Names("datasetId")?.Select(Dataset).ToArray(),
            WithRollups = HasRollups(request),
            Aggregation = format == TemporalFormat.Aggregated ? Aggregated(document, request) : null,
        }, format);
    }

    private static Aggregation Aggregated(QueryDocument document, NgsiLdRequest request)
    {
        var inner = document.Object("aggrParams") ?? document.Object("temporalQ");
        if (inner is not { } parameters || !parameters.TryGetProperty("aggrMethods", out var methods))
        {
            return Aggregation.Parse(request.List("aggrMethods"), request.Parameter("aggrPeriodDuration"));
        }

        string[] names = methods.ValueKind == JsonValueKind.Array ? [.. methods.EnumerateArray().Select(method => method.ToString())] : methods.ToString().Split(',');
        return Aggregation.Parse(names, parameters.TryGetProperty("aggrPeriodDuration", out var period) ? period.ToString() : null);
    }

    private static TemporalFormat FormatOf(NgsiLdRequest request)
    {
        _ = QueryParameters.FormatOf(request);
        var values = request.Option("temporalValues");
        var aggregated = request.Option("aggregatedValues");
        return values && aggregated ? throw NgsiLdException.BadRequestData("options: temporalValues and aggregatedValues exclude each other.")
            : values ? TemporalFormat.Values : aggregated ? TemporalFormat.Aggregated : TemporalFormat.Normalized;
    }

    private static HashSet<string>? Wanted(IEnumerable<string>? names, LdContext context) => names?.Select(context.Expand).ToHashSet();

    /// <summary>The attributes that are picked; null where only the entity's own members are.</summary>
    private static HashSet<string>? Picked(string? pick, LdContext context) =>
        pick is not null && Projection.Parse(pick, "pick", context).Names.Where(name => name.Contains(':', StringComparison.Ordinal)).ToHashSet() is { Count: > 0 } attributes ? attributes : null;

    private static bool HasRollups(NgsiLdRequest request) => request.Http.RequestServices.GetRequiredService<RetentionSettings>().HasRollups;

    private static string Dataset(string id) => id == "@none" ? "" : Uris.Require(id, "datasetId");
}
