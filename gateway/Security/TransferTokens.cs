using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;

namespace LivingCity.Gateway.Security;

/// <summary>
/// The policy of the data plane's public paths. Who fetches or sends data under a contract shows that contract's token, which is none of the realm: the connector alone knows whether it opens anything,
/// so the gateway passes it on. What cannot be such a token goes no further.
/// </summary>
internal static partial class TransferTokens
{
    public const string Policy = "transfer-token";

    public static IServiceCollection AddTransferTokens(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy.RequireAssertion(context => context.Resource is HttpContext http && IsOne(http)));
        return services;
    }

    /// <summary>Whether the request carries what may be a transfer's token: the tenant and 256 random bits.</summary>
    private static bool IsOne(HttpContext http) => http.Request.Headers.Authorization is [{ } header] && Form().IsMatch(header);

    [GeneratedRegex("^Bearer [a-z0-9-]{1,63}\\.[0-9a-f]{64}$", RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
