using System.Text.Json;
using Microsoft.Extensions.Options;

namespace LivingCity.Dataspace.Conformance;

/// <summary>Where the conformance profile is. Section <c>Conformance</c>.</summary>
internal sealed class ConformanceSettings
{
    /// <summary>The file, or null: then there is no such profile, which is how every installation runs.</summary>
    public string? File { get; init; }
}

/// <summary>
/// Lets a conformance kit drive this connector (README.md beside this file): callers need no credentials and are the counterparty, datasets, offers and agreements are seeded,
/// and what this side does next is scripted. Refused outside Development.
/// </summary>
internal sealed class ConformanceProfile
{
    private readonly Dictionary<string, IReadOnlyList<ScriptStep>> negotiations = [];
    private readonly Dictionary<string, IReadOnlyList<ScriptStep>> transfers = [];

    /// <exception cref="InvalidOperationException">The file is not one that can be followed; or this is no Development.</exception>
    public ConformanceProfile(IOptions<ConformanceSettings> settings, IHostEnvironment environment)
    {
        if (settings.Value.File is not { Length: > 0 } path)
        {
            return;
        }

        if (!environment.IsDevelopment())
        {
            throw new InvalidOperationException("Conformance:File is set: the conformance profile lets callers in without credentials and runs in Development only.");
        }

        try
        {
            File = JsonSerializer.Deserialize<ConformanceFile>(System.IO.File.ReadAllText(path), ConformanceFile.Json) ?? throw new JsonException("It is empty.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{path} is no conformance profile: {exception.Message}", exception);
        }

        if (File.Mistakes() is { Count: > 0 } mistakes)
        {
            throw new InvalidOperationException($"{path} cannot be followed: {string.Join("; ", mistakes)}.");
        }

        foreach (var dataset in File.Datasets)
        {
            negotiations[dataset.Id] = [.. dataset.Steps.Select(ScriptStep.Parse)];
        }

        foreach (var agreement in File.Agreements)
        {
            transfers[agreement.Id] = [.. agreement.Steps.Select(ScriptStep.Parse)];
        }
    }

    /// <summary>The participant that every caller is, or null without a profile.</summary>
    public string? Counterparty => File?.Counterparty;

    public ConformanceFile? File { get; }

    /// <summary>How long this side waits before each scripted step, so that a kit can look at the state before.</summary>
    public TimeSpan Pause => File?.Pause ?? TimeSpan.Zero;

    /// <summary>What this side does in negotiations about this dataset: the steps in order, or null for its usual behaviour.</summary>
    public IReadOnlyList<ScriptStep>? ScriptForDataset(string id) => negotiations.GetValueOrDefault(id);

    /// <summary>What this side does in transfers under this agreement.</summary>
    public IReadOnlyList<ScriptStep>? ScriptForAgreement(string id) => transfers.GetValueOrDefault(id);
}
