using LivingCity.Identity.Tests;

[assembly: AssemblyFixture(typeof(ProviderFixture))]

namespace LivingCity.Identity.Tests;

/// <summary>One running provider for all tests; they share it without disturbing each other, because each signs in for itself.</summary>
public sealed class ProviderFixture : IAsyncLifetime
{
    private ProviderProcess? provider;

    internal const string GatewayUrl = "http://gateway.test:8080";
    internal const string GatewaySecret = "secret of the gateway";
    internal const string IntegratorSecret = "secret of Sofia";
    internal const string OperatorSecret = "secret of the operator";
    internal const string Password = "a password for tests";

    internal ProviderProcess Provider => provider ?? throw new InvalidOperationException("The provider is not started yet.");

    public async ValueTask InitializeAsync() => provider = await ProviderProcess.StartAsync(TestContext.Current.CancellationToken, new Dictionary<string, string>
    {
        ["GATEWAY_URL"] = GatewayUrl,
        ["GATEWAY_SECRET"] = GatewaySecret,
        ["INTEGRATOR_SOFIA_SECRET"] = IntegratorSecret,
        ["PLATFORM_OPERATOR_SECRET"] = OperatorSecret,
        ["DEMO_PASSWORD"] = Password,
    });

    public async ValueTask DisposeAsync()
    {
        if (provider is not null)
        {
            await provider.DisposeAsync();
        }
    }

    internal Browser OpenBrowser() => new(Provider);
}
