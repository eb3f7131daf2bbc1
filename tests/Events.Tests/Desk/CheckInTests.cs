using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Desk;

public sealed class CheckInTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scans_FromTwoDoorsOfflineAndRepeated_CountEachPersonOnceByTheEarliest()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("doors", Programmes.Session("doors-a", capacity: 1)));
        using var seated = host.As("sofia", "citizen", "seated");
        using var queued = host.As("sant-boi", "citizen", "queued");
        await seated.RegisterAsync("doors-a");
        await queued.RegisterAsync("doors-a");
        var ticket = (string)(await seated.GetFromJsonAsync<JsonObject>("/api/events/v1/events/doors/ticket", Cancelled))!["ticket"]!;
        var at = DateTimeOffset.UtcNow.AddHours(-1);
        object Scan(Guid id, string read, int minute, string device) => new { id, session = "doors-a", ticket = read, at = at.AddMinutes(minute), device };
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());

        var late = await SendAsync(organiser, Scan(second, ticket, 5, "door 2"));
        var early = await SendAsync(organiser, Scan(first, ticket, 1, "door 1"));
        var again = await SendAsync(organiser, Scan(second, ticket, 5, "door 2"), Scan(Guid.NewGuid(), ticket[..^6] + "AAAAAA", 6, "door 1"));

        Assert.Equal(["admitted"], late);
        Assert.Equal(["again"], early);
        Assert.Equal(["admitted", "forged"], again);
        Assert.Equal(at.AddMinutes(1).ToUnixTimeSeconds(), await host.ScalarAsync<long>("SELECT floor(extract(epoch FROM at))::bigint FROM admission WHERE session_id = 'doors-a'", "sofia"));
        Assert.Equal(HttpStatusCode.NotFound, (await queued.GetAsync("/api/events/v1/events/doors/ticket", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Counts_WithMoreInThanSeats_SayByHowMany()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("crowd", Programmes.Session("crowd-a", capacity: 1), Programmes.Session("crowd-b")));
        var scans = new List<object>();
        for (var number = 0; number < 3; number++)
        {
            using var person = host.As("sofia", "citizen", $"crowd{number}");
            await person.RegisterAsync(number == 0 ? "crowd-a" : "crowd-b");
            var ticket = (string)(await person.GetFromJsonAsync<JsonObject>("/api/events/v1/events/crowd/ticket", Cancelled))!["ticket"]!;
            scans.Add(new { id = Guid.NewGuid(), session = "crowd-a", ticket, at = DateTimeOffset.UtcNow, device = "d" });
        }

        await SendAsync(organiser, [.. scans], "crowd");

        var counts = (await organiser.GetFromJsonAsync<JsonArray>("/api/events/v1/events/crowd/check-in/counts", Cancelled))!;
        Assert.Equal((3, 2, 2), ((int)counts[0]!["admitted"]!, (int)counts[0]!["withoutSeat"]!, (int)counts[0]!["over"]!));
    }

    [Fact]
    public async Task Pack_OfAScanner_IsForOrganisersAlone_AndBadgesAreMade()
    {
        using var organiser = host.As("sofia", "organiser");
        using var foreign = host.As("sant-boi", "organiser");
        using var person = host.As("sofia", "citizen", "badged");
        await person.RegisterAsync("forum-2026-cio");

        var pack = (await organiser.GetFromJsonAsync<JsonObject>("/api/events/v1/events/forum-2026/check-in/pack", Cancelled))!;

        Assert.Equal("P-256", (string)pack["key"]!["crv"]!);
        Assert.Single(pack["sessions"]!.AsArray().Single(session => (string)session!["id"]! == "forum-2026-cio")!["seats"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await foreign.GetAsync("/api/events/v1/events/forum-2026/check-in/pack", Cancelled)).StatusCode);
        Assert.StartsWith("%PDF-", System.Text.Encoding.ASCII.GetString(await organiser.GetByteArrayAsync("/api/events/v1/events/forum-2026/badges.pdf", Cancelled)), StringComparison.Ordinal);
        Assert.StartsWith("%PDF-", System.Text.Encoding.ASCII.GetString(await person.GetByteArrayAsync("/api/events/v1/events/forum-2026/invitation-letter.pdf", Cancelled)), StringComparison.Ordinal);
    }

    private static Task<string[]> SendAsync(HttpClient organiser, params object[] scans) => SendAsync(organiser, scans, "doors");

    private static async Task<string[]> SendAsync(HttpClient organiser, object[] scans, string id)
    {
        using var answer = await organiser.PostAsJsonAsync($"/api/events/v1/events/{id}/check-in/scans", scans, Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        return [.. (await answer.Content.ReadFromJsonAsync<JsonArray>(Cancelled))!.Select(result => (string)result!["outcome"]!)];
    }
}
