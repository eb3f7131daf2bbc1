using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace LivingCity.Ingestion.Tests.Properties;

/// <summary>
/// Requests that are nearly right: whatever comes, nothing breaks, nothing of the inside shows, and nobody else's data change. 5,000 requests by default;
/// <c>LIVINGCITY_FUZZ=100000</c> sends as many as it says. The seed is fixed, so a failure can be repeated.
/// </summary>
[Collection<BrokerTests>]
public sealed class FuzzTests(BrokerFixture fixture)
{
    private const int AtOnce = 8;

    private static readonly string[] Insides = ["Npgsql", "   at ", "System.", "LivingCity.", "SELECT ", "entity_search"];

    private static readonly (string Method, string Path, string? Body)[] Requests =
    [
        ("POST", "/entities", """{"id":"urn:f:1","type":"T","speed":{"type":"Property","value":5,"observedAt":"2026-01-01T00:00:00Z","unitCode":"KMH","sub":{"type":"Property","value":1}},"owner":{"type":"Relationship","object":"urn:f:2"}}"""),
        ("POST", "/entities", """{"id":"urn:f:2","type":["T","U"],"scope":"/a/b","location":{"type":"GeoProperty","value":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},"label":{"type":"LanguageProperty","languageMap":{"en":"a"}}}"""),
        ("PUT", "/entities/urn:f:1", """{"type":"T","a":{"type":"JsonProperty","json":{"x":[1,2,{"y":null}]}},"b":{"type":"VocabProperty","vocab":"word"}}"""),
        ("PATCH", "/entities/urn:f:1", """{"a":"urn:ngsi-ld:null","speed":{"value":7},"b":{"type":"ListProperty","valueList":[1,2]}}"""),
        ("DELETE", "/entities/urn:f:2", null),
        ("POST", "/entities/urn:f:1/attrs", """{"c":[{"type":"Property","value":1},{"type":"Property","value":2,"datasetId":"urn:d:1"}]}"""),
        ("PATCH", "/entities/urn:f:1/attrs/speed", """{"type":"Property","value":8,"expiresAt":"2030-01-01T00:00:00Z"}"""),
        ("DELETE", "/entities/urn:f:1/attrs/c?datasetId=urn:d:1", null),
        ("POST", "/entityOperations/upsert?options=update", """[{"id":"urn:f:1","type":"T","speed":{"type":"Property","value":1}},{"id":"urn:f:3","type":"U","r":{"type":"ListRelationship","objectList":["urn:f:1"]}}]"""),
        ("POST", "/entityOperations/delete", """["urn:f:3","urn:f:4"]"""),
        ("POST", "/entityOperations/query", """{"type":"Query","entities":[{"type":"T","idPattern":"^urn"}],"q":"speed>1","geoQ":{"georel":"near;maxDistance==100","geometry":"Point","coordinates":[1,2]}}"""),
        ("GET", "/entities/urn:f:1?options=sysAttrs&attrs=speed,a&lang=en", null),
        ("GET", "/entities?type=T|U&q=speed>1;(a.b[c]==\"x\"|owner==urn:f:2)&limit=5&count=true&orderBy=speed;desc&local=true", null),
        ("GET", "/entities?type=T&georel=within&geometry=Polygon&coordinates=[[[0,0],[1,0],[1,1],[0,0]]]&scopeQ=/a/#", null),
        ("GET", "/entities?type=T&q=label~=^a.*&pick=label&join=inline&joinLevel=2&format=concise", null),
        ("POST", "/temporal/entities", """{"id":"urn:f:t","type":"T","speed":[{"type":"Property","value":1,"observedAt":"2026-01-01T00:00:00Z"},{"type":"Property","value":2,"observedAt":"2026-02-01T00:00:00Z"}]}"""),
        ("GET", "/temporal/entities/urn:f:t?timerel=between&timeAt=2026-01-01T00:00:00Z&endTimeAt=2026-03-01T00:00:00Z&options=aggregatedValues&aggrMethods=avg,stddev&aggrPeriodDuration=P1D", null),
        ("GET", "/temporal/entities?type=T&timerel=after&timeAt=2025-01-01T00:00:00Z&q=speed>0&lastN=3&options=temporalValues", null),
        ("PATCH", "/temporal/entities/urn:f:t/attrs/speed/urn:ngsi-ld:Instance:1-2", """{"type":"Property","value":1}"""),
        ("GET", "/types?details=true", null),
        ("GET", "/attributes/speed", null),
        ("POST", "/jsonldContexts", """{"@context":{"a":"https://example.org/a","b":{"@id":"a:b"}}}"""),
        ("GET", "/jsonldContexts?details=true&kind=Hosted", null),
    ];

    private static readonly string[] Scraps =
    [
        "null", "\"\"", "[]", "{}", "-1", "1e308", "1e999", "\"\\u0000\"", "\"\\ud800\"", "\"urn:ngsi-ld:null\"", "{\"type\":\"Property\"}", "\"\ufffd\"", "'", "\"", ";", "|", "(", ")", "==", "..", "[", "]",
        "{\"@value\":1}", "true", "9999999999999999999999", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00Z\"", "\"2026-02-31T00:00:00Z\"", "%00", "%", "%FF", "&", "?", "#", "@", "\n", "*", "A|", "~=(",
    ];

    [Fact]
    public async Task Request_NearlyRight_NeverBreaksLeaksOrTouchesOthers()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("LIVINGCITY_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 5_000;
        var other = fixture.NewCity();
        await other.CreateAsync("""{"id":"urn:f:1","type":"T","speed":1}""");
        var before = await other.GetAsync("/entities/urn:f:1?options=sysAttrs");
        using var officer = fixture.Host.As(fixture.NewCity().City, "data-officer");
        var statuses = new ConcurrentDictionary<int, int>();

        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (number, stop) =>
        {
            var random = new Random(number);
            var (method, path, body) = Requests[random.Next(Requests.Length)];
            path = random.Next(2) == 0 || body is null ? Spoil(path, random) : path;
            body = body is not null && random.Next(5) > 0 ? Spoil(body, random) : body;
            using var request = new HttpRequestMessage(new HttpMethod(random.Next(20) == 0 ? "PUT" : method), new Uri(officer.BaseAddress!, "/ngsi-ld/v1" + Uri.EscapeDataString(path)
                .Replace("%2F", "/", StringComparison.Ordinal).Replace("%3F", "?", StringComparison.Ordinal).Replace("%26", "&", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal)
                .Replace("%25", "%", StringComparison.Ordinal)));
            if (body is not null)
            {
                request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
                request.Content.Headers.TryAddWithoutValidation("Content-Type", random.Next(20) == 0 ? "application/ld+json" : "application/json");
            }

            using var answer = await officer.SendAsync(request, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            statuses.AddOrUpdate((int)answer.StatusCode, 1, (_, seen) => seen + 1);
            Assert.True((int)answer.StatusCode < 500 || (answer.StatusCode == HttpStatusCode.GatewayTimeout && text.Contains("LdContextNotAvailable", StringComparison.Ordinal)),
                $"{number}: {request.Method} {path} {body}: {answer.StatusCode} {text}");
            Assert.True(answer.IsSuccessStatusCode || !Insides.Any(inside => text.Contains(inside, StringComparison.Ordinal)), $"{number}: {text}");
        });

        Assert.Equal(before.Text, (await other.GetAsync("/entities/urn:f:1?options=sysAttrs")).Text);
        Assert.True(statuses[200] > 0 && statuses[400] > count / 10, string.Join(' ', statuses));
    }

    private static string Spoil(string text, Random random)
    {
        var spoiled = new StringBuilder(text);
        for (var change = random.Next(3); change >= 0 && spoiled.Length > 0; change--)
        {
            var at = random.Next(spoiled.Length);
            switch (random.Next(5))
            {
                case 0: spoiled.Remove(at, Math.Min(random.Next(1, 6), spoiled.Length - at)); break;
                case 1: spoiled.Insert(at, Scraps[random.Next(Scraps.Length)]); break;
                case 2: spoiled[at] = (char)random.Next(1, 256); break;
                case 3:
                    var end = text.IndexOfAny([',', '}', '&'], Math.Min(at, text.Length - 1));
                    var start = text.LastIndexOfAny([':', '='], Math.Min(at, text.Length - 1));
                    if (start >= 0 && end > start && end <= spoiled.Length)
                    {
                        spoiled.Remove(start + 1, end - start - 1).Insert(start + 1, Scraps[random.Next(Scraps.Length)]);
                    }

                    break;
                default: spoiled.Insert(at, spoiled.ToString(at, Math.Min(random.Next(1, 20), spoiled.Length - at))); break;
            }
        }

        return spoiled.ToString();
    }
}
