using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LivingCity.ServiceDefaults.Web;

/// <summary>Versions of what can be edited, as strong entity tags (RFC 9110, 8.8.3).</summary>
public static class ETags
{
    /// <summary>Tells the caller which version it reads.</summary>
    public static void SetVersion(this HttpResponse response, long version) => response.Headers.ETag = Tag(version).ToString();

    /// <summary>Whether the caller already has this version (<c>If-None-Match</c>): then 304 is the answer.</summary>
    public static bool Has(this HttpRequest request, long version) =>
        request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(Tag(version), useStrongComparison: false) || tag == EntityTagHeaderValue.Any);

    /// <summary>The version that the caller edits (<c>If-Match</c>).</summary>
    /// <exception cref="ProblemException">There is none (428), or it is not the current one (412).</exception>
    public static void RequireVersion(this HttpRequest request, long current)
    {
        var tags = request.GetTypedHeaders().IfMatch;
        if (tags.Count == 0)
        {
            throw Problem.PreconditionRequired.Throw("If-Match is missing.");
        }

        if (!tags.Any(tag => tag == EntityTagHeaderValue.Any || tag.Compare(Tag(current), useStrongComparison: true)))
        {
            throw Problem.Stale.Throw($"The current version is {Tag(current)}.");
        }
    }

    private static EntityTagHeaderValue Tag(long version) => new($"\"{version}\"");
}
