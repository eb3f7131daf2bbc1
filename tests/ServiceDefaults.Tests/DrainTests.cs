using System.Net;
using LivingCity.Testing;

namespace LivingCity.ServiceDefaults.Tests;

public sealed class DrainTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Stop_WithARequestUnderWay_TurnsUnreadyFirstAndLetsItFinish()
    {
        await using var sample = await SampleApp.ReadyAsync(infrastructure, settings: "--Drain:Seconds=3");
        using var client = sample.Anonymous();
        var underWay = client.GetStringAsync("/slow", TestContext.Current.CancellationToken);

        var stopping = sample.StopAsync();
        await Eventually.EqualAsync(HttpStatusCode.ServiceUnavailable, async () => (await client.GetAsync("/health/ready")).StatusCode);
        var stillServed = await client.GetAsync("/public", TestContext.Current.CancellationToken);
        sample.Slow.SetResult();
        await stopping;

        Assert.Equal(HttpStatusCode.NoContent, stillServed.StatusCode);
        Assert.Equal("\"done\"", await underWay);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/public", TestContext.Current.CancellationToken));
    }
}
