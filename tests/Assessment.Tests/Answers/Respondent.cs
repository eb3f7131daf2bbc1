using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Tests.Questionnaires;

namespace LivingCity.Assessment.Tests.Answers;

/// <summary>Somebody of a city's staff who answers.</summary>
internal static class Respondent
{
    private static readonly QuestionnaireCatalogue Catalogue = new();

    public static async Task<string> StartAsync(HttpClient client, string questionnaire = "digital-maturity/2", bool review = false)
    {
        using var created = await client.PostAsJsonAsync("/api/assessment/v1/assessments", new { questionnaire, requiresReview = review }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return created.Headers.Location!.ToString();
    }

    public static async Task<HttpResponseMessage> SaveAsync(HttpClient client, string path, string question, object value, long? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{path}/answers/{question}") { Content = JsonContent.Create(new { value }) };
        if (version is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonObject> ReadAsync(HttpClient client, string path) => (await client.GetFromJsonAsync<JsonObject>(path, TestContext.Current.CancellationToken))!;

    /// <summary>Answers what is asked, one question after the other, until nothing is open.</summary>
    public static async Task AnswerAllAsync(HttpClient client, string path, int seed = 1)
    {
        var random = new Random(seed);
        var questionnaire = Catalogue.Find((string)(await ReadAsync(client, path))["questionnaire"]!)!.Structure;
        while ((await ReadAsync(client, path))["open"]!.AsArray().Select(open => (string)open!).ToArray() is { Length: > 0 } open)
        {
            foreach (var question in open)
            {
                using var saved = await SaveAsync(client, path, question, RandomAnswers.Value(questionnaire, questionnaire.Find(question)!, random));
                Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);
            }
        }
    }

    public static async Task<JsonObject> SubmitAsync(HttpClient client, string path)
    {
        using var answer = await client.PostAsync($"{path}/submission", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
    }

    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }
}
