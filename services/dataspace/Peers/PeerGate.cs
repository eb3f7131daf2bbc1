using LivingCity.Dataspace.Conformance;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Dataspace.Peers;

/// <summary>Tells which participant calls. Realm tokens name it by their client; who is not known is nobody.</summary>
internal sealed class PeerGate(PeerDirectory directory, ConformanceProfile conformance)
{
    public async Task<Peer?> IdentifyAsync(HttpContext http) =>
        conformance.Counterparty is { } counterparty ? new Peer { Id = counterparty }
        : http.User.Identity is { IsAuthenticated: true } && Caller.From(http.User).Client is { Length: > 0 } client ? await directory.FindByClientAsync(client, http.RequestAborted)
        : null;
}
