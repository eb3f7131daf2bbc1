using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Desk;

/// <summary>Judging and deciding a call for hosts after its deadline.</summary>
public sealed class HostDecisionTests(Infrastructure infrastructure) : IAsyncLifetime
{
    private readonly Clock clock = new();
    private ServiceHost<Program>? host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => host = await clock.StartAsync(infrastructure);

    public async ValueTask DisposeAsync() => await host!.DisposeAsync();

    [Fact]
    public async Task Call_JudgedByTwoAndDecidedTwiceAtOnce_HasOneWinnerWithReasonsThatEverybodyReads()
    {
        using var organiser = host!.As("sofia", "organiser");
        var now = clock.GetUtcNow().UtcDateTime;
        using var made = await organiser.PostAsJsonAsync("/api/events/v1/host-calls", new
        {
            title = "Hosts 2027", year = 2027, description = "x", criteria = new[] { new { id = "rooms", name = "Rooms", weight = 2, most = 5 }, new { id = "reach", name = "Reach", weight = 1, most = 10 } },
            opens = $"{now.AddHours(-1):s}", deadline = $"{now.AddHours(1):s}", timeZone = "UTC",
        }, Cancelled);
        var call = $"/api/events/v1/host-calls/{(await made.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"]}";
        foreach (var city in (string[])["sant-boi", "alcoy"])
        {
            using var admin = host.As(city, "city-admin");
            using var applied = await admin.PutAsJsonAsync($"{call}/application", new { community = city, contact = "host@example.org", answers = new { rooms = "Ten", reach = "By rail" } }, Cancelled);
            Assert.Equal(HttpStatusCode.NoContent, applied.StatusCode);
        }

        var applications = (await organiser.GetFromJsonAsync<JsonArray>($"{call}/applications", Cancelled))!.ToDictionary(application => (string)application!["community"]!, application => (string)application!["id"]!);
        using var tooEarly = await organiser.PostAsJsonAsync($"{call}/decision", new { application = applications["alcoy"], reasons = "Because" }, Cancelled);
        clock.Ahead = TimeSpan.FromHours(2);
        Assert.Equal(HttpStatusCode.NoContent, await ScoreAsync("sofia", "one", applications["sant-boi"], 5, 10));
        Assert.Equal(HttpStatusCode.NoContent, await ScoreAsync("sofia", "two", applications["sant-boi"], 2, 4));
        Assert.Equal(HttpStatusCode.NoContent, await ScoreAsync("sofia", "two", applications["alcoy"], 3, 6));
        Assert.Equal(HttpStatusCode.NoContent, await ScoreAsync("sofia", "two", applications["alcoy"], 4, 8));
        Assert.Equal(HttpStatusCode.BadRequest, await ScoreAsync("sofia", "one", applications["alcoy"], 6, 1));
        Assert.Equal(HttpStatusCode.BadRequest, await ScoreAsync("sofia", "one", applications["alcoy"], 5, null));
        Assert.Equal(HttpStatusCode.NotFound, await ScoreAsync("sant-boi", "own", applications["sant-boi"], 5, 10));
        Assert.Equal(HttpStatusCode.NotFound, await ScoreAsync("sofia", "one", $"{Guid.NewGuid()}", 5, 10));
        var ranked = (await organiser.GetFromJsonAsync<JsonArray>($"{call}/applications", Cancelled))!;
        using var foreign = host.As("alcoy", "city-admin");
        var own = (await foreign.GetFromJsonAsync<JsonArray>($"{call}/applications", Cancelled))!;

        using var speechless = await organiser.PostAsJsonAsync($"{call}/decision", new { application = applications["alcoy"], reasons = " " }, Cancelled);
        var decided = await Task.WhenAll(applications.Values.Select(application => organiser.PostAsJsonAsync($"{call}/decision", new { application, reasons = "Good rooms" }, Cancelled)));

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.BadRequest), (tooEarly.StatusCode, speechless.StatusCode));
        Assert.Equal(["alcoy 80 1", "sant-boi 70 2"], ranked.Select(application => $"{application!["community"]} {application["score"]} {application["judges"]}"));
        Assert.Equal(("alcoy", null), ((string)own.Single()!["community"]!, (double?)own[0]!["score"]));
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict], decided.Select(answer => answer.StatusCode).Order());
        using var anyone = host.Anonymous();
        var shown = (await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/host-calls", Cancelled))!.Single()!;
        Assert.Equal(("decided", "Good rooms"), ((string)shown["state"]!, (string)shown["reasons"]!));
        Assert.Contains((string)shown["winner"]!, applications.Keys);
        Assert.Equal(HttpStatusCode.Conflict, await ScoreAsync("sofia", "one", applications["alcoy"], 5, 10));

        async Task<HttpStatusCode> ScoreAsync(string city, string name, string application, int rooms, int? reach)
        {
            using var judge = host!.As(city, "assessor", name);
            var points = new JsonObject { ["rooms"] = rooms };
            if (reach is { } value)
            {
                points["reach"] = value;
            }

            using var answer = await judge.PutAsJsonAsync($"{call}/applications/{application}/scores", new JsonObject { ["points"] = points }, Cancelled);
            return answer.StatusCode;
        }
    }
}
