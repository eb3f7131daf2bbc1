using LivingCity.Dataspace.Policies;

namespace LivingCity.Dataspace.Tests.Policies;

/// <summary>Sentences and policies say the same, both ways, in every language.</summary>
public sealed class SentenceTests
{
    private static readonly Policy Everything = new(
        [
            new Rule(Terms.Use,
            [
                new Comparison(Terms.Purpose, "isAnyOf", [Iri.Dpv + "AcademicResearch", Iri.Dpv + "PublicBenefit"]), new Comparison(Terms.Purpose, "isNoneOf", [Iri.Dpv + "Marketing"]), new Comparison(Terms.Spatial, "isPartOf", ["urn:nuts:BG411"]),
                new Comparison(Terms.DateTime, "gteq", ["2026-01-01T00:00:00Z"]), new Comparison(Terms.DateTime, "lteq", ["2026-12-31T00:00:00Z"]), new Comparison(Terms.ObservedAt, "gteq", ["2025-01-01T00:00:00Z"]),
                new Comparison(Terms.ObservedAt, "lteq", ["2026-12-31T00:00:00Z"]), new Comparison(Terms.Count, "lteq", ["1000"]), new Comparison(Terms.Rate, "lteq", ["60"]), new Comparison(Terms.Attributes, "isAnyOf", ["pm10", "no2"]),
                new Comparison(Terms.Attributes, "isNoneOf", ["name"]), new Comparison(Terms.Claim + "MembershipCredential", "eq", [Claims.Held]), new Comparison(Terms.Claim + "CityCredential:country", "isAnyOf", ["BG", "ES"]),
                new Comparison(Terms.Claim + "CityCredential:city", "eq", ["sofia"]),
            ]),
        ],
        [new Rule(Terms.Commercialize, [])],
        [new Rule(Terms.Attribute, []), new Rule(Terms.Delete, [new Comparison(Terms.DelayPeriod, "lteq", ["P30D"])])]);

    private static readonly Policy Table = new([new Rule(Terms.Aggregate, [new Comparison(Terms.GroupSize, "gteq", ["10"]), new Comparison(Terms.Epsilon, "lteq", ["0.5"])])], [], []);

    public static TheoryData<string> Languages => [.. Wording.Languages];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Policy_InSentencesAndBack_IsTheSame(string language)
    {
        foreach (var policy in (Policy[])[Everything, Table, new([new Rule(Terms.Anonymize, [])], [], [])])
        {
            var sentences = PolicySentences.Write(policy, language)!;

            Assert.Equal(PolicyJson.Canonical(policy), PolicyJson.Canonical(PolicySentences.Read(sentences.Select(sentence => sentence.Text).Reverse(), language)));
            Assert.DoesNotContain(sentences, sentence => sentence.Text.Contains('{', StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Wording_EverySentence_IsThereInEveryLanguageAndTellsItselfFromAllOthers() => Assert.All(Enumerable.Range(0, Wording.Languages.Count), column =>
    {
        Assert.All(Wording.Sentences, sentence => Assert.Equal(Wording.Languages.Count, sentence.Value.Length));
        Assert.Equal(Wording.Sentences.Count, Wording.Sentences.Select(sentence => sentence.Value[column]).Distinct().Count());
    });

    [Fact]
    public void Badges_SayWhatCanBeReliedOn()
    {
        var badges = PolicySentences.Write(Everything, "en")!.ToLookup(sentence => sentence.Key, sentence => sentence.Assurance);

        Assert.Equal([Assurance.Enforced], badges["count"]);
        Assert.Equal([Assurance.Attested], badges["delete"]);
        Assert.Equal([Assurance.Declared], badges["noCommerce"]);
        Assert.Equal([Assurance.Declared], badges["purpose"]);
    }

    [Fact]
    public void Policy_ThatSaysMoreThanTheSentences_IsNotShortened() =>
        Assert.Null(PolicySentences.Write(new Policy([new Rule(Terms.Use, [new Combination("or", [new Comparison(Terms.Count, "lteq", ["1"]), new Comparison(Terms.Rate, "lteq", ["1"])])])], [], []), "en"));

    [Theory]
    [InlineData("Anything goes.")]
    [InlineData("The source must be named.")]
    [InlineData("The data may be used. Really.")]
    public void Sentence_ThatIsNoneOfTheEditors_IsRefused(string text) => Assert.Throws<FormatException>(() => PolicySentences.Read([text], "en"));
}
