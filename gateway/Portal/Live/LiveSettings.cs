using System.ComponentModel.DataAnnotations;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>How live updates are kept and sent. Section <c>Live</c>.</summary>
internal sealed record LiveSettings
{
    public const string Section = "Live";

    /// <summary>How often a stream says that it is alive, and is asked whether its session still is. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many updates of a city a client that was away can catch up with. Default 512.</summary>
    [Range(1, 100_000)]
    public int BufferedUpdates { get; init; } = 512;

    /// <summary>How many characters those updates may have together. Default 4 million.</summary>
    [Range(1_000, 100_000_000)]
    public int BufferedCharacters { get; init; } = 4_000_000;

    /// <summary>How many updates may wait for one client before it is cut off, to come back for the rest. Default 64.</summary>
    [Range(1, 10_000)]
    public int WaitingUpdates { get; init; } = 64;
}
