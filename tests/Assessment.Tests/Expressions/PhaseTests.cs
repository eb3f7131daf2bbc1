using System.Globalization;
using LivingCity.Assessment.Expressions;

namespace LivingCity.Assessment.Tests.Expressions;

public sealed class PhaseTests
{
    private static readonly Phase One = new("phase-1", new DateOnly(2024, 4, 1), new DateOnly(2024, 6, 17), new DateOnly(2024, 8, 31), "Europe/Brussels", 20_000);
    private static readonly Phase Two = new("phase-2", new DateOnly(2024, 8, 1), new DateOnly(2025, 3, 24), new DateOnly(2025, 5, 31), "Europe/Brussels", 20_000);

    [Theory]
    [InlineData("2024-03-31T23:59:59+02:00", false)]
    [InlineData("2024-04-01T00:00:00+02:00", true)]
    [InlineData("2024-06-17T23:59:59+02:00", true)]
    [InlineData("2024-06-17T23:59:59.9999999+02:00", true)]
    [InlineData("2024-06-18T00:00:00+02:00", false)]
    [InlineData("2024-06-17T21:59:59Z", true)]
    [InlineData("2024-06-17T22:00:00Z", false)]
    [InlineData("2024-06-18T00:59:59+03:00", true)] // the same last second in Sofia
    [InlineData("2024-06-18T01:00:00+03:00", false)]
    public void Phase_AtAnInstant_IsOpenByItsOwnZone(string instant, bool open) => Assert.Equal(open, One.IsOpen(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2025-03-24T23:59:59+01:00", true)] // winter time
    [InlineData("2025-03-25T00:00:00+01:00", false)]
    [InlineData("2024-07-31T23:59:59+02:00", false)]
    [InlineData("2024-08-01T00:00:00+02:00", true)] // while the services of phase 1 still run
    public void SecondPhase_AtAnInstant_IsOpenByItsOwnZone(string instant, bool open) => Assert.Equal(open, Two.IsOpen(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(19_999, false)]
    [InlineData(20_000, false)]
    [InlineData(20_001, true)]
    public void Encouragement_IsStrictlyAbove(int population, bool encouraged) => Assert.Equal(encouraged, One.Encourages(population));

    [Fact]
    public void Overlap_IsOfTheTimesToAskAndNotOfTheServices()
    {
        Assert.False(One.Overlaps(Two));
        Assert.True(Two.Opens < One.Ends);
        Assert.True(One.Overlaps(Two with { Opens = One.Deadline }));
        Assert.False(One.Overlaps(Two with { Opens = One.Deadline.AddDays(1) }));
        // The last hour in Lisbon is the first of the next day in Brussels.
        Assert.True((One with { Zone = "Europe/Lisbon" }).Overlaps(Two with { Opens = One.Deadline.AddDays(1) }));
    }

    [Theory]
    [InlineData("Africa/Cairo", "2024-04-26T01:00:00+03:00")] // clocks jump from midnight to one
    [InlineData("Europe/Brussels", "2024-04-26T00:00:00+02:00")]
    public void Day_BeginsWithItsFirstInstantThatExists(string zone, string instant) =>
        Assert.Equal(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture), (One with { Opens = new DateOnly(2024, 4, 26), Zone = zone }).OpensAt);

    [Fact]
    public void Milestones_EndWithTheSixthWeek() => Assert.Equal((42, "outcome-report"), (Phase.Milestones.Max(milestone => milestone.Days), Phase.Milestones[^1].Name));
}
