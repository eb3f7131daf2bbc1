using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Register;

/// <summary>What became of a published case.</summary>
/// <param name="ModelVersion">The version that was checked.</param>
/// <param name="Case">Stable name inside the model.</param>
/// <param name="Title">What is checked.</param>
/// <param name="Source">Where the published figures come from.</param>
/// <param name="Status">passed, failed, or dataAbsent: the data set is not on this machine.</param>
/// <param name="Checks">Each figure.</param>
/// <param name="Note">What to know, else empty.</param>
internal sealed record OutcomeView(string ModelVersion, string Case, string Title, string Source, VerificationStatus Status, IReadOnlyList<CheckView> Checks, string Note)
{
    public static OutcomeView Of(VerificationOutcome outcome) => new(
        outcome.ModelVersion, outcome.CaseId, outcome.Title, outcome.Source, outcome.Status, [.. outcome.Checks.Select(CheckView.Of)], outcome.Note);
}

/// <summary>One figure of a case.</summary>
/// <param name="Quantity">What it is, with its unit.</param>
/// <param name="Expected">The published figure; absent where there must be none.</param>
/// <param name="Actual">This model's figure; absent where it gives none.</param>
/// <param name="Tolerance">The greatest difference allowed.</param>
/// <param name="Passed">Whether it is met.</param>
internal sealed record CheckView(string Quantity, double? Expected, double? Actual, double Tolerance, bool Passed)
{
    public static CheckView Of(VerificationCheck check) => new(check.Quantity, Number(check.Expected), Number(check.Actual), check.Tolerance, check.Passed);

    private static double? Number(double value) => double.IsFinite(value) ? value : null;
}
