using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LivingCity.Assessment.Tests.Answers;
using LivingCity.Testing;

namespace LivingCity.Assessment.Tests.Roadmaps;

/// <summary>Roadmaps as they are issued and followed up.</summary>
public sealed class RoadmapEndpointTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Progress_OfAnAction_IsKeptWithWhoSaidSoAndTheLastWordCounts()
    {
        using var officer = host.As("sofia", "data-officer");
        var (path, roadmap, actions) = await IssuedAsync(officer);
        using var begun = await FollowAsync(officer, roadmap, actions[0], """{"progress":"started","note":"Begun."}""");
        using var done = await FollowAsync(officer, roadmap, actions[0], """{"progress":"done","note":"Finished."}""");

        var known = (await officer.GetFromJsonAsync<JsonArray>($"{path}/roadmaps", Cancelled))![0]!["progress"]!.AsObject();

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (begun.StatusCode, done.StatusCode));
        var one = Assert.Single(known);
        Assert.Equal((actions[0], "done", "Finished.", "tester"), (one.Key, (string)one.Value!["progress"]!, (string)one.Value["note"]!, (string)one.Value["by"]!));
    }

    [Fact]
    public async Task Progress_ThatIsNone_IsRefusedAndOfAnotherCityDoesNotExist()
    {
        using var officer = host.As("sofia", "data-officer");
        using var foreign = host.As("sant-boi", "data-officer");
        var (path, roadmap, actions) = await IssuedAsync(officer);

        using var unknown = await FollowAsync(officer, roadmap, actions[0], """{"progress":"flying"}""");
        using var longer = await FollowAsync(officer, roadmap, actions[0], $$"""{"progress":"done","note":"{{new string('x', 2001)}}"}""");
        using var nothing = await FollowAsync(officer, roadmap, "no-such-action", """{"progress":"done"}""");
        using var theirs = await FollowAsync(foreign, roadmap, actions[0], """{"progress":"done"}""");

        Assert.Contains("progress", (await Respondent.ProblemAsync(unknown, HttpStatusCode.BadRequest)).GetRawText(), StringComparison.Ordinal);
        Assert.True((await Respondent.ProblemAsync(longer, HttpStatusCode.BadRequest)).GetProperty("errors").TryGetProperty("note", out _));
        await Respondent.ProblemAsync(nothing, HttpStatusCode.NotFound);
        await Respondent.ProblemAsync(theirs, HttpStatusCode.NotFound);
        Assert.Empty((await officer.GetFromJsonAsync<JsonArray>($"{path}/roadmaps", Cancelled))![0]!["progress"]!.AsObject());
    }

    [Theory]
    [InlineData("""{"budget":-1,"people":4,"months":12}""", "budget")]
    [InlineData("""{"budget":1000,"people":0,"months":12}""", "people")]
    [InlineData("""{"budget":1000,"people":4,"months":241}""", "months")]
    [InlineData("""{"budget":1000,"people":4,"months":12,"without":["no-such-action"]}""", "without")]
    public async Task Limits_ThatAreNone_AreRefusedByName(string body, string field)
    {
        using var officer = host.As("sofia", "data-officer");
        var path = await Respondent.StartAsync(officer);
        await Respondent.AnswerAllAsync(officer, path);
        await Respondent.SubmitAsync(officer, path);

        using var tried = await officer.PostAsync($"{path}/roadmap-trials", new StringContent(body, Encoding.UTF8, "application/json"), Cancelled);

        Assert.True((await Respondent.ProblemAsync(tried, HttpStatusCode.BadRequest)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Roadmap_IssuedInOneLanguage_IsReadInAnother()
    {
        using var officer = host.As("sofia", "data-officer");
        var (path, _, _) = await IssuedAsync(officer);

        var english = (await officer.GetFromJsonAsync<JsonArray>($"{path}/roadmaps?language=en", Cancelled))![0]!["roadmap"]!;
        var french = (await officer.GetFromJsonAsync<JsonArray>($"{path}/roadmaps?language=fr", Cancelled))![0]!["roadmap"]!;

        Assert.Equal(("en", "fr"), ((string)english["language"]!, (string)french["language"]!));
        Assert.All(english["actions"]!.AsArray().Zip(french["actions"]!.AsArray()), pair =>
        {
            Assert.Equal((string)pair.First!["id"]!, (string)pair.Second!["id"]!);
            Assert.NotEqual((string)pair.First["title"]!, (string)pair.Second["title"]!);
        });
    }

    private async Task<(string Path, string Roadmap, string[] Actions)> IssuedAsync(HttpClient officer)
    {
        using var assessor = host.As("sofia", "assessor");
        var path = await Respondent.StartAsync(officer);
        await Respondent.AnswerAllAsync(officer, path, seed: 7);
        await Respondent.SubmitAsync(officer, path);
        using var issued = await assessor.PostAsJsonAsync($"{path}/roadmaps", new { budget = 300_000, people = 4, months = 12 }, Cancelled);
        var roadmap = (await issued.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;
        return (path, (string)roadmap["id"]!, [.. roadmap["roadmap"]!["actions"]!.AsArray().Select(action => (string)action!["id"]!)]);
    }

    private static Task<HttpResponseMessage> FollowAsync(HttpClient client, string roadmap, string action, string body) =>
        client.PutAsync($"/api/assessment/v1/roadmaps/{roadmap}/actions/{action}", new StringContent(body, Encoding.UTF8, "application/json"), Cancelled);
}
