namespace LivingCity.Gateway.Portal;

internal static class PortalPaths
{
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
    public const string SignInCallback = "/signin-oidc";
    public const string SignedOutCallback = "/signout-callback-oidc";

    private static readonly string[] Programs = ["/api", "/ngsi-ld", "/dsp", "/openapi", "/docs", "/health", "/.well-known", "/portal"];

    /// <summary>Whether people look at this path. Under all others, errors are for programs.</summary>
    public static bool IsForPeople(PathString path) => !Array.Exists(Programs, prefix => path.StartsWithSegments(prefix));

    /// <summary>The address to go back to, if it is one of this site; else the first page. What a browser could read as another host is none of this site's.</summary>
    public static string Local(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && !address.Any(char.IsControl) && Uri.TryCreate(address, UriKind.Relative, out _) ? address : "/";
}
