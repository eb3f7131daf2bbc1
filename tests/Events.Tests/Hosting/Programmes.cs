using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LivingCity.Events.Tests.Hosting;

/// <summary>Small programmes, and how an organiser deals with them.</summary>
internal static class Programmes
{
    /// <summary>An event of one day, 1 July 2026, in Sofia.</summary>
    public static JsonObject Of(string id, params JsonObject[] sessions) => new()
    {
        ["id"] = id, ["title"] = "An event", ["timeZone"] = "Europe/Sofia", ["city"] = "Sofia", ["country"] = "Bulgaria",
        ["venues"] = new JsonArray(new JsonObject { ["id"] = "hall", ["name"] = "Hall", ["rooms"] = new JsonArray(new JsonObject { ["name"] = "R1" }, new JsonObject { ["name"] = "R2" }) }),
        ["days"] = new JsonArray(new JsonObject { ["id"] = "day-1", ["title"] = "Day 1", ["date"] = "2026-07-01" }),
        ["sessions"] = new JsonArray([.. sessions.Select(session => (JsonNode)session)]),
    };

    public static JsonObject Session(string id, string? from = null, string? to = null, string? room = null, int? capacity = null, string? group = null)
    {
        var session = new JsonObject { ["id"] = id, ["title"] = $"Session {id}", ["day"] = "day-1", ["venue"] = "hall" };
        foreach (var (name, value) in new (string, JsonNode?)[] { ("from", from is null ? null : $"{from}:00"), ("to", to is null ? null : $"{to}:00"), ("room", room), ("capacity", capacity), ("exclusiveGroup", group) })
        {
            if (value is not null)
            {
                session[name] = value;
            }
        }

        return session;
    }

    public static async Task CreateAsync(this HttpClient organiser, JsonObject draft)
    {
        using var answer = await organiser.PostAsJsonAsync("/api/events/v1/events", draft);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<JsonObject> PublishAsync(this HttpClient organiser, string id)
    {
        using var answer = await organiser.PostAsJsonAsync($"/api/events/v1/events/{id}/publication", new { });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    public static async Task PublishNewAsync(this HttpClient organiser, JsonObject draft)
    {
        await organiser.CreateAsync(draft);
        await organiser.PublishAsync((string)draft["id"]!);
    }

    public static async Task<HttpResponseMessage> PutDraftAsync(this HttpClient organiser, string id, JsonNode draft, string revision)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/events/v1/events/{id}/draft") { Content = JsonContent.Create(draft) };
        request.Headers.TryAddWithoutValidation("If-Match", revision);
        return await organiser.SendAsync(request);
    }

    public static async Task EditAsync(this HttpClient organiser, string id, Action<JsonObject> edit)
    {
        using var read = await organiser.GetAsync($"/api/events/v1/events/{id}/draft");
        var draft = (await read.Content.ReadFromJsonAsync<JsonObject>())!;
        edit(draft);
        using var answer = await organiser.PutDraftAsync(id, draft, read.Headers.ETag!.ToString());
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<JsonObject> RegisterAsync(this HttpClient person, string session)
    {
        using var answer = await person.PostAsync($"/api/events/v1/sessions/{session}/registrations", null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
