using System.Text.Json;
using System.Text.RegularExpressions;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Query;

/// <summary>One criterion of an order.</summary>
/// <param name="Path">What to sort by.</param>
/// <param name="Descending">Whether the greatest comes first.</param>
/// <param name="ByDistance">Whether the distance from <see cref="EntityOrder.From"/> counts instead of the value.</param>
/// <param name="Member">The entity's own member to sort by instead: <c>id</c>, <c>type</c> or <c>scope</c>; or null.</param>
internal sealed record OrderTerm(AttributePath Path, bool Descending, bool ByDistance, string? Member);

/// <summary>In which order results come (ETSI GS CIM 009, clause 4.23).</summary>
/// <param name="Terms">The criteria; the first one that tells two entities apart decides.</param>
/// <param name="Collation">A locale as RFC 6067 writes it, for texts; null for ICU's root order.</param>
/// <param name="From">Where distances are measured from, as GeoJSON; or null.</param>
internal sealed partial record EntityOrder(IReadOnlyList<OrderTerm> Terms, string? Collation, JsonElement? From)
{
    private static readonly string[] Members = ["id", "type", "scope"];

    /// <param name="criteria">Paths, each with <c>;asc</c>, <c>;desc</c>, <c>;dist-asc</c> or <c>;dist-desc</c>.</param>
    /// <param name="collation">The locale, or null.</param>
    /// <param name="orderFrom">Coordinates, or null.</param>
    /// <param name="orderGeometry">The type of their geometry; null for a point.</param>
    /// <param name="context">Expands names.</param>
    /// <exception cref="NgsiLdException">A part is wrong or missing (BadRequestData).</exception>
    public static EntityOrder Parse(IEnumerable<string> criteria, string? collation, string? orderFrom, string? orderGeometry, LdContext context)
    {
        var terms = criteria.Select(criterion => Term(criterion, context)).ToArray();
        if (collation is not null && !CollationPattern().IsMatch(collation))
        {
            throw NgsiLdException.BadRequestData("collation: a locale like und-x-icu, bg or de-u-co-phonebk is required.");
        }

        return terms.Any(term => term.ByDistance) && orderFrom is null ? throw NgsiLdException.BadRequestData("orderFrom: coordinates are needed to sort by distance.")
            : new EntityOrder(terms, collation is "und-x-icu" or "und" ? null : collation?.ToLowerInvariant(), orderFrom is null ? null : Geometry(orderFrom, orderGeometry ?? "Point"));
    }

    private static OrderTerm Term(string criterion, LdContext context)
    {
        var parts = criterion.Split(';');
        if (parts.Length > 2 || (parts.Length == 2 && parts[1] is not ("asc" or "desc" or "dist-asc" or "dist-desc")))
        {
            throw NgsiLdException.BadRequestData($"orderBy: '{criterion}' must be a path, with ;asc, ;desc, ;dist-asc or ;dist-desc.");
        }

        var descending = parts is [_, "desc" or "dist-desc"];
        var byDistance = parts is [_, "dist-asc" or "dist-desc"];
        return Members.Contains(parts[0]) && !byDistance ? new OrderTerm(new AttributePath([parts[0]], []), descending, false, parts[0])
            : QueryParser.Parse(parts[0], context) is QueryExpression.Exists { Path: var path } && (!byDistance || path is { Names.Count: 1, Inside: [], Member: null } && !Members.Contains(parts[0]))
                ? new OrderTerm(path, descending, byDistance, null)
            : throw NgsiLdException.BadRequestData($"orderBy: '{parts[0]}' is no path to an attribute{(byDistance ? " with a place" : "")}.");
    }

    private static JsonElement Geometry(string coordinates, string type)
    {
        try
        {
            return GeoJson.Require(JsonElement.Parse($"{{\"type\":{JsonSerializer.Serialize(type)},\"coordinates\":{coordinates}}}"), "orderFrom");
        }
        catch (JsonException)
        {
            throw NgsiLdException.BadRequestData("orderFrom: a JSON array of coordinates is required.");
        }
    }

    [GeneratedRegex("^(?=.{2,48}$)[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
    private static partial Regex CollationPattern();
}
