using System.Text.RegularExpressions;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;

namespace LivingCity.Ingestion.Temporal;

/// <summary>Which part of history is meant (ETSI GS CIM 009, clause 4.11).</summary>
/// <param name="Property">Which time counts: observedAt, createdAt, modifiedAt or deletedAt.</param>
/// <param name="From">The earliest instant, or null.</param>
/// <param name="To">The instant before which it ends, or null.</param>
/// <param name="ExcludesFrom">Whether <paramref name="From"/> itself is too early.</param>
internal sealed record TimeWindow(string Property, DateTimeOffset? From, DateTimeOffset? To, bool ExcludesFrom)
{
    private static readonly string[] Properties = ["observedAt", "createdAt", "modifiedAt", "deletedAt"];

    /// <summary>True when a time was asked for.</summary>
    public bool IsBounded => From is not null || To is not null;

    /// <summary>The column of history that holds the time.</summary>
    public string Column => Property switch
    {
        "createdAt" => "h.created_at",
        "modifiedAt" => "h.modified_at",
        "deletedAt" => "h.deleted_at",
        _ => "h.at",
    };

    /// <exception cref="NgsiLdException">A part is missing or wrong (BadRequestData).</exception>
    public static TimeWindow Parse(string? timerel, string? timeAt, string? endTimeAt, string? timeproperty)
    {
        if (timeproperty is not null && !Properties.Contains(timeproperty))
        {
            throw NgsiLdException.BadRequestData($"timeproperty: one of {string.Join(", ", Properties)} is required.");
        }

        var at = Time(timeAt, "timeAt");
        var end = Time(endTimeAt, "endTimeAt");
        var property = timeproperty ?? "observedAt";
        return (timerel, at, end) switch
        {
            (null, null, null) => new TimeWindow(property, null, null, false),
            ("before", { } to, _) => new TimeWindow(property, null, to, false),
            ("after", { } from, _) => new TimeWindow(property, from, null, true),
            ("between", { } from, { } to) when from < to => new TimeWindow(property, from, to, false),
            _ => throw NgsiLdException.BadRequestData("timerel must be before or after with timeAt, or between with timeAt before endTimeAt."),
        };
    }

    /// <summary>The condition on rows of history, called h.</summary>
    /// <param name="sql">Takes the parameters.</param>
    /// <param name="withUnobserved">Whether what was stored without a time of observation counts at any time of observation.</param>
    public string Condition(SqlBuilder sql, bool withUnobserved = false)
    {
        List<string> conditions = [];
        if (From is { } from)
        {
            conditions.Add($"{Column} {(ExcludesFrom ? ">" : ">=")} {sql.Add(from)}");
        }

        if (To is { } to)
        {
            conditions.Add($"{Column} < {sql.Add(to)}");
        }

        if (Property == "observedAt" && IsBounded)
        {
            return withUnobserved ? $"(({string.Join(" AND ", conditions)}) OR NOT h.observed)" : $"{string.Join(" AND ", conditions)} AND h.observed";
        }

        if (Property == "deletedAt")
        {
            conditions.Add("h.deleted_at IS NOT NULL");
        }

        return conditions.Count == 0 ? "TRUE" : string.Join(" AND ", conditions);
    }

    private static DateTimeOffset? Time(string? text, string name) => text is null ? null
        : Instants.TryRead(text, out var instant) ? instant
        : throw NgsiLdException.BadRequestData($"{name}: a date and time with an offset is required, like 2026-01-31T08:00:00Z.");
}

/// <summary>How history is summed up (clause 4.5.19).</summary>
/// <param name="Methods">What to compute.</param>
/// <param name="Period">Length of a period as an ISO 8601 duration, or null for one over all.</param>
internal sealed partial record Aggregation(IReadOnlyList<string> Methods, string? Period)
{
    public static readonly IReadOnlyList<string> AllMethods = ["totalCount", "distinctCount", "sum", "avg", "min", "max", "stddev", "sumsq"];

    /// <summary>Whole months in a period, when it is made of months and years.</summary>
    public int Months => Period is null || PeriodPattern().Match(Period) is not { Success: true } match ? 0
        : (12 * Part(match, 1)) + Part(match, 2);

    /// <exception cref="NgsiLdException">A method is unknown, or the period is no duration.</exception>
    public static Aggregation Parse(IReadOnlyList<string>? methods, string? period)
    {
        if (methods is null || methods.Count == 0 || methods.Any(method => !AllMethods.Contains(method)))
        {
            throw NgsiLdException.BadRequestData($"aggrMethods: one or more of {string.Join(", ", AllMethods)} are required.");
        }

        if (period is not null && (PeriodPattern().Match(period) is not { Success: true } match || match.Groups.Values.Skip(1).All(group => !group.Success)
            || (Part(match, 1) + Part(match, 2) > 0 && Enumerable.Range(3, 5).Any(part => Part(match, part) > 0))))
        {
            throw NgsiLdException.BadRequestData("aggrPeriodDuration: an ISO 8601 duration is required, like PT1H or P1D: of months and years, or of what is shorter.");
        }

        return new Aggregation(methods, period is null || ZeroPattern().IsMatch(period) ? null : period);
    }

    private static int Part(Match match, int group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$")]
    private static partial Regex PeriodPattern();

    [GeneratedRegex(@"^P(T?0+[A-Z])+$")]
    private static partial Regex ZeroPattern();
}

/// <summary>What is wanted of history.</summary>
internal sealed record TemporalQuery(TimeWindow Window)
{
    /// <summary>The newest so many instances of each series, or null for as many as are given at once.</summary>
    public int? LastN { get; init; }

    /// <summary>IRIs of the only attributes, or null.</summary>
    public IReadOnlyCollection<string>? Attributes { get; init; }

    /// <summary>The only dataset ids, or null; the empty text stands for the default instance.</summary>
    public IReadOnlyCollection<string>? DatasetIds { get; init; }

    public Aggregation? Aggregation { get; init; }

    /// <summary>Whether hours that retention has summed up count in aggregates.</summary>
    public bool WithRollups { get; init; }
}
