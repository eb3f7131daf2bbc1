namespace LivingCity.Dataspace.Trust;

/// <summary>Bearer tokens as they come (RFC 6750, 2.1).</summary>
internal static class Bearer
{
    private const string Scheme = "Bearer ";

    public static string? In(HttpContext http) =>
        http.Request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
}
