using LivingCity.Ingestion.Contexts;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Authorization;

namespace LivingCity.Ingestion.Tenants;

/// <summary>
/// What anyone may read without signing in: types by tenant, in section <c>PublicReads</c>, for instance <c>PublicReads:sofia:0 = AirQualityObserved</c>; <c>*</c> opens all types.
/// Nothing is open unless it is named there.
/// </summary>
internal sealed class PublicReading
{
    /// <summary>The policy of endpoints that read context data: a caller with a city, a platform administrator, or anyone where something is open.</summary>
    public const string Policy = "context-reader";

    private readonly Dictionary<string, HashSet<string>> types;

    public PublicReading(IConfiguration configuration) => types = configuration.GetSection("PublicReads").GetChildren()
        .ToDictionary(tenant => tenant.Key, tenant => tenant.GetChildren().Select(type => type.Value == "*" ? "*" : LdContext.Core.Expand(type.Value ?? "")).ToHashSet());

    /// <summary>The tenant that a caller without a city reads from when it names none: the only one that is open.</summary>
    public string? OnlyTenant => types.Count == 1 ? types.Keys.Single() : null;

    /// <summary>Whether anything of a tenant is open.</summary>
    public bool Opens(string tenant) => types.ContainsKey(tenant);

    /// <summary>The types that are open, or null for all of them.</summary>
    public IReadOnlySet<string>? TypesOf(string tenant) => types[tenant] is var open && open.Contains("*") ? null : open;

    public void Configure(AuthorizationOptions options) => options.AddPolicy(Policy, policy => policy.RequireAssertion(context =>
        context.User.Identity is { IsAuthenticated: true } ? Caller.From(context.User) is { City: not null } or { IsPlatformAdmin: true }
            : types.Count > 0 && context.Resource is HttpContext http && http.Request.Headers.Authorization.Count == 0));
}
