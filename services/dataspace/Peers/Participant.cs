using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace LivingCity.Dataspace.Peers;

/// <summary>Who this connector speaks for. Section <c>Participant</c>.</summary>
internal sealed class ParticipantSettings
{
    /// <summary>The participant's identifier in the data space. A <c>did:web</c> identifier makes it resolvable.</summary>
    [Required]
    public string Id { get; init; } = "urn:living-city:participant:platform";

    /// <summary>The one city that this connector serves, or null for all cities of the installation.</summary>
    public string? City { get; init; }

    /// <summary>The address under which peers reach this service, without the protocol's path; null for the service's own.</summary>
    [Url]
    public string? Address { get; init; }

    /// <summary>The participant's name for people.</summary>
    public string Name { get; init; } = "Living City";

    /// <summary>Participants that are known from the start.</summary>
    public IReadOnlyList<PeerSettings> Peers { get; init; } = [];
}

/// <summary>One participant that is known from the start.</summary>
internal sealed class PeerSettings
{
    [Required]
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The OAuth client by which the realm knows the participant's connector.</summary>
    public string? Client { get; init; }

    /// <summary>Where its connector's protocol endpoints are.</summary>
    public string? Address { get; init; }
}

/// <summary>This participant's own addresses.</summary>
internal sealed class Participant(IOptions<ParticipantSettings> settings, IServer server, Conformance.ConformanceProfile conformance)
{
    public string Id => conformance.File?.Participant ?? settings.Value.Id;

    public string Name => settings.Value.Name;

    public string? City => settings.Value.City;

    /// <summary>Whether a city's data is this connector's business.</summary>
    public bool Serves(string city) => City is null || City == city;

    /// <summary>Where this service is, as peers see it.</summary>
    public Uri Address => new(settings.Value.Address ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
        ?? throw new InvalidOperationException("The service listens nowhere: set Participant:Address."));

    /// <summary>Where peers send the protocol's messages.</summary>
    public string ProtocolAddress => Address.ToString().TrimEnd('/') + Protocol.Dsp.Path;
}
