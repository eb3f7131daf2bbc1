using LivingCity.Dataspace.Negotiation;

namespace LivingCity.Dataspace.Transfer;

/// <summary>The states of a transfer process (Dataspace Protocol 2025-1, transfer process protocol).</summary>
internal static class TransferState
{
    public const string Requested = "REQUESTED";
    public const string Started = "STARTED";
    public const string Suspended = "SUSPENDED";
    public const string Completed = "COMPLETED";
    public const string Terminated = "TERMINATED";

    public static readonly IReadOnlyList<string> All = [Requested, Started, Suspended, Completed, Terminated];

    public static bool IsFinal(string state) => state is Completed or Terminated;
}

/// <summary>What one side of a transfer says to the other.</summary>
internal enum TransferMessage
{
    Request,
    Start,
    Suspend,
    Complete,
    Terminate,
}

/// <summary>The state machine of a transfer process. Pure: the same for what is received and for what is sent.</summary>
internal static class TransferMachine
{
    /// <inheritdoc cref="NegotiationMachine.Next"/>
    public static string? Next(string sender, string? state, TransferMessage message) => (sender, state, message) switch
    {
        (Role.Consumer, null, TransferMessage.Request) => TransferState.Requested,
        (Role.Provider, TransferState.Requested, TransferMessage.Start) => TransferState.Started,
        (_, TransferState.Suspended, TransferMessage.Start) => TransferState.Started,
        (_, TransferState.Started, TransferMessage.Suspend) => TransferState.Suspended,
        (_, TransferState.Started, TransferMessage.Complete) => TransferState.Completed,
        (_, not null, TransferMessage.Terminate) when !TransferState.IsFinal(state) => TransferState.Terminated,
        _ => null,
    };
}
