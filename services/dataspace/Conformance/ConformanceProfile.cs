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
    private readonly ConformanceFile? file;
    private readonly Dictionary<string, IReadOnlyList<ScriptStep>> scripts = [];

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

        file = JsonSerializer.Deserialize<ConformanceFile>(System.IO.File.ReadAllText(path), ConformanceFile.Json) ?? throw new InvalidOperationException($"{path} is empty.");
        foreach (var (id, steps) in file.Datasets.Select(dataset => (dataset.Id, dataset.Steps)).Concat(file.Agreements.Select(agreement => (agreement.Id, agreement.Steps))))
        {
            scripts[id] = [.. steps.Select(ScriptStep.Parse)];
        }
    }

    /// <summary>The participant that every caller is, or null without a profile.</summary>
    public string? Counterparty => file?.Counterparty;

    public ConformanceFile? File => file;

    /// <summary>How long this side waits before each scripted step, so that a kit can look at the state before.</summary>
    public TimeSpan Pause => file?.Pause ?? TimeSpan.Zero;

    /// <summary>What this side does with this dataset (negotiations) or under this agreement (transfers): the steps in order, or null for its usual behaviour.</summary>
    public IReadOnlyList<ScriptStep>? ScriptFor(string id) => scripts.GetValueOrDefault(id);
}

/// <summary>The file of a conformance profile.</summary>
internal sealed record ConformanceFile
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The participant id of every caller.</summary>
    public required string Counterparty { get; init; }

    /// <summary>The tenant that owns what is seeded.</summary>
    public string City { get; init; } = "conformance";

    /// <summary>The pause before each scripted step.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(200);

    public IReadOnlyList<ConformanceDataset> Datasets { get; init; } = [];

    public IReadOnlyList<ConformanceAgreement> Agreements { get; init; } = [];
}

/// <summary>A dataset to seed, and what this side does in negotiations about it.</summary>
internal sealed record ConformanceDataset
{
    public required string Id { get; init; }

    /// <summary>Ids of its offers. Empty: none is seeded, as for datasets of the counterparty about which this side negotiates as consumer.</summary>
    public IReadOnlyList<string> Offers { get; init; } = [];

    public IReadOnlyList<string> Steps { get; init; } = [];
}

/// <summary>A finalized agreement to seed, and what this side does in transfers under it.</summary>
internal sealed record ConformanceAgreement
{
    public required string Id { get; init; }

    public string DatasetId { get; init; } = "";

    /// <summary>This side's role: <c>provider</c> or <c>consumer</c>.</summary>
    public string Role { get; init; } = "provider";

    public IReadOnlyList<string> Steps { get; init; } = [];
}

/// <summary>One step of a script: in this state, do that. Written <c>REQUESTED offer</c>.</summary>
internal sealed record ScriptStep(string State, string Action)
{
    private static readonly string[] Actions = ["offer", "agree", "finalize", "terminate", "accept", "verify", "request", "start", "complete", "suspend"];

    public static ScriptStep Parse(string text) => text.Split(' ') is [var state, var action] && Actions.Contains(action)
        ? new ScriptStep(state, action)
        : throw new InvalidOperationException($"'{text}' is no step: write a state and one of {string.Join(", ", Actions)}.");
}
