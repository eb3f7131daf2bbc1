using System.Collections.Concurrent;
using System.Text.Json;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using Microsoft.Extensions.Options;

namespace LivingCity.Dataspace.Trust;

/// <summary>
/// The second way in which two participants trust each other, the Decentralized Claims Protocol: a caller proves its identifier with a token of its own, and that it belongs here with
/// credentials of an issuer that both trust. Nobody needs to have been introduced; who was shut out stays out.
/// </summary>
internal sealed class TrustGate(ParticipantKey key, Participant participant, IdTokens tokens, Presentations presentations, DidResolver dids, PeerDirectory directory, ShownCredentials shown, IOptions<TrustSettings> settings, TimeProvider time)
{
    private const int Capacity = 1000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> believed = new();

    /// <summary>Whether this is a token of this protocol, and this connector speaks it.</summary>
    public bool Concerns(string token)
    {
        try
        {
            return key.IsThere && Did.IsWeb(MessageCheck.Text(SignedStatements.Peek(token), "iss"));
        }
        catch (TrustException)
        {
            return false;
        }
    }

    /// <summary>Who calls.</summary>
    /// <exception cref="ProtocolException">The token or the credentials do not prove it (401).</exception>
    public async Task<Peer> IdentifyAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            var (caller, access) = await tokens.ReadAsync(token, cancellationToken);
            if (await directory.IsShutOutAsync(caller, cancellationToken))
            {
                throw new TrustException("The caller was shut out.");
            }

            await AskAsync(caller, access, cancellationToken);
            return new Peer { Id = caller, Claims = await shown.ClaimsOfAsync(caller, cancellationToken) };
        }
        catch (Exception exception) when (exception is TrustException or JsonException)
        {
            throw new ProtocolException(StatusCodes.Status401Unauthorized, exception is TrustException ? exception.Message : "What was to be proof is not JSON that can be read.");
        }
    }

    /// <summary>Our token for a peer, if it may go to this address: to where the peer is registered, or to where its DID document says that it is.</summary>
    public async Task<string?> TokenForAsync(string peer, string address, string? registered, CancellationToken cancellationToken)
    {
        if (!key.IsThere || !Did.IsWeb(peer) || peer == participant.Id)
        {
            return null;
        }

        try
        {
            var places = registered is null ? (await dids.ResolveAsync(peer, cancellationToken)).ServiceAddresses : [registered];
            return places.Any(place => Origins.Same(place, address)) ? tokens.Make(peer) : null;
        }
        catch (Exception exception) when (exception is TrustException or JsonException)
        {
            return null; // without a document there is nobody whom a token could be meant for; the peer will ask for one
        }
    }

    /// <summary>Lets a caller show its credentials, unless it did a moment ago.</summary>
    private async Task AskAsync(string caller, string? access, CancellationToken cancellationToken)
    {
        if (believed.TryGetValue(caller, out var known) && known > time.GetUtcNow())
        {
            return;
        }

        var credentials = await presentations.AskAsync(caller, access ?? throw new TrustException("The token opens no credential service."), cancellationToken);
        await shown.KeepAsync(caller, credentials, cancellationToken);
        if (believed.Count > Capacity)
        {
            believed.Clear();
        }

        believed[caller] = credentials.Select(credential => credential.ValidUntil ?? DateTimeOffset.MaxValue).Append(time.GetUtcNow() + settings.Value.Memory).Min();
    }
}
