using System.Globalization;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests;

/// <summary>What somebody sees whose connection is gone.</summary>
public sealed class OfflineTests(RunningPortal portal)
{
    [Fact]
    public async Task Page_WithoutAConnection_SaysSoInTheVisitorsLanguageAndDesign()
    {
        using var replica = await Replica.StartAsync(portal);
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { BaseURL = replica.Address.ToString(), Locale = "bg" });
        await visitor.GoAsync("/");
        await visitor.Page.EvaluateAsync("navigator.serviceWorker.ready.then(() => true)");
        var ink = await visitor.Page.EvaluateAsync<string>("getComputedStyle(document.body).color");

        replica.Kill();
        await visitor.GoAsync("/programme");

        Assert.Equal("Няма връзка", await visitor.Page.Locator("h1").InnerTextAsync());
        Assert.Equal(ink, await visitor.Page.EvaluateAsync<string>("getComputedStyle(document.body).color"));
        Assert.True(await visitor.Page.EvaluateAsync<double>("document.querySelector('.site-inner').getBoundingClientRect().width") > 0, string.Create(CultureInfo.InvariantCulture, $"{ink}"));
    }
}
