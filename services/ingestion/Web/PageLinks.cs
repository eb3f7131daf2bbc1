using Microsoft.AspNetCore.WebUtilities;

namespace LivingCity.Ingestion.Web;

/// <summary>Names the pages before and after, and the number of all results (ETSI GS CIM 009, clauses 6.3.10 and 6.3.13).</summary>
internal static class PageLinks
{
    public static void Write(NgsiLdRequest request, int limit, int offset, bool hasMore, long? count, string mediaType, int? next = null)
    {
        if (count is { } all)
        {
            request.Http.Response.Headers["NGSILD-Results-Count"] = $"{all}";
        }

        if (limit == 0 || !HttpMethods.IsGet(request.Http.Request.Method))
        {
            return;
        }

        if (offset > 0)
        {
            Append(request, "prev", limit, Math.Max(0, offset - limit), mediaType);
        }

        if (hasMore)
        {
            Append(request, "next", limit, next ?? offset + limit, mediaType);
        }
    }

    private static void Append(NgsiLdRequest request, string relation, int limit, int offset, string mediaType)
    {
        var query = request.Http.Request.Query.Where(parameter => parameter.Key is not ("limit" or "offset"))
            .SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, value))
            .Append(new("limit", $"{limit}")).Append(new("offset", $"{offset}"));
        request.Http.Response.Headers.Append("Link", $"<{QueryHelpers.AddQueryString(request.Http.Request.Path, query)}>; rel=\"{relation}\"; type=\"{mediaType}\"");
    }
}
