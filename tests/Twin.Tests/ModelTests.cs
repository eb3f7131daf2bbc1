using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Testing;

namespace LivingCity.Twin.Tests;

public sealed class ModelTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    [Fact]
    public async Task Models_AreDescribedToEverybody()
    {
        using var anyone = host.Anonymous();

        var models = (await anyone.GetFromJsonAsync<JsonArray>("/api/twin/v1/models", TestContext.Current.CancellationToken))!;

        Assert.Equal(5, models.Count);
        Assert.All(models, model =>
        {
            Assert.NotEmpty(model!["inputs"]!.AsArray());
            Assert.NotEmpty(model["limitations"]!.AsArray());
            Assert.NotEmpty(model["verification"]!.AsArray());
            Assert.All(model["parameters"]!.AsArray(), parameter => Assert.NotNull(parameter!["default"]));
        });
    }

    [Fact]
    public async Task Verification_OfHeat_MeetsEveryPublishedFigureThatNeedsNoData()
    {
        using var planner = host.As("sofia", "planner");

        var answer = await planner.PostAsync("/api/twin/v1/models/heat/verification", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var outcomes = (await answer.Content.ReadFromJsonAsync<JsonArray>(TestContext.Current.CancellationToken))!;
        Assert.Contains(outcomes, outcome => (string)outcome!["status"]! == "passed" && outcome["checks"]!.AsArray().Count > 0);
        Assert.All(outcomes.SelectMany(outcome => outcome!["checks"]!.AsArray()), check => Assert.True((bool)check!["passed"]!, check.ToString()));
        Assert.DoesNotContain(outcomes, outcome => (string)outcome!["status"]! == "failed");
    }

    [Fact]
    public async Task Verification_ByACitizenOrOfAnUnknownModel_IsRefused()
    {
        using var citizen = host.As("sofia", "citizen");
        using var planner = host.As("sofia", "planner");

        Assert.Equal(HttpStatusCode.Forbidden, (await citizen.PostAsync("/api/twin/v1/models/heat/verification", null, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await planner.PostAsync("/api/twin/v1/models/astrology/verification", null, TestContext.Current.CancellationToken)).StatusCode);
    }
}
