using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.Tests.Contract;

public sealed class VerificationTests
{
    public static TheoryData<string, string> Cases => [.. ModelCatalogue.All.SelectMany(m => m.Verification.Select(c => (m.Description.Id, c.Id)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_EveryPublishedCase_IsMet(string model, string item)
    {
        var found = ModelCatalogue.Find(model)!;
        var verification = found.Verification.Single(c => c.Id == item);
        if (verification.DataFile is { } file)
        {
            PublishedData.Path(file);
        }

        var outcome = VerificationSuite.Run(found, verification, PublishedData.Folder, TestContext.Current.CancellationToken);

        Assert.NotEmpty(outcome.Checks);
        Assert.All(outcome.Checks, c => Assert.True(c.Passed, $"{c.Quantity}: {c.Actual}, expected {c.Expected} ± {c.Tolerance}"));
        Assert.Equal(VerificationStatus.Passed, outcome.Status);
    }

    [Fact]
    public void Run_WithoutData_SaysSo()
    {
        var model = ModelCatalogue.Find("power-grid")!;

        var outcome = VerificationSuite.Run(model, model.Verification.First(c => c.DataFile is not null), null, CancellationToken.None);

        Assert.Equal(VerificationStatus.DataAbsent, outcome.Status);
        Assert.Contains("grid/", outcome.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Catalogue_EveryModel_DescribesItselfFully()
    {
        Assert.Equal(5, ModelCatalogue.All.Select(m => m.Description.Id).Distinct().Count());
        foreach (var model in ModelCatalogue.All)
        {
            var d = model.Description;
            Assert.NotEmpty(d.Methods);
            Assert.NotEmpty(d.Limitations);
            Assert.NotEmpty(model.Verification);
            Assert.All(d.Parameters, p => Assert.False(string.IsNullOrWhiteSpace(p.Source), p.Name));
            Assert.Equal(d.Inputs.Count, d.Inputs.Select(i => i.Name).Distinct().Count());
            Assert.Equal(d.Parameters.Count, d.Parameters.Select(p => p.Name).Distinct().Count());
            Assert.Equal(model.Verification.Count, model.Verification.Select(v => v.Id).Distinct().Count());
            Assert.All(d.Parameters, p => Assert.True(p.Default is not NumberValue n || (!(n.Value < p.Minimum) && !(n.Value > p.Maximum)), p.Name));
            var missing = model.Validate(new ModelRequest(new Dictionary<string, ModelValue>()));
            Assert.Equal(d.Inputs.Where(i => i.Required).Select(i => i.Name).Order(), missing.Select(m => m.Field).Order());
        }
    }
}
