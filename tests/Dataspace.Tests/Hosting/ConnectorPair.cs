extern alias ingestion;

using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Testing;

namespace LivingCity.Dataspace.Tests.Hosting;

/// <summary>Two cities: Sofia with a context broker and a connector, Sant Boi with a connector of its own, each with its own database and broker. They know each other.</summary>
public sealed class ConnectorPair(Infrastructure infrastructure) : IAsyncLifetime
{
    public const string SofiaId = "urn:living-city:participant:sofia";
    public const string SantBoiId = "urn:living-city:participant:sant-boi";
    public const string Dataset = "urn:living-city:dataset:sofia:AirQualityObserved";

    public ServiceHost<ingestion::Program> Broker { get; private set; } = null!;

    public ServiceHost<Program> Sofia { get; private set; } = null!;

    public ServiceHost<Program> SantBoi { get; private set; } = null!;

    public string SofiaAddress => Address(Sofia) + "dsp/2025-1";

    public async ValueTask InitializeAsync()
    {
        Broker = await ServiceHost<ingestion::Program>.StartAsync(infrastructure);
        using var reader = Broker.Anonymous();
        Sofia = await ServiceHost<Program>.StartAsync(infrastructure, Settings("sofia", SofiaId, reader.BaseAddress!), broker: Broker.Broker);
        SantBoi = await ServiceHost<Program>.StartAsync(infrastructure, Settings("sant-boi", SantBoiId, reader.BaseAddress!));
        await IntroduceAsync(Sofia, "sofia", SantBoiId, "connector-sant-boi", Address(SantBoi));
        await IntroduceAsync(SantBoi, "sant-boi", SofiaId, "connector-sofia", Address(Sofia));
        using var officer = Broker.As("sofia", "data-officer");
        using var stored = await officer.PostAsJsonAsync("/ngsi-ld/v1/entityOperations/upsert", Enumerable.Range(0, 6).Select(number => Station(number, 23.30 + (number * 0.02), 42.70, 20 + number)));
        Assert.True(stored.IsSuccessStatusCode, await stored.Content.ReadAsStringAsync());
        await Eventually.TrueAsync(async () => await Sofia.ScalarAsync<long>("SELECT count(*) FROM dataset d JOIN offer o ON o.dataset_id = d.id") == 1, "the dataset is listed");
    }

    public async ValueTask DisposeAsync()
    {
        await SantBoi.DisposeAsync();
        await Sofia.DisposeAsync();
        await Broker.DisposeAsync();
    }

    /// <summary>An offer of Sofia's air data.</summary>
    public async Task<string> OfferAsync(JsonObject policy, string approval = "automatic", string dataset = Dataset)
    {
        using var officer = Sofia.As("sofia", "data-officer");
        using var answer = await officer.PostAsJsonAsync("/api/dataspace/v1/offers", new { datasetId = dataset, policy, approval });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
    }

    /// <summary>A square whose south-west corner is given, in degrees.</summary>
    public async Task AreaAsync(string code, double west, double south, double width)
    {
        using var officer = Sofia.As("sofia", "data-officer");
        var ring = JsonSerializer.SerializeToNode(new[] { new[] { new[] { west, south }, [west + width, south], [west + width, south + width], [west, south + width], [west, south] } });
        using var answer = await officer.PutAsJsonAsync($"/api/dataspace/v1/areas/{code}", new { name = code, geometry = new JsonObject { ["type"] = "Polygon", ["coordinates"] = ring } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sant Boi negotiates and waits for the state.</summary>
    public async Task<JsonObject> NegotiateAsync(string offer, string state = "FINALIZED", JsonObject? policy = null, string dataset = Dataset)
    {
        using var officer = SantBoi.As("sant-boi", "data-officer");
        using var begun = await officer.PostAsJsonAsync("/api/dataspace/v1/negotiations", new { datasetId = dataset, offerId = offer, providerId = SofiaId, connectorAddress = SofiaAddress, policy });
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync());
        var id = (string)(await begun.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        JsonObject? negotiation = null;
        await Eventually.TrueAsync(async () => (string)(negotiation = await officer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/negotiations/{id}"))!["state"]! == state, $"the negotiation is {state}");
        return negotiation!;
    }

    /// <summary>Sant Boi asks for data under an agreement, and waits for the state.</summary>
    public async Task<JsonObject> TransferAsync(string agreement, string state = "STARTED", string format = "HttpData-PULL", string? purpose = null)
    {
        using var officer = SantBoi.As("sant-boi", "data-officer");
        using var begun = await officer.PostAsJsonAsync("/api/dataspace/v1/transfers", new { agreementId = agreement, format, providerId = SofiaId, connectorAddress = SofiaAddress, purpose });
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync());
        var id = (string)(await begun.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        JsonObject? transfer = null;
        await Eventually.TrueAsync(async () => (string)(transfer = await officer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/transfers/{id}"))!["state"]! == state, $"the transfer is {state}");
        return transfer!;
    }

    /// <summary>An agreement on these terms, and a started transfer under it.</summary>
    public async Task<(string Agreement, string Transfer)> ContractAsync(JsonObject policy, string? purpose = null, string format = "HttpData-PULL")
    {
        var agreement = (string)(await NegotiateAsync(await OfferAsync(policy)))["agreementId"]!;
        return (agreement, (string)(await TransferAsync(agreement, purpose: purpose, format: format))["id"]!);
    }

    /// <summary>Sant Boi fetches through its own connector.</summary>
    public async Task<(int Status, JsonNode? Body)> FetchAsync(string transfer, string query = "")
    {
        using var officer = SantBoi.As("sant-boi", "data-officer");
        using var answer = await officer.GetAsync($"/api/dataspace/v1/transfers/{transfer}/data{query}");
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public static JsonObject Permission(params JsonObject[] constraints)
    {
        var rule = new JsonObject { ["action"] = "use" };
        if (constraints.Length > 0)
        {
            rule["constraint"] = new JsonArray([.. constraints]);
        }

        return new JsonObject { ["permission"] = new JsonArray(rule) };
    }

    public static JsonObject Constraint(string left, string name, params string[] right) => new()
    {
        ["leftOperand"] = left, ["operator"] = name, ["rightOperand"] = right is [var only] ? only : new JsonArray([.. right.Select(value => (JsonNode)value)]),
    };

    public static object Station(int number, double longitude, double latitude, double pm10, string observedAt = "2026-07-01T12:00:00Z") => new
    {
        id = string.Create(CultureInfo.InvariantCulture, $"urn:ngsi-ld:AirQualityObserved:sofia:{number}"),
        type = "AirQualityObserved",
        name = new { type = "Property", value = $"Station {number}" },
        location = new { type = "GeoProperty", value = new { type = "Point", coordinates = new[] { longitude, latitude } } },
        pm10 = new { type = "Property", value = pm10, unitCode = "GQ", observedAt },
        no2 = new { type = "Property", value = pm10 / 2, unitCode = "GQ", observedAt },
    };

    private static string Address(ServiceHost<Program> host)
    {
        using var client = host.Anonymous();
        return client.BaseAddress!.ToString();
    }

    private static Dictionary<string, string> Settings(string city, string id, Uri broker) => new()
    {
        ["Participant:Id"] = id,
        ["Participant:City"] = city,
        ["Federation:Interval"] = "00:00:01",
        ["Authentication:ClientId"] = $"connector-{city}",
        ["Authentication:ClientSecret"] = "known to this run only",
        ["Outgoing:AllowedNetworks:0"] = "127.0.0.0/8",
        ["services:ingestion:http:0"] = broker.ToString(),
        ["RateLimits:Burst"] = "100000",
        ["RateLimits:PerSecond"] = "100000",
    };

    private static async Task IntroduceAsync(ServiceHost<Program> host, string city, string id, string client, string address)
    {
        using var admin = host.As(city, "city-admin");
        using var answer = await admin.PutAsJsonAsync($"/api/dataspace/v1/peers/{id}", new { name = id, client, address = address + "dsp/2025-1" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
