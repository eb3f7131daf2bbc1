using Microsoft.Extensions.Configuration;

namespace LivingCity.AppHost.Embedded;

/// <summary>How this run was asked for.</summary>
internal sealed record StackOptions
{
    public string Command { get; init; } = "run";

    public required IConfiguration Configuration { get; init; }

    public required string AppHostDirectory { get; init; }

    /// <summary>Where data is kept between runs.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Data lives in a folder of its own that is deleted at the end.</summary>
    public bool Ephemeral { get; init; }

    public bool Table { get; init; } = true;

    /// <summary>Fixed ports give way to random ones, so that tests run side by side.</summary>
    public bool RandomPorts { get; init; }
}
