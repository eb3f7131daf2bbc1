using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LivingCity.Dataspace.Tests.Hosting;

/// <summary>A message that a connector sent to the test's own side.</summary>
internal sealed record Received(string Path, string Type, JsonObject Body, string? Authorization);

/// <summary>The other side of a connector, played by the test: it takes every message, answers as a connector that agrees with it, and says what the test wants.</summary>
internal sealed class TestPeer : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> received = new();
    private readonly WebApplication server;
    private readonly HttpClient connector;

    private TestPeer(WebApplication server, HttpClient connector) => (this.server, this.connector) = (server, connector);

    public string Address => server.Urls.First();

    public IReadOnlyCollection<Received> All => received;

    /// <summary>The pid with which this side begins or answers.</summary>
    public string Pid { get; } = $"urn:uuid:{Guid.NewGuid()}";

    /// <summary>Whether each connection is closed after its answer, so that the next message needs a new one.</summary>
    public bool Closes { get; set; }

    /// <summary>How messages are answered; null for as usual.</summary>
    public Func<string, int?>? Answer { get; set; }

    public static async Task<TestPeer> StartAsync(HttpClient connector)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var peer = new TestPeer(server, connector);
        server.MapPost("/{**path}", peer.TakeAsync);
        await server.StartAsync();
        return peer;
    }

    /// <summary>Sends a message to the connector.</summary>
    public async Task<(int Status, JsonObject? Body)> SendAsync(string path, JsonObject message)
    {
        using var answer = await connector.PostAsJsonAsync($"/dsp/2025-1{path}", message);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text) as JsonObject);
    }

    public async Task<JsonObject> GetAsync(string path)
    {
        using var answer = await connector.GetAsync($"/dsp/2025-1{path}");
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>Waits for a message of this type, the nth of its kind.</summary>
    public async Task<Received> HearAsync(string type, int number = 1)
    {
        await Eventually.TrueAsync(() => Task.FromResult(received.Count(message => message.Type == type) >= number), $"{type} number {number} was sent; so far: {string.Join(", ", received.Select(message => message.Type))}");
        return received.Where(message => message.Type == type).ElementAt(number - 1);
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext http, string path)
    {
        var body = (await JsonNode.ParseAsync(http.Request.Body))!.AsObject();
        if (Closes)
        {
            http.Response.Headers.Connection = "close";
        }

        received.Enqueue(new Received("/" + path, (string)body["@type"]!, body, http.Request.Headers.Authorization));
        if (Answer?.Invoke("/" + path) is { } status)
        {
            return Results.StatusCode(status);
        }

        var kind = path.StartsWith("negotiations", StringComparison.Ordinal) ? "ContractNegotiation" : "TransferProcess";
        return path is "negotiations/request" or "transfers/request"
            ? Results.Json(Messages.Dsp(kind, ("providerPid", Pid), ("consumerPid", (string)body["consumerPid"]!), ("state", "REQUESTED")), statusCode: 201)
            : Results.Ok();
    }
}

/// <summary>Messages as a peer writes them.</summary>
internal static class Messages
{
    public const string Context = "https://w3id.org/dspace/2025/1/context.jsonld";

    public static JsonObject Dsp(string type, params (string Name, JsonNode? Value)[] members)
    {
        var message = new JsonObject { ["@context"] = new JsonArray(Context), ["@type"] = type };
        foreach (var (name, value) in members)
        {
            message[name] = value;
        }

        return message;
    }

    public static JsonObject Offer(string id, string target, JsonArray? permission = null) =>
        new() { ["@id"] = id, ["@type"] = "Offer", ["target"] = target, ["permission"] = permission ?? new JsonArray(new JsonObject { ["action"] = "use" }) };

    public static JsonObject Agreement(string target, string assigner, string assignee) => new()
    {
        ["@id"] = $"urn:uuid:{Guid.NewGuid()}",
        ["@type"] = "Agreement",
        ["target"] = target,
        ["assigner"] = assigner,
        ["assignee"] = assignee,
        ["timestamp"] = "2026-07-01T12:00:00Z",
        ["permission"] = new JsonArray(new JsonObject { ["action"] = "use" }),
    };

    public static JsonObject Pids(string type, string providerPid, string consumerPid, params (string Name, JsonNode? Value)[] members) =>
        Dsp(type, [("providerPid", providerPid), ("consumerPid", consumerPid), .. members]);
}
