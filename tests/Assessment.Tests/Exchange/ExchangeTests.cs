using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Assessment.Exchange;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Tests.Answers;
using LivingCity.Testing;

namespace LivingCity.Assessment.Tests.Exchange;

public sealed class ExchangeTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private static readonly QuestionnaireCatalogue Catalogue = new();

    public static TheoryData<string> Each => [.. Catalogue.All.Select(one => one.Structure.Id)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Each))]
    public void XlsForm_ThereAndBack_KeepsWhatItCarriesAndListsTheRest(string id)
    {
        var published = Catalogue.Find(id)!;

        var imported = XlsForm.Read(new MemoryStream(XlsForm.Write(published)), "back");

        AssertSame(published, imported);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void SurveyJs_ThereAndBack_KeepsWhatItCarriesAndListsTheRest(string id)
    {
        var published = Catalogue.Find(id)!;

        var imported = SurveyJs.Read(JsonNode.Parse(SurveyJs.Write(published).ToJsonString())!.AsObject(), "back");

        AssertSame(published, imported);
    }

    [Fact]
    public void SurveyJs_WithMoreThanWeKnow_NamesEachPart()
    {
        var survey = JsonNode.Parse("""
            {"title": "S", "triggers": [], "pages": [{"name": "p", "elements": [
              {"type": "radiogroup", "name": "a", "choices": ["x", "y"], "isRequired": true, "hasOther": true},
              {"type": "signaturepad", "name": "b"},
              {"type": "text", "inputType": "color", "name": "c"},
              {"type": "comment", "name": "d", "visibleIf": "iif({a} = 'x', true, false)"},
              {"type": "comment", "name": "e", "visibleIf": "{a} = 'x'"}]}]}
            """)!.AsObject();

        var imported = SurveyJs.Read(survey, "theirs");

        Assert.Equal(["a", "d", "e"], imported.Structure.Questions.Select(question => question.Id));
        Assert.Equal(["survey: triggers", "a: hasOther true", "b: type signaturepad", "c: type text color"], imported.Unsupported.Take(4));
        Assert.StartsWith("d: visibleIf", imported.Unsupported[4], StringComparison.Ordinal);
        Assert.Equal(["x"], imported.Structure.Find("e")!.VisibleIf!.In);
    }

    [Theory]
    [InlineData("${a} = 'x'", """{"question":"a","in":["x"]}""")]
    [InlineData("selected(${a}, 'x') or selected(${a}, 'y')", """{"question":"a","in":["x","y"]}""")]
    [InlineData("${n} >= 5 and not(${a} = 'x')", """{"all":[{"question":"n","atLeast":5},{"not":{"question":"a","in":["x"]}}]}""")]
    [InlineData("{a} anyof ['x', 'y'] or ({b} = \"z\")", """{"any":[{"question":"a","in":["x","y"]},{"question":"b","in":["z"]}]}""")]
    [InlineData("count(${a}) > 1", null)]
    [InlineData("${a} = 'x' xor ${b} = 'y'", null)]
    [InlineData("${a} = 'x' and", null)]
    [InlineData("", null)]
    public void Condition_OfAForm_IsReadOrRefused(string text, string? condition) =>
        Assert.Equal(condition, ConditionText.Parse(text) is { } parsed ? JsonSerializer.Serialize(parsed, QuestionnaireCatalogue.Json) : null);

    [Fact]
    public async Task Import_OfOurOwnForm_CanBeKeptAndOfNoFormIsRefused()
    {
        using var anyone = fixture.Host.Anonymous();
        using var assessor = fixture.Host.As("sofia", "assessor");
        var form = await anyone.GetByteArrayAsync("/api/assessment/v1/questionnaires/climate-needs/1/xlsform", Cancelled);
        using var read = await assessor.PostAsync("/api/assessment/v1/imports/xlsform/ours", new ByteArrayContent(form), Cancelled);
        using var broken = await assessor.PostAsync("/api/assessment/v1/imports/xlsform/ours", new ByteArrayContent([1, 2, 3]), Cancelled);
        var imported = (await read.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;

        using var kept = await assessor.PostAsJsonAsync("/api/assessment/v1/drafts", new { structure = imported["structure"], texts = imported["texts"] }, Cancelled);

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Empty(imported["errors"]!.AsObject());
        Assert.Equal(HttpStatusCode.Created, kept.StatusCode);
        Assert.True((await Respondent.ProblemAsync(broken, HttpStatusCode.BadRequest)).GetProperty("errors").TryGetProperty("body", out _));
    }

    private static void AssertSame(Published published, Imported imported)
    {
        // A question without points asks for an answer and scores nothing; what remains must be the same, with options in place of scales.
        Question Carried(Question question) => question with
        {
            Options = published.Structure.OptionsOf(question) is { Count: > 0 } options ? options : null,
            Scale = null, Points = null, MayNotApply = false, Prefill = null, Mims = null, Follows = null, Unit = null,
        };
        string Json(IEnumerable<Dimension> dimensions) => JsonSerializer.Serialize(dimensions, QuestionnaireCatalogue.Json);
        var expected = published.Structure.Dimensions.Select(dimension => dimension with { Indicators = [.. dimension.Indicators.Select(indicator => indicator with { Questions = [.. indicator.Questions.Select(Carried)] })] });

        Assert.Equal(Json(expected), Json(imported.Structure.Dimensions));
        Assert.Empty(imported.Errors);
        Assert.Empty(imported.Unsupported);
        Assert.Equal(published.Structure.Languages.Order(), imported.Structure.Languages.Order());
        Assert.All(published.Structure.Languages, language => Assert.All(published.Structure.Questions, question => Assert.Equal(published.Texts.Find(language, question.Id), imported.Texts[language][question.Id])));
        var lost = NotCarried.By(published.Structure);
        Assert.Equal(published.Structure.Questions.Count(question => question.Points is not null), lost.Count(part => part.EndsWith(": points", StringComparison.Ordinal)));
    }
}
