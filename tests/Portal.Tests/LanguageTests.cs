extern alias gateway;
using gateway::LivingCity.Gateway.Portal;
using gateway::LivingCity.Gateway.Portal.Languages;

namespace LivingCity.Portal.Tests;

public sealed class LanguageTests
{
    [Fact]
    public void Languages_OfTheUnion_AreTwentyFourAndTheCompleteOnesAreOffered()
    {
        Assert.Equal(24, Language.All.Select(language => language.Tag).Distinct().Count());
        Assert.Equal(["bg", "en"], Language.Offered.Select(language => language.Tag));
        Assert.NotEmpty(Language.Missing("fr"));
    }

    /// <summary>Samples of CLDR's plural rules, integers.</summary>
    [Theory]
    [InlineData("en", 1, "one")]
    [InlineData("en", 0, "other")]
    [InlineData("bg", 2, "other")]
    [InlineData("fr", 0, "one")]
    [InlineData("pl", 22, "few")]
    [InlineData("pl", 12, "many")]
    [InlineData("cs", 4, "few")]
    [InlineData("hr", 21, "one")]
    [InlineData("hr", 11, "other")]
    [InlineData("lt", 21, "one")]
    [InlineData("lt", 22, "few")]
    [InlineData("lt", 11, "other")]
    [InlineData("lv", 0, "zero")]
    [InlineData("lv", 21, "one")]
    [InlineData("ro", 0, "few")]
    [InlineData("ro", 101, "few")]
    [InlineData("ro", 20, "other")]
    [InlineData("sl", 102, "two")]
    [InlineData("sl", 5, "other")]
    [InlineData("ga", 7, "many")]
    [InlineData("mt", 11, "many")]
    [InlineData("mt", 2, "two")]
    public void Plural_OfACount_IsTheLanguages(string language, long count, string form)
    {
        Assert.Equal(form, Plurals.Form(language, count));
        Assert.Contains(form, Plurals.Forms(language));
    }

    [Theory]
    [InlineData("/datasets?q=air#top", "/datasets?q=air#top")]
    [InlineData("//attacker.example", "/")]
    [InlineData("/\\attacker.example", "/")]
    [InlineData("/\n/attacker.example", "/")]
    [InlineData("https://attacker.example", "/")]
    [InlineData(null, "/")]
    public void Address_ToGoBackTo_IsOfThisSiteAlone(string? address, string local) => Assert.Equal(local, PortalPaths.Local(address));
}
