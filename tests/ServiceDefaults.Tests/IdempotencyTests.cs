using System.Net;
using System.Net.Http.Json;

namespace LivingCity.ServiceDefaults.Tests;

public sealed class IdempotencyTests(SampleFixture fixture) : IClassFixture<SampleFixture>
{
    private readonly SampleApp sample = fixture.Sample;

    [Fact]
    public async Task Repeat_WithTheSameKeyAtOnce_IsOneEffectAndOneAnswer()
    {
        using var client = sample.As("sofia", "citizen", "repeater");
        var note = new { id = Guid.NewGuid(), text = "once" };
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => SendAsync(client, key, note)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct());
        Assert.Single(answers.Select(answer => answer.Headers.Location).Distinct());
    }

    [Fact]
    public async Task Repeat_WithTheSameKeyForAnotherRequest_IsRefused()
    {
        using var client = sample.As("sofia", "citizen");
        var key = Guid.NewGuid().ToString();
        await SendAsync(client, key, new { id = Guid.NewGuid(), text = "a" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(client, key, new { id = Guid.NewGuid(), text = "b" })).StatusCode);
    }

    [Fact]
    public async Task Repeat_OfAFailedRequest_IsTriedAgain()
    {
        using var client = sample.As("sofia", "citizen");
        var key = Guid.NewGuid().ToString();
        var note = new { id = Guid.NewGuid(), text = "refuse" };

        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(client, key, note)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(client, key, note)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(client, key, new { note.id, text = "now" })).StatusCode);
    }

    [Fact]
    public async Task Key_OfAnotherCaller_IsAnotherKey()
    {
        using var one = sample.As("sofia", "citizen", "one");
        using var two = sample.As("sofia", "citizen", "two");
        var key = Guid.NewGuid().ToString();

        Assert.Equal(HttpStatusCode.Created, (await SendAsync(one, key, new { id = Guid.NewGuid(), text = "a" })).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(two, key, new { id = Guid.NewGuid(), text = "b" })).StatusCode);
    }

    [Fact]
    public async Task Key_TooLong_IsRefusedByName()
    {
        using var client = sample.As("sofia", "citizen");

        var answer = await SendAsync(client, new string('x', 201), new { id = Guid.NewGuid(), text = "a" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Idempotency-Key", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string key, object note)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/notes") { Content = JsonContent.Create(note), Headers = { { "Idempotency-Key", key } } };
        return await client.SendAsync(request);
    }
}
