namespace LivingCity.Twin.Models.Contract;

/// <summary>A published case that a model is checked against.</summary>
/// <param name="Id">Stable name inside its model.</param>
/// <param name="Title">What is checked.</param>
/// <param name="Source">Paper, standard or data set that the expected figures come from.</param>
/// <param name="DataFile">File below the data folder that the case reads; null where it needs none.</param>
/// <param name="Run">Computes the checks; the text is the full path of the data file, empty where none is needed.</param>
public sealed record VerificationCase(
    string Id, string Title, string Source, string? DataFile, Func<string, CancellationToken, IReadOnlyList<VerificationCheck>> Run);

/// <summary>One figure of a case.</summary>
/// <param name="Quantity">What the figure is, with its unit.</param>
/// <param name="Expected">Published figure.</param>
/// <param name="Actual">Figure of this model.</param>
/// <param name="Tolerance">Greatest difference allowed.</param>
public sealed record VerificationCheck(string Quantity, double Expected, double Actual, double Tolerance)
{
    /// <summary>Whether the figure is met; a missing value (NaN) meets only a missing value.</summary>
    public bool Passed => double.IsNaN(Expected) ? double.IsNaN(Actual) : Math.Abs(Actual - Expected) <= Tolerance;
}

/// <summary>Whether a case was met.</summary>
public enum VerificationStatus
{
    Passed,
    Failed,

    /// <summary>The data that the case reads is not on this machine.</summary>
    DataAbsent,
}

/// <summary>Outcome of a case: what a badge shows.</summary>
public sealed record VerificationOutcome(
    string ModelId, string ModelVersion, string CaseId, string Title, string Source, VerificationStatus Status, IReadOnlyList<VerificationCheck> Checks, string Note);

/// <summary>Runs the published cases of models.</summary>
public static class VerificationSuite
{
    /// <summary>Runs every case of a model.</summary>
    /// <param name="model">Model to verify.</param>
    /// <param name="dataFolder">Folder with the published data sets; null where it is not on this machine.</param>
    /// <param name="cancellationToken">Ends the suite.</param>
    public static IReadOnlyList<VerificationOutcome> Run(IModel model, string? dataFolder, CancellationToken cancellationToken) =>
        [.. model.Verification.Select(item => Run(model, item, dataFolder, cancellationToken))];

    /// <summary>Runs one case of a model.</summary>
    public static VerificationOutcome Run(IModel model, VerificationCase item, string? dataFolder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = item.DataFile is null || dataFolder is null ? "" : Path.Combine(dataFolder, item.DataFile);
        if (item.DataFile is not null && !Path.Exists(path))
        {
            return Outcome(VerificationStatus.DataAbsent, [], $"The data set {item.DataFile} is not on this machine.");
        }

        var checks = item.Run(path, cancellationToken);
        var failed = checks.Count(check => !check.Passed);
        return Outcome(
            failed == 0 ? VerificationStatus.Passed : VerificationStatus.Failed, checks, failed == 0 ? "" : $"{failed} of {checks.Count} figures differ by more than their tolerance.");

        VerificationOutcome Outcome(VerificationStatus status, IReadOnlyList<VerificationCheck> all, string note) =>
            new(model.Description.Id, model.Description.Version, item.Id, item.Title, item.Source, status, all, note);
    }
}
