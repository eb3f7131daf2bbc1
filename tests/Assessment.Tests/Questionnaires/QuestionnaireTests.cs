using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Questionnaires.Languages;
using LivingCity.Assessment.Tests.Independent;

namespace LivingCity.Assessment.Tests.Questionnaires;

public sealed class QuestionnaireTests
{
    private static readonly QuestionnaireCatalogue Catalogue = new();

    public static TheoryData<string> Each => [.. Catalogue.All.Select(one => one.Structure.Id)];

    public static TheoryData<string> Current => [.. Catalogue.Newest.Select(one => one.Structure.Id)];

    [Fact]
    public void DigitalMaturity_HasSevenDimensionsAndTwentyNineIndicators()
    {
        var digital = Catalogue.Find("digital-maturity/2")!.Structure;

        Assert.Equal((7, 29), (digital.Dimensions.Count, digital.Indicators.Count()));
        Assert.InRange(digital.Questions.Count(), 55, 65);
        Assert.Equal(Enum.GetValues<QuestionKind>().Order(), digital.Questions.Select(question => question.Kind).Distinct().Order());
        Assert.All(digital.Questions.Select(question => question.Follows).OfType<string>(), old => Assert.NotNull(Catalogue.Find("digital-maturity/1")!.Structure.Find(old)));
    }

    [Theory]
    [MemberData(nameof(Current))]
    public void Texts_OfEachCurrentQuestionnaire_AreCompleteInFourLanguages(string id)
    {
        var (structure, texts) = Catalogue.Find(id)!;

        Assert.Equal(["bg", "en", "es", "fr"], structure.Languages.Order());
        Assert.Empty(texts.Missing());
        // Nothing is left in English by mistake: sentences of two languages are never the same.
        Assert.All(structure.Languages.Where(language => language != "en"), language => Assert.All(structure.Questions, question => Assert.NotEqual(texts.Find("en", question.Id), texts.Find(language, question.Id))));
        Assert.All(structure.Languages, language => Assert.Empty(texts.Texts[language].Keys.Except(TextSet.Keys(structure, language))));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void Texts_WithoutAnyOneKey_AreNotComplete(string id)
    {
        var (structure, texts) = Catalogue.Find(id)!;
        foreach (var language in structure.Languages)
        {
            foreach (var key in texts.Texts[language].Keys)
            {
                var without = texts.Texts.ToDictionary(entry => entry.Key, entry => entry.Key == language ? entry.Value.Where(text => text.Key != key).ToDictionary() : entry.Value);
                Assert.Equal([$"{language}: {key}"], new TextSet(structure, without).Missing());
            }
        }
    }

    [Fact]
    public async Task Documents_Each_MeetTheSchema()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Script.Tests, "Schemas/node_modules")), "The schema validator is not installed: eng/setup.sh --tests");
        var folder = Path.Combine(Script.Repository, "services/assessment/Questionnaires");
        var documents = Directory.GetFiles(folder, "structure.json", SearchOption.AllDirectories);
        var broken = Path.GetTempFileName();
        await File.WriteAllTextAsync(broken, (await File.ReadAllTextAsync(documents[0], TestContext.Current.CancellationToken)).Replace("\"kind\"", "\"sort\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var errors = await Script.RunAsync("node", [Path.Combine(Script.Tests, "Schemas/validate.mjs"), Path.Combine(folder, "questionnaire.schema.json"), .. documents, broken]);

        Assert.True(documents.Length >= 4);
        Assert.All(errors.EnumerateArray().SkipLast(1), document => Assert.Equal("[]", document.GetRawText()));
        Assert.NotEqual(0, errors.EnumerateArray().Last().GetArrayLength());
        File.Delete(broken);
    }

    [Fact]
    public void Structure_ThatLooksForward_IsRefused()
    {
        Option[] options = [new("a", 0), new("b", 100)];
        var questionnaire = new Questionnaire("q/1", 1, ["en"], [0], [new("d", 1, [new("i", 1,
            [new("one", QuestionKind.Single, Options: options, VisibleIf: new Condition("two", ["a"])), new("two", QuestionKind.Single, Options: options, VisibleIf: new Condition("two", ["a"]))])])]);

        Assert.Equal(["one", "two"], StructureCheck.Check(questionnaire).Errors.Keys.Order());
    }

    [Fact]
    public async Task Languages_OfTheUnion_HaveThePluralsAndNumbersOfNode()
    {
        var node = await Script.RunAsync("node", [Path.Combine(Script.Tests, "Independent/languages.mjs"), string.Join(',', EuLanguage.All.Select(language => language.Tag))]);

        Assert.Equal(24, EuLanguage.All.Count);
        foreach (var language in EuLanguage.All)
        {
            var theirs = node.GetProperty(language.Tag);
            Assert.All(theirs.GetProperty("plurals").EnumerateObject(), one => Assert.True(one.Value.GetString() == PluralRules.Of(language.Tag, one.Name), $"{language.Tag} {one.Name}: {one.Value.GetString()}, not {PluralRules.Of(language.Tag, one.Name)}"));
            Assert.Equal(theirs.GetProperty("categories").EnumerateArray().Select(one => one.GetString()).Order(), PluralRules.Categories(language.Tag).Order());
            Assert.Equal(theirs.GetProperty("written").EnumerateArray().Select(one => one.GetString()!.Replace('\u2212', '-')), new[] { 0, 7.5, 1234, 12345.6, 1234567, -1234.5 }.Select(number => language.Write(number, 1)));
        }
    }
}
