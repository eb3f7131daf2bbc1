namespace LivingCity.Dataspace.Trust;

/// <summary>Identifiers of the method <c>did:web</c>: a host, with its port after <c>%3A</c>, and parts of a path between colons.</summary>
internal static class Did
{
    private const string Method = "did:web:";

    public static bool IsWeb(string? id) => id is not null && id.StartsWith(Method, StringComparison.Ordinal) && Parts(id) is not null;

    /// <summary>Where the document of an identifier is (did:web Method Specification, Read).</summary>
    /// <exception cref="TrustException">It is not a <c>did:web</c>.</exception>
    public static Uri DocumentOf(string id, bool useHttps) => Parts(id) is [var host, .. var path]
        ? new Uri($"{(useHttps ? "https" : "http")}://{host}/{(path.Length == 0 ? ".well-known" : string.Join('/', path))}/did.json")
        : throw new TrustException($"{id} is not a did:web identifier.");

    /// <summary>The host with its port, and the parts of the path; null when it is none, or one that would say something else once it is an address.</summary>
    private static string[]? Parts(string id)
    {
        if (!id.StartsWith(Method, StringComparison.Ordinal) || id.Length > 300)
        {
            return null;
        }

        var parts = id[Method.Length..].Split(':').Select(Uri.UnescapeDataString).ToArray();
        return Uri.TryCreate($"https://{parts[0]}/", UriKind.Absolute, out var uri) && uri.Authority.Equals(parts[0], StringComparison.OrdinalIgnoreCase) && uri is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
            && parts[1..].All(part => part.Length > 0 && part is not ("." or "..") && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '~'))
            ? parts : null;
    }
}
