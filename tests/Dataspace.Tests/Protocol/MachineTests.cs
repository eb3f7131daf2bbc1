using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Transfer;

namespace LivingCity.Dataspace.Tests.Protocol;

/// <summary>Every state with every message from either side, against the table of the specification. What is not in the table is not allowed.</summary>
public sealed class MachineTests
{
    /// <summary>The specification's table: who says what, in which state ("-": none yet), and the state after it.</summary>
    private const string Negotiation = """
        consumer Request   -         REQUESTED
        consumer Request   OFFERED   REQUESTED
        provider Offer     -         OFFERED
        provider Offer     REQUESTED OFFERED
        provider Offer     OFFERED   OFFERED
        consumer Accept    OFFERED   ACCEPTED
        provider Agree     REQUESTED AGREED
        provider Agree     ACCEPTED  AGREED
        consumer Verify    AGREED    VERIFIED
        provider Finalize  VERIFIED  FINALIZED
        consumer Terminate REQUESTED TERMINATED
        consumer Terminate OFFERED   TERMINATED
        consumer Terminate ACCEPTED  TERMINATED
        consumer Terminate AGREED    TERMINATED
        consumer Terminate VERIFIED  TERMINATED
        provider Terminate REQUESTED TERMINATED
        provider Terminate OFFERED   TERMINATED
        provider Terminate ACCEPTED  TERMINATED
        provider Terminate AGREED    TERMINATED
        provider Terminate VERIFIED  TERMINATED
        """;

    private const string Transfer = """
        consumer Request   -         REQUESTED
        provider Start     REQUESTED STARTED
        provider Start     SUSPENDED STARTED
        consumer Start     SUSPENDED STARTED
        provider Suspend   STARTED   SUSPENDED
        consumer Suspend   STARTED   SUSPENDED
        provider Complete  STARTED   COMPLETED
        consumer Complete  STARTED   COMPLETED
        consumer Terminate REQUESTED TERMINATED
        consumer Terminate STARTED   TERMINATED
        consumer Terminate SUSPENDED TERMINATED
        provider Terminate REQUESTED TERMINATED
        provider Terminate STARTED   TERMINATED
        provider Terminate SUSPENDED TERMINATED
        """;

    public static TheoryData<string, string, string, string?> Negotiations => Cases<NegotiationMessage>(Negotiation, NegotiationState.All);

    public static TheoryData<string, string, string, string?> Transfers => Cases<TransferMessage>(Transfer, TransferState.All);

    [Theory]
    [MemberData(nameof(Negotiations))]
    public void Negotiation_EachStateAndMessage_IsAsSpecified(string sender, string message, string state, string? after) =>
        Assert.Equal(after, NegotiationMachine.Next(sender, state == "-" ? null : state, Enum.Parse<NegotiationMessage>(message)));

    [Theory]
    [MemberData(nameof(Transfers))]
    public void Transfer_EachStateAndMessage_IsAsSpecified(string sender, string message, string state, string? after) =>
        Assert.Equal(after, TransferMachine.Next(sender, state == "-" ? null : state, Enum.Parse<TransferMessage>(message)));

    /// <summary>The state after each message, by sender, message and state; for the tests over HTTP too.</summary>
    internal static string? After(string kind, string sender, string message, string state) =>
        (kind == "negotiation" ? Read(Negotiation) : Read(Transfer)).GetValueOrDefault((sender, message, state));

    private static TheoryData<string, string, string, string?> Cases<TMessage>(string table, IReadOnlyList<string> states)
        where TMessage : struct, Enum
    {
        var legal = Read(table);
        var cases = new TheoryData<string, string, string, string?>();
        foreach (var sender in (string[])["provider", "consumer"])
        {
            foreach (var message in Enum.GetNames<TMessage>())
            {
                foreach (var state in states.Prepend("-"))
                {
                    cases.Add(sender, message, state, legal.GetValueOrDefault((sender, message, state)));
                }
            }
        }

        return cases;
    }

    private static Dictionary<(string, string, string), string> Read(string table) => table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(parts => (parts[0], parts[1], parts[2]), parts => parts[3]);
}
