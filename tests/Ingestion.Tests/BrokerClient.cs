using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace LivingCity.Ingestion.Tests;

/// <summary>Sends NGSI-LD requests as one caller.</summary>
public sealed class BrokerClient(HttpClient client, string city)
{
    public const string Json = "application/json";
    public const string LdJson = "application/ld+json";
    public const string GeoJson = "application/geo+json";
    public const string MergePatch = "application/merge-patch+json";

    public string City { get; } = city;

    public async Task<BrokerAnswer> SendAsync(string method, string path, string? body = null, string media = Json, string? link = null, string? accept = null, string? tenant = null, string? map = null, string? snapshot = null, string? prefer = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/ngsi-ld/v1" + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", media);
        }

        Add(request, "Link", link is null ? null : $"<{link}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"");
        Add(request, "Accept", accept);
        Add(request, "NGSILD-Tenant", tenant);
        Add(request, "NGSILD-EntityMap", map);
        Add(request, "NGSILD-Snapshot", snapshot);
        Add(request, "Prefer", prefer);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new BrokerAnswer(
            response.StatusCode, text,
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<BrokerAnswer> GetAsync(string path, string? link = null, string? accept = null) => SendAsync("GET", path, link: link, accept: accept);

    /// <summary>Sends, and fails unless this status comes back.</summary>
    public async Task<BrokerAnswer> ExpectAsync(HttpStatusCode status, string method, string path, string? body = null, string media = Json, string? link = null, string? accept = null)
    {
        var answer = await SendAsync(method, path, body, media, link, accept);
        Assert.True(answer.Status == status, $"{method} {path}: {(int)answer.Status} {answer.Text}");
        return answer;
    }

    /// <summary>Creates an entity.</summary>
    public Task CreateAsync(string entity) => ExpectAsync(HttpStatusCode.Created, "POST", "/entities", entity);

    /// <summary>Reads an entity.</summary>
    public async Task<JsonObject> EntityAsync(string id, string parameters = "") => (await ExpectAsync(HttpStatusCode.OK, "GET", $"/entities/{id}{parameters}")).Body.AsObject();

    /// <summary>The ids that a query finds, in the order of the answer.</summary>
    public async Task<string[]> FindAsync(string parameters)
    {
        var answer = await ExpectAsync(HttpStatusCode.OK, "GET", $"/entities?{parameters}");
        return [.. answer.Body.AsArray().Select(entity => (string)entity!["id"]!)];
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}

/// <summary>What came back.</summary>
public sealed record BrokerAnswer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Body => JsonNode.Parse(Text)!;

    /// <summary>The last part of the problem's type.</summary>
    public string? Error => Text.StartsWith('{') && (string?)Body["type"] is { } type ? type[(type.LastIndexOf('/') + 1)..] : null;

    /// <summary>Fails unless the body is this JSON, whatever the order of its members.</summary>
    public void MeansSame(string expected) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), Body), $"expected: {expected.Trim()}\nactual:   {Text}");

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
