using Microsoft.AspNetCore.Authorization;

namespace LivingCity.ServiceDefaults.Security;

/// <summary>
/// The policies that endpoints name. An endpoint without one answers nobody (the fallback policy denies), and fails a test.
/// A city's administrator may do within the city what any role may; a platform administrator may do everything.
/// </summary>
public static class Access
{
    /// <summary>Anyone may read, signed in or not. A decision, never a default.</summary>
    public const string Public = "public";

    /// <summary>Any caller with a valid token that names a city (or a platform administrator's).</summary>
    public const string SignedIn = "signed-in";

    /// <summary>Connects sources, publishes datasets, negotiates contracts.</summary>
    public const string DataOfficer = "data-officer";

    /// <summary>Builds scenarios on the twin.</summary>
    public const string Planner = "planner";

    /// <summary>Runs events.</summary>
    public const string Organiser = "organiser";

    /// <summary>Reviews assessments, issues roadmaps.</summary>
    public const string Assessor = "assessor";

    /// <summary>Administers one city.</summary>
    public const string CityAdmin = "city-admin";

    /// <summary>Administers the installation.</summary>
    public const string PlatformAdmin = "platform-admin";

    internal static void Configure(AuthorizationOptions options)
    {
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build();
        options.AddPolicy(Public, policy => policy.RequireAssertion(_ => true));
        options.AddPolicy(SignedIn, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => HasTenant(context)));
        foreach (var role in (string[])[DataOfficer, Planner, Organiser, Assessor, CityAdmin])
        {
            options.AddPolicy(role, policy => policy.RequireAuthenticatedUser().RequireAssertion(context =>
                HasTenant(context) && (context.User.IsInRole(role) || context.User.IsInRole(CityAdmin) || context.User.IsInRole(PlatformAdmin))));
        }

        options.AddPolicy(PlatformAdmin, policy => policy.RequireAuthenticatedUser().RequireRole(PlatformAdmin));
    }

    private static bool HasTenant(AuthorizationHandlerContext context) =>
        context.User.FindFirst(Caller.CityClaim) is { Value.Length: > 0 } || context.User.IsInRole(PlatformAdmin);
}
