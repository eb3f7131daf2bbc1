using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace LivingCity.ServiceDefaults.Tests;

public sealed class ErrorTests(SampleFixture fixture) : IClassFixture<SampleFixture>
{
    private readonly SampleApp sample = fixture.Sample;

    [Theory]
    [InlineData("GET", "/nothing", null, HttpStatusCode.NotFound)]
    [InlineData("PUT", "/officer", null, HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/notes", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("POST", "/notes", "application/json", HttpStatusCode.BadRequest)]
    public async Task Error_OfTheFramework_IsAProblem(string method, string path, string? mediaType, HttpStatusCode expected)
    {
        using var client = sample.As("sofia", "data-officer");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = mediaType is null ? null : new StringContent("{", Encoding.UTF8, mediaType) };

        var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        Assert.StartsWith("urn:living-city:problem:", (string)problem["type"]!, StringComparison.Ordinal);
        Assert.Equal(path, (string)problem["instance"]!);
    }

    [Theory]
    [InlineData("""{"id":"no-guid","text":"x"}""", "id")]
    [InlineData("""{"id":"7c9e6679-7425-40de-944b-e07fc1f90ae7"}""", "text")]
    [InlineData("""{"id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","text":null}""", "text")]
    [InlineData("""{"id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","text":5}""", "text")]
    [InlineData("""{"id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","text":"x","colour":1}""", "colour")]
    [InlineData("""{"id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","text":"x","text":"y"}""", "text")]
    [InlineData("[]", "body")]
    public async Task Input_Invalid_NamesTheField(string body, string field)
    {
        using var client = sample.As("sofia", "citizen");

        var answer = await client.PostAsync("/notes", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(field, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("\\ud800")]
    public async Task Text_ThatCannotBeKept_IsAMistakeOfItsSender(string escape)
    {
        using var client = sample.As("sofia", "citizen");

        var answer = await client.PostAsync("/notes", new StringContent($$"""{"id":"{{Guid.NewGuid()}}","text":"a{{escape}}b"}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Error_OfOurOwn_TellsNothingOfTheInside()
    {
        using var client = sample.Anonymous();

        var answer = await client.GetAsync("/broken", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
    }
}
