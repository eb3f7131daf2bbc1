using Microsoft.Playwright;

namespace LivingCity.Portal.Tests;

/// <summary>Alone, because the gateway is away for a while.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Restarts;

[Collection(typeof(Restarts))]
public sealed class RestartTests(RunningPortal portal)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GatewayThatIsKilled_ComesBackWithTheSession()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("planner@sant-boi.example");

        portal.App.KillResource("gateway");
        await portal.App.ResourceNotifications.WaitForResourceHealthyAsync("gateway", Cancelled);

        await visitor.GoAsync("/account");
        await Assertions.Expect(visitor.Page.Locator(".facts")).ToContainTextAsync("planner@sant-boi.example");
    }
}
