using LivingCity.ServiceDefaults.Security;
using Microsoft.Extensions.Options;

namespace LivingCity.Gateway.Portal.Layout;

/// <summary>
/// What a page may load: its own origin's files, nothing inline. Forms may end at the realm, whose sign-out a redirect leads to. Text becomes markup or a script's
/// address only through the one policy of the portal's script (Trusted Types).
/// </summary>
internal sealed class PagePolicy(IOptions<AuthenticationSettings> authentication)
{
    private readonly string policy =
        "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default; "
        + $"form-action 'self' {new Uri(authentication.Value.Authority).GetLeftPart(UriPartial.Authority)}";

    public void Apply(HttpContext context)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.Headers.ContentSecurityPolicy = policy;
            context.Response.Headers.CacheControl = "no-cache, no-store";
        }
    }
}
