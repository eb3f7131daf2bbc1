using System.Security.Cryptography;
using LivingCity.Dataspace.Peers;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Dataspace.Trust;

/// <summary>This participant's key, and what it signs.</summary>
internal sealed class ParticipantKey
{
    private static readonly JsonWebTokenHandler Tokens = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly SigningCredentials? credentials;
    private readonly Participant participant;

    /// <exception cref="InvalidOperationException">The settings do not fit together.</exception>
    public ParticipantKey(IOptions<TrustSettings> settings, Participant participant, IHostEnvironment environment)
    {
        this.participant = participant;
        if (!settings.Value.UseHttps && !environment.IsDevelopment())
        {
            throw new InvalidOperationException("Trust:UseHttps is false: DID documents over plain http are for Development only.");
        }

        if (settings.Value.KeyFile is not { Length: > 0 } file)
        {
            return;
        }

        if (!Did.IsWeb(participant.Id))
        {
            throw new InvalidOperationException($"Trust:KeyFile is set, so Participant:Id must be a did:web, not {participant.Id}.");
        }

        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(file));
        credentials = key.KeySize == 256
            ? new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = KeyName }, SecurityAlgorithms.EcdsaSha256)
            : throw new InvalidOperationException("Trust:KeyFile must hold a key on the curve P-256.");
    }

    /// <summary>False where this connector has no key: then it neither shows nor checks credentials.</summary>
    public bool IsThere => credentials is not null;

    /// <summary>The key's name in the DID document.</summary>
    public string KeyName => $"{participant.Id}#key-1";

    /// <summary>The public half.</summary>
    public ECPoint Public => ((ECDsaSecurityKey)credentials!.Key).ECDsa.ExportParameters(false).Q;

    /// <summary>A signed token.</summary>
    /// <param name="payload">Its JSON.</param>
    /// <param name="type">The media type of what it says.</param>
    public string Sign(string payload, string type) => Tokens.CreateToken(payload, credentials!, new Dictionary<string, object> { [JwtHeaderParameterNames.Typ] = type });
}
