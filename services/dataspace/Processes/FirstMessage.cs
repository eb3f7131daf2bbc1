using System.Text.Json.Nodes;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.Processes;

/// <summary>The message with which the other side begins a process. It names that side's process id, and where it takes answers.</summary>
internal sealed record FirstMessage(Peer Peer, JsonObject Body, string Sender, string PeerPid, string Callback)
{
    /// <param name="http">The request.</param>
    /// <param name="type">The message's type.</param>
    /// <param name="sender">The role of who sends it.</param>
    /// <exception cref="ProtocolException">The caller is nobody, or the message breaks its schema or names an address that may not be called.</exception>
    public static async Task<FirstMessage> ReadAsync(HttpContext http, string type, string sender)
    {
        var peer = await http.RequirePeerAsync();
        var body = await http.ReadMessageAsync();
        MessageCheck.Require(body, type);
        var message = new FirstMessage(peer, body, sender, MessageCheck.Text(body, sender == Role.Consumer ? "consumerPid" : "providerPid") ?? "", MessageCheck.Text(body, "callbackAddress") ?? "");
        if (message.Callback.Length == 0)
        {
            throw message.Refuse(StatusCodes.Status400BadRequest, "callbackAddress: must be there.");
        }

        message.Require(http.RequestServices.GetRequiredService<AddressGuard>(), message.Callback, "callbackAddress");
        return message;
    }

    public void Require(AddressGuard guard, string? address, string member)
    {
        if (guard.Check(address) is { } objection)
        {
            throw Refuse(StatusCodes.Status400BadRequest, $"{member}: {objection}.");
        }
    }

    public ProtocolException Refuse(int status, string reason) => new(status, reason)
    {
        ConsumerPid = Sender == Role.Consumer ? PeerPid : null,
        ProviderPid = Sender == Role.Provider ? PeerPid : null,
    };

    /// <summary>The answer: the process as the message has begun it, whatever this side has decided since.</summary>
    public static IResult Created(HttpContext http, ProcessRow row, string path, string type)
    {
        http.Response.Headers.Location = $"{Dsp.Path}/{path}/{row.Id}";
        return ProtocolGroup.Message(row.Describe(type), StatusCodes.Status201Created);
    }
}
