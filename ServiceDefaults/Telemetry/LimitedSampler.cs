using OpenTelemetry.Trace;

namespace LivingCity.ServiceDefaults.Telemetry;

/// <summary>
/// Records at most so many new traces a second: everything on a quiet day, and on a busy one no more than somebody can look at. Metrics count all of them either way. Thread-safe.
/// Stands in for the rate limiting sampler of OpenTelemetry.Extensions.
/// </summary>
internal sealed class LimitedSampler(int perSecond, TimeProvider time) : Sampler
{
    private const int Bits = 20;

    // The second and how many were taken in it, in one number, so that none is taken twice when the second turns.
    private long state;

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var second = time.GetTimestamp() / time.TimestampFrequency;
        while (true)
        {
            var seen = Volatile.Read(ref state);
            var taken = seen >> Bits == second ? seen & ((1 << Bits) - 1) : 0;
            if (taken >= perSecond)
            {
                return new SamplingResult(SamplingDecision.Drop);
            }

            if (Interlocked.CompareExchange(ref state, (second << Bits) | (taken + 1), seen) == seen)
            {
                return new SamplingResult(SamplingDecision.RecordAndSample);
            }
        }
    }
}
