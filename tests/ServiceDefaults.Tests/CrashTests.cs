using System.Net;
using System.Net.Http.Json;
using LivingCity.Testing;

namespace LivingCity.ServiceDefaults.Tests;

/// <summary>Servers die by <c>kill -9</c> while requests come in. What was acknowledged is there once, with one effect.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    /// <summary>Servers of its own: the other tests' servers live.</summary>
    private readonly Infrastructure infrastructure = new();

    public ValueTask InitializeAsync() => infrastructure.InitializeAsync();

    public ValueTask DisposeAsync() => infrastructure.DisposeAsync();

    [Theory]
    [InlineData("postgres")]
    [InlineData("messaging")]
    public async Task Kill_OfAServerUnderLoad_LosesNothingAndRepeatsNothing(string server)
    {
        await using var sample = await SampleApp.ReadyAsync(infrastructure);
        using var client = sample.As("sofia", "citizen");
        await infrastructure.QueueIsOnDiskAsync("sample-notes");
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<Guid>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async worker =>
        {
            for (var number = 0; number < 60; number++)
            {
                if (worker == 0 && number == 20)
                {
                    infrastructure.Kill(server);
                }

                await NoteUntilAcknowledgedAsync(client, acknowledged);
            }
        }));

        await sample.BecomesReadyAsync();
        await Eventually.EqualAsync(240L, () => sample.ScalarAsync<long>("SELECT count(DISTINCT id) FROM heard"), TimeSpan.FromMinutes(2));
        await Eventually.EqualAsync(0L, () => sample.ScalarAsync<long>("SELECT count(*) FROM outbox_message"));
        Assert.Equal(240, acknowledged.Count);
        Assert.Equal(240L, await sample.ScalarAsync<long>("SELECT count(*) FROM heard"));
        Assert.Equal(240L, await sample.ScalarAsync<long>("SELECT count(*) FROM (SELECT set_config('app.tenant', 'sofia', false)) s, note"));
    }

    [Fact]
    public async Task Start_BeforeTheDatabaseAnswers_LivesAndBecomesReadyLater()
    {
        var database = await infrastructure.CreateDatabaseAsync();
        infrastructure.Kill("postgres");

        await using var sample = await SampleApp.StartAsync(infrastructure, database: database);
        using var client = sample.Anonymous();

        Assert.True((await client.GetAsync("/health/live", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
        await sample.BecomesReadyAsync();
        Assert.True((await client.GetAsync("/health/started", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
    }

    /// <summary>As a careful client does: one key for the request, again until there is an answer.</summary>
    private static async Task NoteUntilAcknowledgedAsync(HttpClient client, System.Collections.Concurrent.ConcurrentBag<Guid> acknowledged)
    {
        var id = Guid.NewGuid();
        await Eventually.TrueAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/notes") { Content = JsonContent.Create(new { id, text = "note" }), Headers = { { "Idempotency-Key", id.ToString() } } };
            using var answer = await client.SendAsync(request);
            Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable]);
            return answer.StatusCode == HttpStatusCode.Created;
        }, "the note is acknowledged", TimeSpan.FromMinutes(2));
        acknowledged.Add(id);
    }
}
