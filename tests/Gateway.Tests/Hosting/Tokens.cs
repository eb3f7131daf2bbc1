using LivingCity.Testing;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Gateway.Tests.Hosting;

internal static class Tokens
{
    /// <summary>A planner's token of Sofia, after <paramref name="change"/> has had its way with it.</summary>
    public static string PlannerToken(this TestIssuer realm, Action<SecurityTokenDescriptor>? change = null)
    {
        var content = realm.Describe("sofia", "planner");
        change?.Invoke(content);
        return TestIssuer.Sign(content);
    }
}
