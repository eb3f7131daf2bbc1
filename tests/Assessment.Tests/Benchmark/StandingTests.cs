using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Assessment.Tests.Answers;
using LivingCity.Testing;

namespace LivingCity.Assessment.Tests.Benchmark;

/// <summary>The benchmark of a demonstration, with its synthetic cities.</summary>
public sealed class StandingTests(Infrastructure infrastructure)
{
    private const string Tables = "/api/assessment/v1/benchmark/digital-maturity/2";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demonstration_PublishesTablesMarkedSyntheticAndPlacesACity()
    {
        await using var host = await ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string> { ["City:Demo"] = "true" });
        using var anyone = host.Anonymous();
        await Eventually.TrueAsync(async () => (await anyone.GetAsync(Tables, Cancelled)).IsSuccessStatusCode, "the synthetic cities are published");
        using var officer = host.As("sofia", "data-officer");
        using var profile = await officer.PutAsJsonAsync("/api/assessment/v1/city", new { name = "Sofia", country = "BG", region = "BG41", population = 1_200_000 }, Cancelled);
        using var elsewhere = await officer.PutAsJsonAsync("/api/assessment/v1/city", new { name = "Sofia", country = "BG", region = "ES51" }, Cancelled);
        var path = await Respondent.StartAsync(officer);
        await Respondent.AnswerAllAsync(officer, path);
        var submitted = await Respondent.SubmitAsync(officer, path);

        var standing = (await officer.GetFromJsonAsync<JsonObject>($"/api/assessment/v1/benchmark/standing/{path.Split('/')[^1]}", Cancelled))!;
        var tables = (await anyone.GetFromJsonAsync<JsonObject>(Tables, Cancelled))!;
        var csv = await anyone.GetStringAsync($"{Tables}/open-data.csv", Cancelled);

        Assert.Equal(HttpStatusCode.NoContent, profile.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, elsewhere.StatusCode);
        Assert.Equal((700, 700), ((int)tables["cities"]!, (int)tables["synthetic"]!));
        Assert.All(tables["groups"]!.AsArray(), group => Assert.True(group!["suppressed"] is null ? (int)group["n"]! >= 5 : group["overall"] is null && group["n"] is null));
        Assert.DoesNotContain("synthetic-0", tables.ToJsonString(), StringComparison.Ordinal);
        var whole = standing["groups"]!.AsArray().Single(group => (string)group!["grouping"]! == "all")!;
        Assert.Equal(700, (int)whole["n"]!);
        Assert.InRange((double)whole["standing"]!["share"]!, (double)whole["standing"]!["low"]!, (double)whole["standing"]!["high"]!);
        Assert.Equal((double)submitted["result"]!["overall"]!, (double)standing["overall"]!);
        Assert.True(csv.Split("\r\n").Length > 100);
    }

    [Fact]
    public async Task Release_OfTooFewCities_ShowsNothingAndOfFiveTheirMiddle()
    {
        await using var host = await ServiceHost<Program>.StartAsync(infrastructure);
        using var operatorClient = host.As(null, "platform-admin");
        using var anyone = host.Anonymous();
        for (var city = 1; city <= 4; city++)
        {
            await SubmitAsync(host, $"city-{city}");
        }

        using var early = await operatorClient.PostAsync("/api/assessment/v1/benchmark/climate-needs/1/releases", null, Cancelled);
        using var nothing = await anyone.GetAsync("/api/assessment/v1/benchmark/climate-needs/1", Cancelled);
        await SubmitAsync(host, "city-5");
        using var released = await operatorClient.PostAsync("/api/assessment/v1/benchmark/climate-needs/1/releases", null, Cancelled);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.OK), (early.StatusCode, nothing.StatusCode, released.StatusCode));
        var tables = (await released.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;
        Assert.Equal((5, 0), ((int)tables["cities"]!, (int)tables["synthetic"]!));
        Assert.Equal(5, (int)tables["groups"]!.AsArray().Single(group => (string)group!["grouping"]! == "all")!["n"]!);
    }

    private static async Task SubmitAsync(ServiceHost<Program> host, string city)
    {
        using var officer = host.As(city, "data-officer");
        var path = await Respondent.StartAsync(officer, "climate-needs/1");
        await Respondent.AnswerAllAsync(officer, path);
        await Respondent.SubmitAsync(officer, path);
    }
}
