using Microsoft.AspNetCore.Authentication.Cookies;

namespace LivingCity.Gateway.Portal.Sessions;

/// <summary>
/// Over TLS the session's cookie is called <c>__Host-…</c>, which a browser accepts from this host alone (RFC 6265bis, 4.1.3.2). On the realm's answer an
/// old session is not looked at, so that signing in always makes a new key.
/// </summary>
internal sealed class SessionCookies : ICookieManager
{
    private readonly ChunkingCookieManager cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) =>
        context.Request.Path == PortalPaths.SignInCallback ? null : cookies.GetRequestCookie(context, NameOf(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) => cookies.AppendResponseCookie(context, NameOf(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => cookies.DeleteCookie(context, NameOf(context, key), options);

    private static string NameOf(HttpContext context, string key) => context.Request.IsHttps ? $"__Host-{key}" : key;
}
