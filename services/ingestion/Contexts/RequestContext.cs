using System.Text.RegularExpressions;
using LivingCity.Ingestion.Errors;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Ingestion.Contexts;

/// <summary>What every NGSI-LD operation needs from its request: the tenant and the context of the Link header.</summary>
/// <param name="Tenant">The tenant to act for.</param>
/// <param name="Link">The address of the context that the Link header names, or null.</param>
internal sealed partial record RequestContext(string Tenant, string? Link)
{
    public static RequestContext From(HttpContext http)
    {
        var caller = Caller.From(http.User);
        var named = http.Request.Headers["NGSILD-Tenant"].ToString();
        var tenant = named.Length == 0 ? caller.RequiredCity
            : named == caller.City || (caller.IsPlatformAdmin && TenantPattern().IsMatch(named)) ? named
            : throw NgsiLdException.NonexistentTenant(named);
        var link = http.Request.Headers.Link.Select(value => LinkPattern().Match(value ?? "")).FirstOrDefault(match => match.Success)?.Groups[1].Value;
        return new RequestContext(tenant, link);
    }

    public static ValueTask<RequestContext> BindAsync(HttpContext http)
    {
        http.Response.Headers["NGSILD-Tenant"] = http.Request.Headers["NGSILD-Tenant"];
        return ValueTask.FromResult(From(http));
    }

    [GeneratedRegex("<([^>]+)>\\s*;[^,]*rel=\"?http://www\\.w3\\.org/ns/json-ld#context\"?")]
    private static partial Regex LinkPattern();

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,62}$")]
    private static partial Regex TenantPattern();
}
