using System.Diagnostics;
using LivingCity.ServiceDefaults.Telemetry;
using OpenTelemetry.Trace;

namespace LivingCity.ServiceDefaults.Tests;

public sealed class LimitedSamplerTests
{
    [Fact]
    public void Sample_MoreThanTheLimit_TakesThatManyEachSecond()
    {
        var clock = new Clock();
        var sampler = new LimitedSampler(100, clock);

        var first = Sampled(sampler, 60) + Sampled(sampler, 60);
        clock.Second++;
        var second = Sampled(sampler, 30);
        clock.Second++;
        var third = Sampled(sampler, 1000);

        Assert.Equal((100, 30, 100), (first, second, third));
    }

    [Fact]
    public void Sample_ManyAtOnce_TakesNoMoreThanTheLimit()
    {
        var sampler = new LimitedSampler(100, new Clock());
        var taken = 0;

        Parallel.For(0, 64, _ => Interlocked.Add(ref taken, Sampled(sampler, 1000)));

        Assert.Equal(100, taken);
    }

    private static int Sampled(LimitedSampler sampler, int offered) => Enumerable.Range(0, offered)
        .Count(_ => sampler.ShouldSample(new SamplingParameters(default, ActivityTraceId.CreateRandom(), "GET", ActivityKind.Server)).Decision == SamplingDecision.RecordAndSample);

    private sealed class Clock : TimeProvider
    {
        public long Second { get; set; } = 1;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Second * 1000;
    }
}
