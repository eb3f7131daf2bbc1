using System.ComponentModel.DataAnnotations;

namespace LivingCity.Gateway.Portal.Realm;

/// <summary>Who the gateway is to the realm. Section <c>Authentication</c>, beside the realm's address.</summary>
internal sealed class RealmSettings
{
    /// <summary>The confidential client through which people sign in.</summary>
    [Required]
    public string ClientId { get; init; } = "gateway";

    /// <summary>Its secret; without one the client is public and PKCE alone protects the exchange.</summary>
    public string? ClientSecret { get; init; }
}
