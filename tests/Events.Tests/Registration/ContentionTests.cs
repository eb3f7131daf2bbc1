using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Registration;

/// <summary>A rush for few seats through the gateway, and the same while the service is killed.</summary>
public sealed class ContentionTests
{
    private const int People = 10_000;
    private const int Capacity = 100;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rush_OfTenThousandForAHundredSeats_SeatsAHundredAndQueuesTheRestInOrder(bool killed)
    {
        await using var stack = await EventStand.StartAsync();
        using var organiser = stack.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("rush", Programmes.Session("rush-a", "10:00", "11:00", "R1", Capacity)));
        var tokens = Enumerable.Range(0, People).AsParallel().Select(number => stack.Token(number % 2 == 0 ? "sofia" : "sant-boi", $"person{number}")).ToArray();
        using var client = stack.Anonymous();
        var answers = new ConcurrentDictionary<int, JsonObject>();
        var rush = Parallel.ForEachAsync(Enumerable.Range(0, People), new ParallelOptions { MaxDegreeOfParallelism = 256, CancellationToken = Cancelled }, async (number, stop) =>
            answers[number] = await RegisterUntilAnsweredAsync(client, tokens[number], $"key-{number}", stop));
        if (killed)
        {
            await Eventually.TrueAsync(() => Task.FromResult(answers.Count > People / 3), "the rush is under way", TimeSpan.FromMinutes(2));
            stack.KillEvents();
        }

        await rush;

        var confirmed = answers.Values.Where(answer => (string)answer["state"]! == "confirmed").ToArray();
        var positions = answers.Values.Where(answer => (string)answer["state"]! == "waiting").Select(answer => (int)answer["position"]!).Order().ToArray();
        Assert.Equal(Capacity, confirmed.Length);
        Assert.Equal(Enumerable.Range(1, People - Capacity), positions);
        Assert.Equal(People, answers.Values.Select(answer => (string)answer["id"]!).Distinct().Count());
        Assert.Equal((long)Capacity, await stack.ScalarAsync<long>("SELECT count(*) FROM registration WHERE state = 'confirmed'"));
        Assert.Equal((long)(People - Capacity), await stack.ScalarAsync<long>("SELECT count(*) FROM registration WHERE state = 'waiting'"));

        // In commit order: the number of a transaction that committed before is lower, and those of one batch stand as they did in it.
        Assert.Equal(0L, await stack.ScalarAsync<long>("SELECT count(*) FROM (SELECT registered_at < lag(registered_at) OVER (ORDER BY ticket) AS early FROM registration) t WHERE early"));
        Assert.Equal(1L, await stack.ScalarAsync<long>("SELECT min(ticket) FROM registration"));
        Assert.Equal((long)People, await stack.ScalarAsync<long>("SELECT max(ticket) FROM registration"));

        for (var number = 0; number < People; number += 97)
        {
            Assert.True(JsonNode.DeepEquals(answers[number], await RegisterUntilAnsweredAsync(client, tokens[number], $"key-{number}", Cancelled)), $"key-{number}");
        }

        var replay = (await client.GetFromJsonAsync<JsonObject>("/api/events/v1/events/rush/log/replay", Cancelled))!;
        Assert.True((bool)replay["agrees"]!);
    }

    /// <summary>What a careful client does: the same key until there is an answer.</summary>
    private static async Task<JsonObject> RegisterUntilAnsweredAsync(HttpClient client, string token, string key, CancellationToken stop)
    {
        JsonObject? found = null;
        await Eventually.TrueAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/events/v1/sessions/rush-a/registrations") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
                request.Headers.Add("Idempotency-Key", key);
                using var answer = await client.SendAsync(request, stop);
                Assert.True(answer.IsSuccessStatusCode || answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.InternalServerError, answer.StatusCode.ToString());
                found = answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonObject>(stop) : null;
                return found is not null;
            },
            "there is an answer",
            TimeSpan.FromMinutes(3));
        return found!;
    }
}
