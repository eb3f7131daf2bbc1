using LivingCity.Dataspace.Conformance;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Dataspace.Peers;

/// <summary>Tells which participant calls. Tokens of its own name it by its identifier, realm tokens by its client; who is not known is nobody.</summary>
internal sealed class PeerGate(PeerDirectory directory, Trust.TrustGate trust, ConformanceProfile conformance)
{
    public async Task<Peer?> IdentifyAsync(HttpContext http) =>
        conformance.Counterparty is { } counterparty ? new Peer { Id = counterparty }
        : Trust.Bearer.In(http) is { } token && trust.Concerns(token) ? await trust.IdentifyAsync(token, http.RequestAborted)
        : http.User.Identity is { IsAuthenticated: true } && Caller.From(http.User).Client is { Length: > 0 } client ? await directory.FindByClientAsync(client, http.RequestAborted)
        : null;
}
