using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests;

public sealed class DatasetPageTests(RunningPortal portal)
{
    [Fact]
    public async Task Dataset_FromTheListToItsPage_SaysInPlainWordsWhatIsAllowed()
    {
        await using var visitor = await portal.VisitAsync();
        var cards = visitor.Page.Locator(".cards .card-title a");
        await Eventually.TrueAsync(
            async () =>
            {
                await visitor.GoAsync("/datasets");
                return await cards.CountAsync() > 0;
            },
            "the catalogue lists a dataset");
        Assert.Empty((await visitor.Page.RunAxe()).Violations);

        await cards.First.ClickAsync();

        var policy = visitor.Page.Locator("section[aria-labelledby=policy]");
        await Assertions.Expect(policy).ToContainTextAsync("You may use the data");
        await Assertions.Expect(policy).ToContainTextAsync("You must name the source");
        await Assertions.Expect(visitor.Page.Locator(".facts")).Not.ToContainTextAsync("127.0.0.1");
        Assert.Empty((await visitor.Page.RunAxe()).Violations);
    }
}
