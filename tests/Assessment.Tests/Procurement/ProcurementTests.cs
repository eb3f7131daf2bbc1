using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using LivingCity.Assessment.Tests.Answers;
using LivingCity.Testing;

namespace LivingCity.Assessment.Tests.Procurement;

public sealed class ProcurementTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
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
