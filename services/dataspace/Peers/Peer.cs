namespace LivingCity.Dataspace.Peers;

/// <summary>Another participant of the data space.</summary>
internal sealed record Peer
{
    /// <summary>Its identifier.</summary>
    public required string Id { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Where its connector's protocol endpoints are, where known.</summary>
    public string? Address { get; init; }

    /// <summary>The OAuth client by which the realm knows its connector.</summary>
    public string? Client { get; init; }

    /// <summary>False for a participant that was shut out: it is unknown from then on.</summary>
    public bool Active { get; init; } = true;

    /// <summary>What its credentials say, by the Decentralized Claims Protocol; nothing with a realm token.</summary>
    public Policies.Claims Claims { get; init; } = Policies.Claims.None;
}
