namespace LivingCity.Dataspace.Negotiation;

/// <summary>The states of a contract negotiation (Dataspace Protocol 2025-1, contract negotiation protocol).</summary>
internal static class NegotiationState
{
    public const string Requested = "REQUESTED";
    public const string Offered = "OFFERED";
    public const string Accepted = "ACCEPTED";
    public const string Agreed = "AGREED";
    public const string Verified = "VERIFIED";
    public const string Finalized = "FINALIZED";
    public const string Terminated = "TERMINATED";

    public static readonly IReadOnlyList<string> All = [Requested, Offered, Accepted, Agreed, Verified, Finalized, Terminated];

    public static bool IsFinal(string state) => state is Finalized or Terminated;
}

/// <summary>What one side of a negotiation says to the other. Who may say it follows from the message, but for termination, which is anybody's.</summary>
internal enum NegotiationMessage
{
    Request,
    Offer,
    Accept,
    Agree,
    Verify,
    Finalize,
    Terminate,
}

/// <summary>Which side of a process this connector is.</summary>
internal static class Role
{
    public const string Provider = "provider";
    public const string Consumer = "consumer";

    public static string Other(string role) => role == Provider ? Consumer : Provider;
}

/// <summary>The state machine of a contract negotiation. Pure: the same for what is received and for what is sent.</summary>
internal static class NegotiationMachine
{
    /// <summary>The state after a message, or null when it may not be said now or not by this side.</summary>
    /// <param name="sender">The role of who says it.</param>
    /// <param name="state">The state before, or null for a negotiation that does not exist yet.</param>
    /// <param name="message">What is said.</param>
    public static string? Next(string sender, string? state, NegotiationMessage message) => (sender, state, message) switch
    {
        (Role.Consumer, null or NegotiationState.Offered, NegotiationMessage.Request) => NegotiationState.Requested,
        (Role.Provider, null or NegotiationState.Requested or NegotiationState.Offered, NegotiationMessage.Offer) => NegotiationState.Offered,
        (Role.Consumer, NegotiationState.Offered, NegotiationMessage.Accept) => NegotiationState.Accepted,
        (Role.Provider, NegotiationState.Requested or NegotiationState.Accepted, NegotiationMessage.Agree) => NegotiationState.Agreed,
        (Role.Consumer, NegotiationState.Agreed, NegotiationMessage.Verify) => NegotiationState.Verified,
        (Role.Provider, NegotiationState.Verified, NegotiationMessage.Finalize) => NegotiationState.Finalized,
        (_, not null, NegotiationMessage.Terminate) when !NegotiationState.IsFinal(state) => NegotiationState.Terminated,
        _ => null,
    };
}
