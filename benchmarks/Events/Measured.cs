using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Testing;

namespace LivingCity.Events.Benchmarks;

/// <summary>Events to measure with.</summary>
internal static class Measured
{
    /// <summary>An event with this many sessions; null seats are no limit.</summary>
    public static async Task PublishAsync(this EventStand stack, string id, int sessions, int? capacity)
    {
        using var organiser = new HttpClient { BaseAddress = stack.Events, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", stack.Token("sofia", "organiser")) } };
        var body = new JsonObject
        {
            ["id"] = id, ["title"] = "Measured", ["timeZone"] = "Europe/Sofia", ["city"] = "Sofia", ["country"] = "Bulgaria",
            ["sessions"] = new JsonArray([.. Enumerable.Range(0, sessions).Select(number => new JsonObject { ["id"] = $"{id}-{number}", ["title"] = $"Session {number}", ["capacity"] = capacity })]),
        };
        (await organiser.PostAsJsonAsync("/api/events/v1/events", body)).EnsureSuccessStatusCode();
        (await organiser.PostAsJsonAsync($"/api/events/v1/events/{id}/publication", new { })).EnsureSuccessStatusCode();
    }
}
