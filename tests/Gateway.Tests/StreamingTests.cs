using System.Net.Http.Headers;
using LivingCity.Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LivingCity.Gateway.Tests;

public sealed class StreamingTests(Platform platform)
{
    [Fact]
    public async Task ServerSentEvents_ArriveOneByOne()
    {
        // The service sends each event only after the client has read the one before: a buffer in between would end in the time limit.
        using var read = new SemaphoreSlim(1);
        await using var twin = await Backend.StartAsync("twin", app => app.MapGet("/api/twin/v1/live", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var number = 1; number <= 5; number++)
            {
                await read.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync($"data: {number}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }));
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["twin"] = [twin.Address] });
        using var client = gateway.Connect();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/twin/v1/live");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        var events = new List<string>();
        while (await lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length > 0)
            {
                events.Add(line);
                read.Release();
            }
        }

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["data: 1", "data: 2", "data: 3", "data: 4", "data: 5"], events);
    }

    [Fact]
    public async Task Client_ThatLeaves_EndsTheRequestAtTheService()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var twin = await Backend.StartAsync("twin", app => app.MapGet("/api/twin/v1/live", async (HttpContext context) =>
        {
            await context.Response.WriteAsync(": hello\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            using var registration = context.RequestAborted.Register(ended.SetResult);
            await ended.Task;
        }));
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["twin"] = [twin.Address] });
        using (var client = gateway.Connect())
        {
            using var answer = await client.GetAsync(new Uri("/api/twin/v1/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
