using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Desk;

public sealed class SurveyTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Survey_OfThoseWhoCame_CountsEachOnceAndShowsMeansFromFiveOn()
    {
        using var organiser = host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("asked", Programmes.Session("asked-a")));
        using var anyone = host.Anonymous();
        for (var number = 0; number < 4; number++)
        {
            await AnswerAsync($"asked{number}", number % 2 == 0 ? "sofia" : "sant-boi", number + 1);
        }

        var few = await ResultAsync(anyone);
        using var last = host.As("sofia", "citizen", "asked4");
        await last.RegisterAsync("asked-a");
        var rush = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => last.PutAsJsonAsync("/api/events/v1/events/asked/survey", new { overall = 5, content = 5, organisation = 5, remark = "Warm" }, Cancelled)));
        var enough = await ResultAsync(anyone);
        var own = (await last.GetFromJsonAsync<JsonObject>("/api/events/v1/events/asked/survey", Cancelled))!;

        Assert.Equal((4, null), ((int)few["answers"]!, (double?)few["overall"]));
        Assert.All(rush, answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        Assert.Equal((5, 3d), ((int)enough["answers"]!, (double)enough["overall"]!));
        Assert.Equal("Warm", (string)own["remark"]!);
        Assert.Equal(["Warm"], (await organiser.GetFromJsonAsync<string[]>("/api/events/v1/events/asked/survey/remarks", Cancelled))!);
        Assert.DoesNotContain("Warm", await anyone.GetStringAsync("/api/events/v1/events/asked/report", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_OutOfRangeOrOfSomebodyWhoDidNotCome_IsRefused()
    {
        using var person = host.As("sofia", "citizen", "absent");

        using var absent = await person.PutAsJsonAsync("/api/events/v1/events/forum-2026/survey", new { overall = 5, content = 5, organisation = 5 }, Cancelled);
        using var wrong = await person.PutAsJsonAsync("/api/events/v1/events/forum-2026/survey", new { overall = 6, content = 0, organisation = 5 }, Cancelled);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (absent.StatusCode, wrong.StatusCode));
        Assert.Equal(["content", "overall"], (await wrong.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    private async Task AnswerAsync(string name, string city, int overall)
    {
        using var person = host.As(city, "citizen", name);
        await person.RegisterAsync("asked-a");
        using var answer = await person.PutAsJsonAsync("/api/events/v1/events/asked/survey", new { overall, content = 3, organisation = 3 }, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static async Task<JsonNode> ResultAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonObject>("/api/events/v1/events/asked/report", Cancelled))!["survey"]!;
}
