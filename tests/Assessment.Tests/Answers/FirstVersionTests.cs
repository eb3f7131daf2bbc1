using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Contracts.Assessment;
using LivingCity.Testing;

namespace LivingCity.Assessment.Tests.Answers;

public sealed class FirstVersionTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    [Fact]
    public async Task Submission_OfACompleteAssessment_ScoresFreezesAndTellsTheOthersOnce()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        var heard = await bus.ListenAsync<AssessmentCompleted>();
        using var officer = host.As("sofia", "data-officer");
        var path = await StartAsync(officer);
        await AnswerAllAsync(officer, path, question => question.StartsWith("data.", StringComparison.Ordinal) ? "1" : "3");

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => officer.PostAsync($"{path}/submission", null)));

        Assert.All(results, result => Assert.Equal(HttpStatusCode.OK, result.StatusCode));
        var result = (await results[0].Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["result"]!;
        Assert.Equal(67.857142857142861, (double)result["overall"]!, 9);
        Assert.Equal(4, (int)result["level"]!);
        await Eventually.TrueAsync(() => Task.FromResult(!heard.IsEmpty), "the completion is heard");
        await Eventually.EqualAsync(0L, () => host.ScalarAsync<long>("SELECT count(*) FROM outbox_message"));
        Assert.Equal(["data"], Assert.Single(heard).Needs);
        var again = (await officer.GetFromJsonAsync<JsonObject>($"{path}/rescoring", TestContext.Current.CancellationToken))!;
        Assert.Equal((true, (double)result["overall"]!), ((bool)again["identical"]!, (double)again["again"]!["overall"]!));
        // Version 2 takes over what it asks in the same way: not "services.online", which is a number now, nor "networking.partners", of which several may be chosen.
        var later = Assert.Single(again["later"]!.AsArray())!;
        Assert.Equal(("digital-maturity/2", 20), ((string)later["questionnaire"]!, (int)later["carried"]!));
        Assert.True((int)later["asked"]! > 20 && (double)later["overall"]! is > 50 and < 80);
        var late = await officer.PutAsJsonAsync($"{path}/answers/data.sharing", new { option = "4" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
    }

    [Fact]
    public async Task Submission_WithOpenQuestions_NamesEachOfThem()
    {
        using var officer = host.As("sofia", "data-officer");
        var path = await StartAsync(officer);
        await AnswerAllAsync(officer, path, question => question is "data.sharing" or "people.change" ? null : "2");

        var answer = await officer.PostAsync($"{path}/submission", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["errors"]!.AsObject();
        Assert.Equal(["data.sharing", "people.change"], errors.Select(error => error.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("data.sharing", """{"option":"9"}""", HttpStatusCode.BadRequest, "option")]
    [InlineData("data.sharing", """{"option":null}""", HttpStatusCode.BadRequest, "option")]
    [InlineData("data.sharing", """{"opinion":"1"}""", HttpStatusCode.BadRequest, "opinion")]
    [InlineData("data.sharing", "{", HttpStatusCode.BadRequest, "body")]
    [InlineData("data.nothing", """{"option":"1"}""", HttpStatusCode.NotFound, "data.nothing")]
    public async Task Answer_Invalid_IsRefusedByName(string question, string body, HttpStatusCode status, string named)
    {
        using var officer = host.As("sofia", "data-officer");
        var path = await StartAsync(officer);

        var answer = await officer.PutAsync($"{path}/answers/{question}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(named, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_RepeatedWithTheSameKey_IsOneAssessment()
    {
        using var officer = host.As("sofia", "data-officer");
        officer.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());

        var paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StartAsync(officer)));

        Assert.Single(paths.Distinct());
    }

    [Fact]
    public async Task Assessment_OfAnotherCity_DoesNotExist()
    {
        using var officer = host.As("sofia", "data-officer");
        using var foreign = host.As("sant-boi", "data-officer");
        using var citizen = host.As("sofia", "citizen");
        var path = await StartAsync(officer);

        Assert.Equal(HttpStatusCode.NotFound, (await foreign.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await citizen.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
    }

    private static async Task<string> StartAsync(HttpClient client)
    {
        var created = await client.PostAsJsonAsync("/api/assessment/v1/assessments", new { questionnaire = "digital-maturity/1" });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return created.Headers.Location!.ToString();
    }

    private static async Task AnswerAllAsync(HttpClient client, string path, Func<string, string?> choose)
    {
        var questionnaire = (await client.GetFromJsonAsync<JsonObject>("/api/assessment/v1/questionnaires/digital-maturity/1"))!;
        foreach (var question in questionnaire["dimensions"]!.AsArray().SelectMany(dimension => dimension!["questions"]!.AsArray()).Select(question => (string)question!["id"]!))
        {
            if (choose(question) is { } option)
            {
                var saved = await client.PutAsJsonAsync($"{path}/answers/{question}", new { option });
                Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);
            }
        }
    }
}
