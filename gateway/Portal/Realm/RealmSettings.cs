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

    /// <summary>How long before an access token ends it is renewed. Default one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "12:00:00")]
    public TimeSpan RenewAhead { get; init; } = TimeSpan.FromMinutes(1);
}
