using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LivingCity.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LivingCity.Ingestion.Tests.Subscriptions;

/// <summary>A request as it came.</summary>
public sealed record Received(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonObject Body => JsonNode.Parse(Text)!.AsObject();

    public JsonArray Data => Body["data"]!.AsArray();

    public string NotificationId => (string)Body["id"]!;
}

/// <summary>Somebody else's server on loopback: it keeps what it is sent, and answers what the test wants.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication server;

    private Receiver(WebApplication server) => this.server = server;

    public ConcurrentQueue<Received> All { get; } = new();

    /// <summary>What it answers; may take its time.</summary>
    public Func<Received, Task<IResult>> Answer { get; set; } = _ => Task.FromResult(Results.Ok());

    public string Address => server.Urls.First();

    public static async Task<Receiver> StartAsync(string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var server = builder.Build();
        var receiver = new Receiver(server);
        server.Map("{**path}", (Delegate)receiver.ReceiveAsync);
        await server.StartAsync();
        return receiver;
    }

    public IReadOnlyList<Received> At(string path) => [.. All.Where(request => request.Path == path)];

    /// <summary>Waits until so many requests have come to a path.</summary>
    public async Task<IReadOnlyList<Received>> WaitAsync(string path, int count = 1)
    {
        await Eventually.TrueAsync(() => Task.FromResult(At(path).Count >= count), $"{count} requests at {path}");
        return At(path);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new Received(
            context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
        All.Enqueue(request);
        return await Answer(request);
    }
}
