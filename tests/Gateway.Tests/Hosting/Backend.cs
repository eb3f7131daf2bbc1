using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LivingCity.Gateway.Tests.Hosting;

/// <summary>A service behind the gateway, on a port of its own: tells what reached it, and does what a test adds.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication app;

    private Backend(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    public static async Task<Backend> StartAsync(string name, Action<WebApplication>? configure = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", $"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.MapGet("/health/ready", () => "Healthy");
        configure?.Invoke(app);
        app.MapFallback("{**path}", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            return Results.Json(new
            {
                name,
                method = context.Request.Method,
                path = $"{context.Request.Path}{context.Request.QueryString}",
                headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
                bodyLength = body.Length,
            });
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new Backend(app);
    }

    public static JsonObject Echo(string json) => JsonNode.Parse(json)!.AsObject();

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
