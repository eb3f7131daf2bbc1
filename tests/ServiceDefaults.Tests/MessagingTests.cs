using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Testing;

namespace LivingCity.ServiceDefaults.Tests;

public sealed class MessagingTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Publish_InACommittedRequest_HasItsEffectOnce_AndInARefusedOneNone()
    {
        await using var sample = await SampleApp.ReadyAsync(infrastructure);
        using var client = sample.As("sofia", "citizen");
        var kept = Guid.NewGuid();

        Assert.Equal(HttpStatusCode.Conflict, (await NoteAsync(client, Guid.NewGuid(), "refuse")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await NoteAsync(client, kept, "keep")).StatusCode);

        await Eventually.EqualAsync(1L, () => sample.ScalarAsync<long>("SELECT count(*) FROM heard"));
        Assert.Equal(kept, await sample.ScalarAsync<Guid>("SELECT id FROM heard"));
        Assert.Equal(0L, await sample.ScalarAsync<long>("SELECT count(*) FROM outbox_message"));
    }

    [Fact]
    public async Task Publish_FromTwoReplicas_KeepsTheOrderOfEachKey()
    {
        await using var first = await SampleApp.ReadyAsync(infrastructure, settings: "--test=1");
        await using var second = await SampleApp.ReadyAsync(infrastructure, first);
        await using var bus = await TestBus.StartAsync(first.Broker);
        var heard = await bus.ListenAsync<Noted>();
        const int Keys = 6;
        const int PerKey = 40;

        await Task.WhenAll(Enumerable.Range(0, Keys).Select(async key =>
        {
            using var client = (key % 2 == 0 ? first : second).As("sofia", "citizen");
            for (var number = 0; number < PerKey; number++)
            {
                Assert.Equal(HttpStatusCode.Created, (await NoteAsync(client, Guid.NewGuid(), $"{key} {number}", $"key {key}")).StatusCode);
            }
        }));

        await Eventually.TrueAsync(() => Task.FromResult(heard.Count >= Keys * PerKey), "all are heard");
        Assert.All(heard.Select(note => note.Text.Split(' ')).GroupBy(parts => parts[0]), group =>
            Assert.Equal(Enumerable.Range(0, PerKey), group.Select(parts => int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task Message_DeliveredManyTimesAtOnce_HasOneEffect()
    {
        await using var sample = await SampleApp.ReadyAsync(infrastructure);
        await using var bus = await TestBus.StartAsync(sample.Broker);
        var note = new Noted(Guid.NewGuid(), "again and again");
        var id = Guid.CreateVersion7();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bus.PublishAsync(note, "sofia", id)));
        await bus.PublishAsync(new Noted(Guid.NewGuid(), "last"), "sofia");

        await Eventually.EqualAsync(1L, () => sample.ScalarAsync<long>("SELECT count(*) FROM heard WHERE text = 'last'"));
        await Eventually.EqualAsync(1L, () => sample.ScalarAsync<long>("SELECT count(*) FROM heard WHERE text = 'again and again'"));
    }

    [Fact]
    public async Task Message_ThatFailsForGood_IsListedAndReplayed()
    {
        await using var sample = await SampleApp.ReadyAsync(infrastructure);
        using var admin = sample.As(null, "platform-admin");
        using var officer = sample.As("sofia", "city-admin");
        const string Failed = "/api/sample/v1/operations/failed-messages";
        await NoteAsync(officer, Guid.NewGuid(), "poison");

        var listed = new JsonArray();
        await Eventually.TrueAsync(async () => (listed = (await admin.GetFromJsonAsync<JsonArray>(Failed))!).Count == 1, "the message is given up");
        Assert.Equal(("sample-notes", "poison"), ((string?)listed[0]!["queue"], (string?)listed[0]!["message"]!["text"]));
        Assert.Contains("poisoned", (string?)listed[0]!["reason"], StringComparison.Ordinal);
        Assert.Equal(0L, await sample.ScalarAsync<long>("SELECT count(*) FROM heard"));
        Assert.Equal(HttpStatusCode.Forbidden, (await officer.GetAsync(Failed, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsync($"{Failed}/no-such-queue/replay", null, TestContext.Current.CancellationToken)).StatusCode);

        var depth = (await admin.GetFromJsonAsync<JsonArray>("/api/sample/v1/operations/queues", TestContext.Current.CancellationToken))!.Single()!;
        Assert.Equal(("sample-notes", 0, 1, 1), ((string?)depth["queue"], (int)depth["waiting"]!, (int)depth["consumers"]!, (int)depth["failed"]!));
        Assert.Equal(HttpStatusCode.Forbidden, (await officer.GetAsync("/api/sample/v1/operations/queues", TestContext.Current.CancellationToken)).StatusCode);

        await sample.ScalarAsync<object>("INSERT INTO antidote VALUES (true)");
        var replayed = await admin.PostAsync($"{Failed}/sample-notes/replay", null, TestContext.Current.CancellationToken);

        Assert.Equal(1, (int)(await replayed.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["count"]!);
        await Eventually.EqualAsync(1L, () => sample.ScalarAsync<long>("SELECT count(*) FROM heard WHERE text = 'poison'"));
        Assert.Empty((await admin.GetFromJsonAsync<JsonArray>(Failed, TestContext.Current.CancellationToken))!);
    }

    private static Task<HttpResponseMessage> NoteAsync(HttpClient client, Guid id, string text, string? key = null) => client.PostAsJsonAsync("/notes", new { id, text, key });
}
