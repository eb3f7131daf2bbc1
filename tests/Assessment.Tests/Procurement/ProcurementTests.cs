using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using LivingCity.Assessment.Procurement;
using LivingCity.Assessment.Tests.Answers;
using LivingCity.Testing;

namespace LivingCity.Assessment.Tests.Procurement;

public sealed class ProcurementTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ServiceHost<Program> host = fixture.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Needs_AfterAnIssuedRoadmap_TraceEveryLineToAnswersActionsOrClauses()
    {
        using var officer = host.As("sofia", "data-officer");
        using var assessor = host.As("sofia", "assessor");
        var path = await Respondent.StartAsync(officer);
        using var early = await officer.GetAsync($"{path}/procurement-needs", Cancelled);
        await Respondent.AnswerAllAsync(officer, path, seed: 3);
        var result = (await Respondent.SubmitAsync(officer, path))["result"]!;
        using var tried = await officer.PostAsJsonAsync($"{path}/roadmap-trials", new { budget = 500_000, people = 4, months = 18 }, Cancelled);
        using var byOfficer = await officer.PostAsJsonAsync($"{path}/roadmaps", new { budget = 500_000, people = 4, months = 18 }, Cancelled);
        using var issued = await assessor.PostAsJsonAsync($"{path}/roadmaps", new { budget = 500_000, people = 4, months = 18 }, Cancelled);
        var roadmap = (await issued.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;
        var actions = roadmap["roadmap"]!["actions"]!.AsArray().Select(action => (string)action!["id"]!).ToHashSet();
        using var followed = await officer.PutAsJsonAsync($"/api/assessment/v1/roadmaps/{roadmap["id"]}/actions/{actions.First()}", new { progress = "started", note = "Begun." }, Cancelled);

        var needs = (await officer.GetFromJsonAsync<JsonObject>($"{path}/procurement-needs?language=bg", Cancelled))!;

        await Respondent.ProblemAsync(early, HttpStatusCode.Conflict);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Created, HttpStatusCode.NoContent), (tried.StatusCode, byOfficer.StatusCode, issued.StatusCode, followed.StatusCode));
        Assert.Equal("Нужди за обществена поръчка", (string)needs["title"]!);
        var weights = needs["parts"]![2]!["lines"]!.AsArray().Select(line => System.Text.RegularExpressions.Regex.Match((string)line!["text"]!, @"(\d+) %$")).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(100, weights.Sum());
        Assert.Contains("sofia", needs["facts"]!.AsArray().Select(fact => (string)fact!["value"]!));
        // The roadmap was issued in English; the Bulgarian document names its actions in Bulgarian.
        Assert.DoesNotContain(roadmap["roadmap"]!["actions"]!.AsArray().Select(action => (string)action!["title"]!), title => needs.ToJsonString(Readable).Contains(title, StringComparison.Ordinal));
        var lost = result["details"]!.AsArray().SelectMany(dimension => dimension!["indicators"]!.AsArray()).SelectMany(indicator => indicator!["questions"]!.AsArray())
            .Where(question => (double)question!["lost"]! > 0).Select(question => $"question:{question!["id"]}").ToHashSet();
        var lines = needs["parts"]!.AsArray().SelectMany(part => part!["lines"]!.AsArray()).ToArray();
        Assert.True(lines.Length > 20);
        Assert.All(lines, line =>
        {
            var sources = line!["sources"]!.AsArray().Select(source => (string)source!).ToArray();
            Assert.All(sources, source => Assert.True(source.Split(':')[0] switch { "question" => lost.Contains(source), "action" => actions.Contains(source[7..]), "mim" or "clause" => true, _ => false }, source));
            Assert.Contains(sources, source => !source.StartsWith("mim:", StringComparison.Ordinal));
            Assert.NotEmpty((string)line["origin"]!);
        });
        Assert.Equal("started", (string)(await officer.GetFromJsonAsync<JsonArray>($"{path}/roadmaps", Cancelled))![0]!["progress"]![actions.First()]!["progress"]!);
    }

    [Fact]
    public async Task Readiness_Needs_FollowRequirementByRequirement()
    {
        using var officer = host.As("sofia", "data-officer");
        var path = await Respondent.StartAsync(officer, "mim-readiness/1");
        await Respondent.AnswerAllAsync(officer, path, seed: 5);
        var result = (await Respondent.SubmitAsync(officer, path))["result"]!;

        var needs = (await officer.GetFromJsonAsync<JsonObject>($"{path}/procurement-needs", Cancelled))!;

        var values = result["details"]!.AsArray().SelectMany(dimension => dimension!["indicators"]!.AsArray()).SelectMany(indicator => indicator!["questions"]!.AsArray())
            .ToDictionary(question => (string)question!["id"]!, question => (double?)question!["value"]);
        var lines = needs["parts"]![0]!["lines"]!.AsArray();
        Assert.True(lines.Count > 10);
        Assert.All(lines, line =>
        {
            // A requirement's line follows from the answer about that requirement, and says "must" where less than half of it is met.
            var requirement = ((string)line!["sources"]![0]!)["mim:".Length..];
            var question = requirement.ToLowerInvariant().Replace('-', '.');
            Assert.Contains($"question:{question}", line["sources"]!.AsArray().Select(source => (string)source!));
            Assert.Equal(values[question] < 50, ((string)line["text"]!).StartsWith("Must", StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData(new[] { 1 }, new[] { 100 })]
    [InlineData(new[] { 1, 1, 1 }, new[] { 34, 33, 33 })]
    [InlineData(new[] { 2, 4, 2, 3, 2 }, new[] { 16, 31, 15, 23, 15 })]
    [InlineData(new int[0], new int[0])]
    public void Weights_InWholePercents_AreAHundredTogether(int[] weights, int[] percents) => Assert.Equal(percents, NeedsMaker.Percents(weights));

    [Fact]
    public void Browser_ThatIsConfiguredAndNotThere_IsNotReplacedByAnother()
    {
        Assert.Null(PrintBrowser.Find("/no/such/browser"));
        Assert.True(PrintBrowser.Find(null) is var found && (found is null || File.Exists(found)));
    }

    [Theory]
    [InlineData("en", "Procurement needs")]
    [InlineData("bg", "Нужди за обществена поръчка")]
    [InlineData("es", "Necesidades de contratación")]
    [InlineData("fr", "Besoins d’achat public")]
    public async Task Documents_InEachLanguage_AreWordAndPdf(string language, string title)
    {
        using var officer = host.As("sofia", "data-officer");
        var path = await Respondent.StartAsync(officer, "mim-readiness/1");
        await Respondent.AnswerAllAsync(officer, path);
        await Respondent.SubmitAsync(officer, path);

        var word = await officer.GetByteArrayAsync($"{path}/procurement-needs.docx?language={language}", Cancelled);
        var pdf = await officer.GetByteArrayAsync($"{path}/procurement-needs.pdf?language={language}", Cancelled);

        using var zip = new ZipArchive(new MemoryStream(word));
        Assert.Equal(["[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels", "word/document.xml", "word/footer.xml", "word/styles.xml"], zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        Assert.All(zip.Entries, entry => Assert.NotNull(XDocument.Load(entry.Open()).Root));
        Assert.Equal(title, XDocument.Load(zip.GetEntry("word/document.xml")!.Open()).Descendants().First(element => element.Name.LocalName == "t").Value);
        Assert.Equal("%PDF-"u8.ToArray(), pdf[..5]);
        Assert.True(pdf.Length > 10_000);
        if (Environment.GetEnvironmentVariable("DOCUMENTS") is { Length: > 0 } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"needs-{language}.pdf"), pdf, Cancelled);
            await File.WriteAllBytesAsync(Path.Combine(folder, $"needs-{language}.docx"), word, Cancelled);
        }
    }
}
