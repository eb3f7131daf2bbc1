using LivingCity.Ingestion.Errors;
using Microsoft.Net.Http.Headers;

namespace LivingCity.Ingestion.Web;

/// <summary>Media types of NGSI-LD and their negotiation (ETSI GS CIM 009, clauses 6.3.4 to 6.3.6 and 6.3.15).</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string LdJson = "application/ld+json";
    public const string GeoJson = "application/geo+json";
    public const string MergePatch = "application/merge-patch+json";

    private static readonly string[] Plain = [Json, LdJson];
    private static readonly string[] WithGeometry = [Json, LdJson, GeoJson];

    /// <summary>What a body can be.</summary>
    public static string[] Bodies(HttpRequest request) => HttpMethods.IsPatch(request.Method) ? [Json, LdJson, MergePatch] : Plain;

    /// <summary>What the answer will be: of what is accepted equally, plain JSON first.</summary>
    /// <exception cref="NgsiLdException">Nothing that is accepted can be given (406).</exception>
    public static string Negotiate(HttpRequest request, bool geometry)
    {
        var offers = geometry ? WithGeometry : Plain;
        if (request.Headers.Accept.Count == 0)
        {
            return Json;
        }

        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            throw NgsiLdException.Refused(StatusCodes.Status406NotAcceptable, "The Accept header cannot be read.");
        }

        var best = offers.Select((offer, order) => (Offer: offer, Order: order, Quality: QualityOf(offer, accepted))).Where(offer => offer.Quality > 0)
            .OrderByDescending(offer => offer.Quality).ThenBy(offer => offer.Order).FirstOrDefault();
        return best.Offer ?? throw NgsiLdException.Refused(StatusCodes.Status406NotAcceptable, $"The answer can be {string.Join(", ", offers)}.");
    }

    private static double QualityOf(string offer, IEnumerable<MediaTypeHeaderValue> accepted) => accepted
        .Where(range => range.MatchesAllTypes || (range.MatchesAllSubTypes && range.Type == "application") || range.MediaType.Equals(offer, StringComparison.OrdinalIgnoreCase))
        .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0).Select(range => range.Quality ?? 1).FirstOrDefault();
}
