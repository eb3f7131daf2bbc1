using System.Text.Json;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Transfer;

namespace LivingCity.Dataspace.Conformance;

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

    /// <summary>This side's participant id; null for the configured one.</summary>
    public string? Participant { get; init; }

    /// <summary>The tenant that owns what is seeded.</summary>
    public string City { get; init; } = "conformance";

    /// <summary>The pause before each scripted step.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(200);

    public IReadOnlyList<ConformanceDataset> Datasets { get; init; } = [];

    public IReadOnlyList<ConformanceAgreement> Agreements { get; init; } = [];

    /// <summary>What cannot be followed in it.</summary>
    public IReadOnlyList<string> Mistakes() =>
    [
        .. Twice("dataset", Datasets.Select(dataset => dataset.Id)),
        .. Twice("agreement", Agreements.Select(agreement => agreement.Id)),
        .. Datasets.SelectMany(dataset => dataset.Steps.Select(ScriptStep.MistakeInNegotiation).OfType<string>().Select(mistake => $"dataset {dataset.Id}: {mistake}")),
        .. Agreements.Where(agreement => agreement.Role is not (Negotiation.Role.Provider or Negotiation.Role.Consumer)).Select(agreement => $"agreement {agreement.Id}: role '{agreement.Role}' is neither provider nor consumer"),
        .. Agreements.SelectMany(agreement => agreement.Steps.Select(step => ScriptStep.MistakeInTransfer(step, agreement.Role)).OfType<string>().Select(mistake => $"agreement {agreement.Id}: {mistake}")),
    ];

    private static IEnumerable<string> Twice(string kind, IEnumerable<string> ids) => ids.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => $"{kind} {group.Key} is there twice");
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
    private static readonly Dictionary<string, NegotiationMessage> Negotiating = new()
    {
        ["request"] = NegotiationMessage.Request,
        ["offer"] = NegotiationMessage.Offer,
        ["accept"] = NegotiationMessage.Accept,
        ["agree"] = NegotiationMessage.Agree,
        ["verify"] = NegotiationMessage.Verify,
        ["finalize"] = NegotiationMessage.Finalize,
        ["terminate"] = NegotiationMessage.Terminate,
    };

    private static readonly Dictionary<string, TransferMessage> Transferring = new()
    {
        ["start"] = TransferMessage.Start,
        ["suspend"] = TransferMessage.Suspend,
        ["complete"] = TransferMessage.Complete,
        ["terminate"] = TransferMessage.Terminate,
    };

    public static ScriptStep Parse(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var state, var action] ? new ScriptStep(state, action) : new ScriptStep(text, "");

    /// <summary>What is wrong with a step of a negotiation, or null: one of the two sides must be allowed to take it in its state.</summary>
    public static string? MistakeInNegotiation(string text) => Parse(text) is var step && NegotiationState.All.Contains(step.State) && Negotiating.TryGetValue(step.Action, out var message)
        && (NegotiationMachine.Next(Role.Provider, step.State, message) ?? NegotiationMachine.Next(Role.Consumer, step.State, message)) is not null ? null
        : $"'{text}' is no step of a negotiation (a state and one of {string.Join(", ", Negotiating.Keys)} that is allowed in it)";

    /// <summary>What is wrong with a step of a transfer in which this side has this role, or null.</summary>
    public static string? MistakeInTransfer(string text, string role) => Parse(text) is var step && TransferState.All.Contains(step.State) && Transferring.TryGetValue(step.Action, out var message)
        && TransferMachine.Next(role, step.State, message) is not null ? null
        : $"'{text}' is no step of a {role}'s transfer (a state and one of {string.Join(", ", Transferring.Keys)} that is allowed in it)";
}
