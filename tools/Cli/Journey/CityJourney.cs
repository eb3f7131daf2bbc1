using System.Globalization;
using System.Text.Json.Nodes;
using LivingCity.Cli.Import;
using LivingCity.Cli.Platform;
using Spectre.Console;

namespace LivingCity.Cli.Journey;

/// <summary>The thin journey of a city: each step says what was called and what came back, and checks that it follows from the step before.</summary>
internal sealed class CityJourney(PlatformClient platform, FileInfo? readings)
{
    private readonly List<string> failures = [];

    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await HealthAsync(cancellationToken);
        await MeasureAsync(cancellationToken);
        await ShareAsync(cancellationToken);
        await ComputeAsync(cancellationToken);
        await AssessAsync(cancellationToken);
        await MeetAsync(cancellationToken);
        AnsiConsole.WriteLine();
        foreach (var failure in failures)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]✗ {failure}[/]");
        }

        AnsiConsole.MarkupLine(failures.Count == 0 ? "[green]✓ The journey is complete: every number adds up.[/]" : "[red]The journey is not complete.[/]");
        return failures.Count == 0;
    }

    private async Task HealthAsync(CancellationToken cancellationToken)
    {
        Step("The platform", "GET /health");
        var health = await platform.GetAsync("/health", cancellationToken);
        Say($"{(string?)health["status"]}: {string.Join(", ", health["services"]!.AsObject().Select(service => $"{service.Key} {(string?)service.Value}"))}");
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (readings is null)
        {
            Step("1. Measure", "GET /api/ingestion/v1/summary");
            Say($"No published data here: looking at what is stored, {await InstancesAsync(cancellationToken):N0} observations.");
            return;
        }

        Step("1. Measure", "POST /ngsi-ld/v1/entityOperations/upsert, real readings of six stations in Sofia");
        var mapping = await Mapping.ReadAsync(Path.Combine(AppContext.BaseDirectory, "mappings", "sofia-air.json"), cancellationToken);
        var before = await InstancesAsync(cancellationToken);
        using var text = readings.OpenText();
        var report = await new Importer(platform, mapping).RunAsync(text, null, cancellationToken);
        var stored = await InstancesAsync(cancellationToken) - before;
        ImportCommand.Print(report);
        var already = report.Sent - stored;
        Say(FormattableString.Invariant($"The broker holds {stored:N0} more observations; {already:N0} were there already and were merged."));
        Check(report.AddsUp, "every row is stored, merged or quarantined");
        Check(stored == report.Sent || already == report.Sent, "the broker counts what the import counts");
    }

    private async Task ShareAsync(CancellationToken cancellationToken)
    {
        Step("2. Share", "GET /api/dataspace/v1/catalogue");
        var datasets = await EventuallyAsync(
            async () => (await platform.GetAsync("/api/dataspace/v1/catalogue?limit=1000", cancellationToken))["dcat:dataset"]!.AsArray()
                .Where(dataset => (string?)dataset!["dct:publisher"]?["foaf:name"] == "sofia" && dataset["dct:temporal"] is not null).ToArray(),
            found => found.Length > 0, cancellationToken);
        var table = new Table().AddColumns("dataset", "from", "to", "offer");
        foreach (var dataset in datasets)
        {
            table.AddRow(
                Escaped(dataset!["dct:title"]![0]!["@value"]), Time(dataset["dct:temporal"]!["dcat:startDate"]!["@value"]), Time(dataset["dct:temporal"]!["dcat:endDate"]!["@value"]),
                Markup.Escape($"{dataset["odrl:hasPolicy"]!["odrl:permission"]![0]!["odrl:action"]!["@id"]} + {dataset["odrl:hasPolicy"]!["odrl:obligation"]![0]!["odrl:action"]!["@id"]}"));
        }

        AnsiConsole.Write(table);
        Check(datasets.Length > 0, "the city's data are on offer in the catalogue");
    }

    private async Task ComputeAsync(CancellationToken cancellationToken)
    {
        Step("3. Compute", "GET /api/twin/v1/stations");
        var stations = await EventuallyAsync(
            async () => (await platform.GetAsync("/api/twin/v1/stations", cancellationToken)).AsArray(),
            found => found.Count > 0 && found.Any(station => station!["thermal"] is not null || station["airQuality"]!.AsArray().Count > 0), cancellationToken);
        var table = new Table().AddColumns("station", "last reading", "state");
        foreach (var station in stations)
        {
            table.AddRow(Markup.Escape($"{(string?)station!["name"]} ({(string?)station["type"]})"), Time(station["observedAt"]), Markup.Escape(Describe(station)));
        }

        AnsiConsole.Write(table);
        Check(stations.Any(station => station!["thermal"] is not null || station["airQuality"]!.AsArray().Count > 0), "the twin computes from live state");
    }

    private async Task AssessAsync(CancellationToken cancellationToken)
    {
        Step("4. Assess", "POST /api/assessment/v1/assessments, PUT …/answers/{question}, POST …/submission");
        var questionnaire = await platform.GetAsync("/api/assessment/v1/questionnaires/digital-maturity/1", cancellationToken);
        var (_, started) = await platform.SendAsync(HttpMethod.Post, "/api/assessment/v1/assessments", new JsonObject { ["questionnaire"] = (string?)questionnaire["id"] }, cancellationToken);
        var path = $"/api/assessment/v1/assessments/{(string?)started!["id"]}";
        foreach (var question in questionnaire["dimensions"]!.AsArray().SelectMany(dimension => dimension!["questions"]!.AsArray()))
        {
            var id = (string)question!["id"]!;
            var option = id.Split('.')[0] switch { "data" => "1", "infrastructure" => "1", "networking" => "4", _ => "3" };
            await platform.SendAsync(HttpMethod.Put, $"{path}/answers/{id}", new JsonObject { ["option"] = option }, cancellationToken);
        }

        var (_, submitted) = await platform.SendAsync(HttpMethod.Post, $"{path}/submission", null, cancellationToken);
        var result = submitted!["result"]!;
        var chart = new BarChart().Width(60);
        foreach (var dimension in result["dimensions"]!.AsObject())
        {
            chart.AddItem(dimension.Key, (double)dimension.Value!, (double)dimension.Value! < 50 ? Color.Orange1 : Color.Green);
        }

        AnsiConsole.Write(chart);
        Say(FormattableString.Invariant($"Score {(double)result["overall"]!:0.0} of 100, level {(int)result["level"]!} of 5. Needs: {string.Join(", ", result["needs"]!.AsArray().Select(need => (string?)need))}."));
        Check(result["needs"]!.AsArray().Count == 2, "the weak dimensions are the needs");
    }

    private async Task MeetAsync(CancellationToken cancellationToken)
    {
        Step("5. Meet", "GET /api/events/v1/recommendations, POST /api/events/v1/sessions/{id}/registrations");
        var recommended = await EventuallyAsync(
            async () => (await platform.GetAsync("/api/events/v1/recommendations", cancellationToken)).AsArray(), found => found.Count > 0, cancellationToken);
        var table = new Table().AddColumns("session", "event", "because");
        foreach (var item in recommended)
        {
            table.AddRow(Escaped(item!["title"]), Escaped(item["event"]), Markup.Escape(string.Join(", ", item["reasons"]!.AsArray().Select(reason => FormattableString.Invariant($"{(string?)reason!["topic"]} scored {(double)reason["score"]!:0}")))));
        }

        AnsiConsole.Write(table);
        Check(recommended.Count > 0, "the needs lead to sessions");
        if (recommended.Count > 0)
        {
            var (_, registration) = await platform.SendAsync(HttpMethod.Post, $"/api/events/v1/sessions/{(string?)recommended[0]!["session"]}/registrations", null, cancellationToken);
            Say($"Registered {(string?)registration!["name"]} for {(string?)registration["session"]}.");
        }
    }

    private async Task<long> InstancesAsync(CancellationToken cancellationToken) =>
        (await platform.GetAsync("/api/ingestion/v1/summary", cancellationToken)).AsArray().Where(row => row!["attribute"]!.ToString() is var name && !name.EndsWith("/name", StringComparison.Ordinal) && !name.EndsWith("/location", StringComparison.Ordinal))
        .Sum(row => (long)row!["instances"]!);

    private static string Time(JsonNode? node) => node is null ? "" : DateTimeOffset.Parse((string)node!, CultureInfo.InvariantCulture).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Describe(JsonNode station) => station["airQuality"]!.AsArray().Count == 0 && station["thermal"] is null
        ? "no comfort index: temperature, humidity and wind were not measured within one hour"
        : station["thermal"] is { } thermal
        ? string.Create(CultureInfo.InvariantCulture, $"feels like {(double)thermal["utci"]!:0.0} °C ({(string?)thermal["stress"]})")
        : string.Join(", ", station["airQuality"]!.AsArray().Select(pollutant =>
            string.Create(CultureInfo.InvariantCulture, $"{(string?)pollutant!["pollutant"]} {(double)pollutant["mean"]!:0.0}{((bool)pollutant["exceeded"]! ? " above" : " within")} {(double)pollutant["guideline"]!:0}")));

    /// <summary>Services hear of each other within moments: asks again until the answer is there, for at most a minute.</summary>
    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> enough, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await ask();
            if (enough(answer) || attempt == 120)
            {
                return answer;
            }

            await Task.Delay(500, cancellationToken);
        }
    }

    private static string Escaped(JsonNode? node) => Markup.Escape(node?.ToString() ?? "");

    private static void Step(string title, string call)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{title}[/]  [grey]{call}[/]");
    }

    private static void Say(string text) => AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  {text}");

    private void Check(bool holds, string what)
    {
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  {(holds ? "✓" : "✗")} {what}");
        if (!holds)
        {
            failures.Add(what);
        }
    }
}
