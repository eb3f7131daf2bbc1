using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LivingCity.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.Ingestion.Tests.Subscriptions;

/// <summary>The context broker with a clock that can be moved, allowed to call loopback, and the words in which tests speak with it.</summary>
public sealed class Broker : IAsyncDisposable
{
    public const string CoreContext = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld";

    private static readonly Dictionary<string, string> Loopback = new() { ["Outgoing:AllowedNetworks:0"] = "127.0.0.0/8", ["Outgoing:AllowedNetworks:1"] = "::1/128" };

    private Broker(ServiceHost<Program> host, HttpClient client) => (Host, Client) = (host, client);

    public ServiceHost<Program> Host { get; }

    /// <summary>A data officer of a city of its own in this broker.</summary>
    public HttpClient Client { get; }

    public static async Task<Broker> StartAsync(
        Infrastructure infrastructure, TimeProvider? time = null, Broker? peer = null, IReadOnlyDictionary<string, string>? settings = null, bool allowLoopback = true)
    {
        var all = (allowLoopback ? Loopback : []).Concat(settings ?? new Dictionary<string, string>()).ToDictionary();
        var host = await ServiceHost<Program>.StartAsync(infrastructure, all, peer?.Host, services: services =>
        {
            if (time is not null)
            {
                services.AddSingleton(time);
            }
        });
        return new Broker(host, host.As("sofia", "data-officer"));
    }

    public Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null, string mediaType = "application/json", params (string Name, string Value)[] headers) =>
        SendAsync(Client, method, path, body, mediaType, headers);

    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string? body, string mediaType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/ngsi-ld/v1{path}");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends what must succeed.</summary>
    public async Task<HttpResponseMessage> DoAsync(string method, string path, string? body = null, string mediaType = "application/json", params (string Name, string Value)[] headers)
    {
        var answer = await SendAsync(method, path, body, mediaType, headers);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        return answer;
    }

    public async Task<JsonNode> GetAsync(string path, params (string Name, string Value)[] headers) =>
        (await (await DoAsync("GET", path, headers: headers)).Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;

    /// <summary>Subscribes, and returns the subscription's id.</summary>
    public async Task<string> SubscribeAsync(string members, string endpoint, string notification = "")
    {
        var created = await DoAsync("POST", "/subscriptions", $$"""{"type":"Subscription",{{members}},"notification":{ {{notification}}{{(notification.Length > 0 ? "," : "")}}"endpoint":{"uri":"{{endpoint}}","accept":"application/json"} } }""");
        return created.Headers.Location!.ToString().Split('/')[^1];
    }

    /// <summary>Creates or updates entities.</summary>
    public Task UpsertAsync(params string[] entities) => DoAsync("POST", "/entityOperations/upsert?options=update", $"[{string.Join(',', entities)}]");

    public static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string type, string? member = null)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal($"https://uri.etsi.org/ngsi-ld/errors/{type}", (string?)problem["type"]);
        if (member is not null)
        {
            Assert.Contains(member, (string?)problem["detail"], StringComparison.Ordinal);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
    }
}

/// <summary>One broker and one receiver for the tests of a class.</summary>
public sealed class NotifyingFixture(Infrastructure infrastructure) : IAsyncLifetime
{
    private Broker? broker;
    private Receiver? receiver;

    public Broker Broker => broker!;

    public Receiver Receiver => receiver!;

    public Infrastructure Infrastructure => infrastructure;

    public async ValueTask InitializeAsync()
    {
        broker = await Broker.StartAsync(infrastructure);
        receiver = await Receiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await broker!.DisposeAsync();
        await receiver!.DisposeAsync();
    }
}
