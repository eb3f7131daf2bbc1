using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Dataspace.Tests.Catalogue;

/// <summary>The catalogue as DCAT-AP 3.0.1, and what can be found in it.</summary>
public sealed class DcatTests(ConnectorPair pair) : IClassFixture<ConnectorPair>
{
    [Fact]
    public async Task Catalogue_InTurtle_BreaksNoShapeOfDcatAp()
    {
        var folder = PublishedSchemas.Data("dcat-ap");
        Assert.SkipUnless(folder is not null, "The published shapes are not beside the repository: set LIVINGCITY_DATA.");
        var shapes = new Shapes(await File.ReadAllTextAsync(Path.Combine(folder, "dcat-ap-3.0.1-shacl.ttl"), TestContext.Current.CancellationToken));
        await ExternalAsync("urn:ext:shapes", "Сензори \"край\" реката\nвтори ред");

        var graph = TurtleReader.Read(await TurtleAsync());

        Assert.Contains(graph, triple => triple.Object.Value == "http://www.w3.org/ns/dcat#Dataset");
        Assert.Empty(shapes.Violations(graph));

        // The checker finds what is wrong: a dataset without its title.
        Assert.NotEmpty(shapes.Violations([.. graph.Where(triple => triple.Predicate != "http://purl.org/dc/terms/title")]));
    }

    [Fact]
    public async Task Catalogue_InEveryShape_HasTheSameIdentifiers()
    {
        using var anyone = pair.Sofia.Anonymous();
        var dcat = (await anyone.GetFromJsonAsync<JsonObject>("/api/dataspace/v1/catalogue", TestContext.Current.CancellationToken))!["dcat:dataset"]!.AsArray().Select(item => (string)item!["@id"]!).ToHashSet();
        using var answer = await anyone.PostAsJsonAsync("/dsp/2025-1/catalog/request", Messages.Dsp("CatalogRequestMessage"), TestContext.Current.CancellationToken);
        var dsp = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["dataset"]!.AsArray().Select(item => (string)item!["@id"]!).ToHashSet();
        var turtle = TurtleReader.Read(await TurtleAsync()).Where(triple => triple.Object.Value == "http://www.w3.org/ns/dcat#Dataset").Select(triple => triple.Subject.Value).ToHashSet();

        Assert.Contains(ConnectorPair.Dataset, dsp);
        Assert.Superset(dsp, dcat);
        Assert.Superset(dsp, turtle);
    }

    [Theory]
    [InlineData("automatic", """{"permission": [{"action": "use"}]}""", false)]
    [InlineData("manual", """{"permission": [{"action": "use"}]}""", true)]
    [InlineData("automatic", """{"permission": [{"action": "use", "constraint": [{"leftOperand": "urn:living-city:odrl:claim:CityCredential:country", "operator": "eq", "rightOperand": "BG"}]}]}""", true)]
    public async Task Dataset_ThatNotEverybodyGets_IsSaidToBeRestricted(string approval, string policy, bool restricted)
    {
        var id = $"urn:ext:rights:{Guid.NewGuid()}";
        await ExternalAsync(id, "Under conditions");
        using var officer = pair.Sofia.As("sofia", "data-officer");
        using var offered = await officer.PostAsJsonAsync("/api/dataspace/v1/offers", new { datasetId = id, policy = JsonNode.Parse(policy), approval }, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Created, offered.StatusCode);

        using var anyone = pair.Sofia.Anonymous();
        var dataset = (await anyone.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/datasets/{id}", TestContext.Current.CancellationToken))!;

        Assert.Equal(restricted ? "http://publications.europa.eu/resource/authority/access-right/RESTRICTED" : null, (string?)dataset["dct:accessRights"]?["@id"]);
    }

    [Theory]
    [InlineData("q=Lluisa", true)]
    [InlineData("q=LLUÏSA maatta", true)]
    [InlineData("q=lluïsa nothing", false)]
    [InlineData("q=100%", false)]
    [InlineData("theme=ENVI", true)]
    [InlineData("theme=TRAN", false)]
    [InlineData("license=urn:l", true)]
    [InlineData("license=urn:other", false)]
    [InlineData("city=sofia", true)]
    [InlineData("city=sant-boi", false)]
    [InlineData("synthetic=true", false)]
    public async Task Search_ByEachCriterion_FindsWhatFits(string query, bool found)
    {
        await ExternalAsync("urn:ext:search", "Quality of the air by Lluïsa and Määttä");

        Assert.Equal(found, (await SearchAsync(query)).Contains("urn:ext:search"));
    }

    [Theory]
    [InlineData("bbox=23.2,42.6,23.5,42.8", true)]
    [InlineData("bbox=2.0,41.0,2.2,41.5", false)]
    [InlineData("from=2026-06-01T00:00:00Z&to=2026-08-01T00:00:00Z", true)]
    [InlineData("to=2020-01-01T00:00:00Z", false)]
    [InlineData("from=2030-01-01T00:00:00Z", false)]
    public async Task Search_ByAreaAndTime_LooksAtWhatWasObserved(string query, bool found)
    {
        await Eventually.TrueAsync(async () => (await SearchAsync("bbox=-180,-90,180,90")).Contains(ConnectorPair.Dataset), "the coverage is known");

        Assert.Equal(found, (await SearchAsync(query)).Contains(ConnectorPair.Dataset));
    }

    [Theory]
    [InlineData("bbox=1,2,3")]
    [InlineData("bbox=a,b,c,d")]
    [InlineData("bbox=10,0,5,1")]
    [InlineData("from=yesterday")]
    public async Task Search_ThatIsNotValid_IsRefused(string query)
    {
        using var anyone = pair.Sofia.Anonymous();

        Assert.Equal(400, (int)(await anyone.GetAsync($"/api/dataspace/v1/catalogue?{query}", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Terms_OfADataset_AreSentencesInTheLanguageAskedFor()
    {
        using var anyone = pair.Sofia.Anonymous();

        var terms = (await anyone.GetFromJsonAsync<JsonArray>($"/api/dataspace/v1/datasets/{ConnectorPair.Dataset}/terms?language=es", TestContext.Current.CancellationToken))!;

        Assert.Contains("Se debe citar la fuente.", terms[0]!["sentences"]!.AsArray().Select(sentence => (string)sentence!["text"]!));
    }

    [Fact]
    public async Task DryRun_SaysWhoCouldAndWhyNot_AndWhatOfThePastWouldNotHaveBeen()
    {
        var (agreement, transfer) = await pair.ContractAsync(ConnectorPair.Permission());
        await pair.FetchAsync(transfer);
        await pair.FetchAsync(transfer);
        using var officer = pair.Sofia.As("sofia", "data-officer");
        var policy = ConnectorPair.Permission(ConnectorPair.Constraint("http://www.w3.org/ns/odrl/2/count", "lteq", "1"));

        using var answer = await officer.PostAsJsonAsync("/api/dataspace/v1/policies/dry-run", new { policy, agreementId = agreement, candidates = new[] { new { name = "first", used = 0 }, new { name = "second", used = 1 } } }, TestContext.Current.CancellationToken);
        var result = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;

        Assert.Equal([true, false], result["candidates"]!.AsArray().Select(verdict => (bool)verdict!["permitted"]!));
        Assert.Equal("count", (string)result["candidates"]![1]!["reasons"]![0]!["code"]!);
        Assert.Equal(2, (int)result["replay"]!["uses"]!);
        Assert.Equal(1, (int)result["replay"]!["stillPermitted"]!);
    }

    private async Task<IReadOnlyList<string>> SearchAsync(string query)
    {
        using var anyone = pair.Sofia.Anonymous();
        return [.. (await anyone.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/catalogue?{query}"))!["dcat:dataset"]!.AsArray().Select(item => (string)item!["@id"]!)];
    }

    private async Task<string> TurtleAsync()
    {
        using var anyone = pair.Sofia.Anonymous();
        anyone.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/turtle"));
        using var answer = await anyone.GetAsync("/api/dataspace/v1/catalogue");
        Assert.Equal("text/turtle", answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task ExternalAsync(string id, string title)
    {
        using var officer = pair.Sofia.As("sofia", "data-officer");
        using var added = await officer.PostAsJsonAsync("/api/dataspace/v1/datasets", new { id, title = new { en = title }, description = new { en = "Kept elsewhere." }, url = "https://example.org/data.csv", mediaType = "text/csv", license = "urn:l", theme = "ENVI" });
        Assert.Contains((int)added.StatusCode, new[] { 201, 409 });
    }
}
