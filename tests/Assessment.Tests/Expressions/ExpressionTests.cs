using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Assessment.Tests.Answers;
using LivingCity.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.Assessment.Tests.Expressions;

public sealed class ExpressionTests(Infrastructure infrastructure)
{
    private const string Mine = "/api/assessment/v1/expressions";
    private const string Desk = "/api/assessment/v1/helpdesk/expressions";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Service_FromExpressionToReport_FollowsItsSteps()
    {
        var clock = new Clock { Now = new DateTimeOffset(2025, 3, 24, 22, 59, 59, TimeSpan.Zero) };
        await using var host = await ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string> { ["Helpdesk:City"] = "helpdesk" }, services: services => services.AddSingleton<TimeProvider>(clock));
        using var alcoy = host.As("alcoy", "data-officer");
        using var village = host.As("village", "city-admin");
        using var consultant = host.As("helpdesk", "assessor");
        using var otherAssessor = host.As("alcoy", "assessor");
        using var asked = await alcoy.PostAsJsonAsync(Mine, Request(59_000), Cancelled);
        using var twice = await alcoy.PostAsJsonAsync(Mine, Request(59_000), Cancelled);
        using var small = await village.PostAsJsonAsync(Mine, Request(20_000), Cancelled);
        clock.Now = new DateTimeOffset(2025, 3, 24, 23, 0, 0, TimeSpan.Zero);
        using var late = await host.As("late", "data-officer").PostAsJsonAsync(Mine, Request(30_000), Cancelled);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.Created, HttpStatusCode.Conflict), (asked.StatusCode, twice.StatusCode, small.StatusCode, late.StatusCode));
        var all = (await consultant.GetFromJsonAsync<JsonArray>(Desk, Cancelled))!;
        Assert.Equal([("alcoy", true), ("village", false)], all.Select(one => ((string)one!["city"]!, (bool)one["encouraged"]!)).Order());
        Assert.Equal(HttpStatusCode.Forbidden, (await otherAssessor.GetAsync(Desk, Cancelled)).StatusCode);
        var id = (string)all.Single(one => (string)one!["city"]! == "alcoy")!["id"]!;
        using var invited = await consultant.PostAsync($"{Desk}/{id}/invitation", null, Cancelled);
        using var again = await consultant.PostAsync($"{Desk}/{id}/invitation", null, Cancelled);
        using var tooEarly = await consultant.PostAsJsonAsync($"{Desk}/{id}/outcome", new { report = "Done." }, Cancelled);
        foreach (var milestone in (string[])["kick-off", "maturity-assessment", "technology-readiness", "roadmap", "procurement-needs"])
        {
            using var reached = await consultant.PostAsJsonAsync($"{Desk}/{id}/milestones/{milestone}", new { link = "/assessment" }, Cancelled);
            Assert.Equal(HttpStatusCode.OK, reached.StatusCode);
        }

        using var completed = await consultant.PostAsJsonAsync($"{Desk}/{id}/outcome", new { report = "A roadmap of nine actions." }, Cancelled);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.OK), (invited.StatusCode, again.StatusCode, tooEarly.StatusCode, completed.StatusCode));
        var mine = (await alcoy.GetFromJsonAsync<JsonArray>(Mine, Cancelled))!.Single()!;
        Assert.Equal(("completed", "2025-05-06", "A roadmap of nine actions."), ((string)mine["status"]!, (string)mine["serviceEnds"]!, (string)mine["report"]!)); // 42 days after 25 March, the day in Brussels
        Assert.Single((await village.GetFromJsonAsync<JsonArray>(Mine, Cancelled))!);
    }

    [Fact]
    public async Task Phase_ThatOverlapsAnother_IsRefusedByItsName()
    {
        await using var host = await ServiceHost<Program>.StartAsync(infrastructure);
        using var administrator = host.As(null, "platform-admin");

        using var overlapping = await administrator.PostAsJsonAsync("/api/assessment/v1/expression-phases", Phase("phase-3", "2025-03-24"), Cancelled);
        using var unknownZone = await administrator.PostAsJsonAsync("/api/assessment/v1/expression-phases", Phase("phase-3", "2025-03-25") with { zone = "Europe/Atlantis" }, Cancelled);
        using var added = await administrator.PostAsJsonAsync("/api/assessment/v1/expression-phases", Phase("phase-3", "2025-03-25"), Cancelled);

        Assert.Contains("phase-2", (await Respondent.ProblemAsync(overlapping, HttpStatusCode.Conflict)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.True((await Respondent.ProblemAsync(unknownZone, HttpStatusCode.BadRequest)).GetProperty("errors").TryGetProperty("zone", out _));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
    }

    private static object Request(int population) => new { phase = "phase-2", population, contact = "it@city.example", motivation = "We want to know what comes first." };

    private static NewPhase Phase(string id, string opens) => new(id, opens, "2025-10-01", "2025-12-31", "Europe/Brussels");

#pragma warning disable IDE1006 // as the wire has them
    private sealed record NewPhase(string id, string opens, string deadline, string ends, string zone);
#pragma warning restore IDE1006

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
