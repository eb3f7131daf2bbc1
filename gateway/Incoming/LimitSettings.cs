using System.ComponentModel.DataAnnotations;

namespace LivingCity.Gateway.Incoming;

/// <summary>How large and how slow a request may be. Section <c>Limits</c>. How many there may be is in section <c>RateLimits</c>.</summary>
internal sealed class LimitSettings
{
    public const string Section = "Limits";

    /// <summary>The largest body that is passed on, in bytes. Default 32 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long BodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long neither side may send anything before the gateway gives up. Default 60 s; streams send a comment more often than that.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often each replica's readiness is asked for. Default 3 s; two failures in a row take it out.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(3);
}
