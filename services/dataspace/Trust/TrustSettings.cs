using System.ComponentModel.DataAnnotations;

namespace LivingCity.Dataspace.Trust;

/// <summary>How this connector takes part in the Decentralized Claims Protocol. Section <c>Trust</c>; without a key it does not.</summary>
internal sealed class TrustSettings
{
    /// <summary>PEM file with this participant's private key on the curve P-256. The participant's identifier must then be a <c>did:web</c>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Whose credentials count, and for what.</summary>
    public IReadOnlyList<IssuerSettings> Issuers { get; init; } = [];

    /// <summary>The types of credential that a caller must show.</summary>
    public IReadOnlyList<string> Requires { get; init; } = ["MembershipCredential"];

    /// <summary>The types of credential that a caller is asked for beside those: policies may look at them, and who has none is known all the same.</summary>
    public IReadOnlyList<string> Asks { get; init; } = [];

    /// <summary>The types of credential that whoever is called may see of ours.</summary>
    public IReadOnlyList<string> Presents { get; init; } = ["MembershipCredential", "CityCredential"];

    /// <summary>The types of credential that this participant issues itself; none for all but a data space's authority.</summary>
    public IReadOnlyList<string> Issues { get; init; } = [];

    /// <summary>False lets DID documents come over plain http, for tests: refused outside Development.</summary>
    public bool UseHttps { get; init; } = true;

    /// <summary>How long a caller's credentials and an issuer's status list are believed before they are asked for again.</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>An issuer that is trusted for some types of credential.</summary>
internal sealed class IssuerSettings
{
    [Required]
    public string Id { get; init; } = "";

    [MinLength(1)]
    public IReadOnlyList<string> Types { get; init; } = [];
}
