using LivingCity.Events.Programme;

namespace LivingCity.Events.Tests.Programme;

public sealed class ClashTests
{
    private static readonly DateTimeOffset Morning = new(2026, 7, 1, 8, 0, 0, TimeSpan.FromHours(3));

    [Fact]
    public void Find_InTenThousandRandomProgrammes_IsWhatComparingEveryPairFinds()
    {
        var random = new Random(20260701);
        for (var programme = 0; programme < 10_000; programme++)
        {
            var travel = TravelTimes.Of(Event([new Travel("v0", "v1", random.Next(60)), new Travel("v1", "v2", random.Next(60)), new Travel("v0", "v2", random.Next(60))]));
            var bookings = Enumerable.Range(0, random.Next(1, 25)).Select(number =>
            {
                var start = Morning.AddMinutes(5 * random.Next(100));
                return new Booking((ClashKind)random.Next(4), $"thing {random.Next(4)}", $"s{number}", start, start.AddMinutes(5 * random.Next(1, 30)), random.Next(4) == 0 ? null : $"v{random.Next(3)}");
            }).ToArray();

            var found = Clashes.Find(bookings, travel);

            Assert.Equal(EveryPair(bookings, travel).Order(), found.Select(clash => Written(clash.Kind, clash.What, clash.First, clash.Second)).Order());
        }
    }

    [Fact]
    public void Find_OfSessionsThatOnlyTouch_IsNothing() =>
        Assert.Empty(Clashes.Find([Booked("a", 0, 60), Booked("b", 60, 120)], TravelTimes.None));

    [Fact]
    public void Find_WithAWayBetween_CountsIt()
    {
        var travel = TravelTimes.Of(Event([new Travel("v0", "v1", 20)]));

        var clash = Assert.Single(Clashes.Find([Booked("a", 0, 60) with { Venue = "v0" }, Booked("b", 70, 120) with { Venue = "v1" }], travel));

        Assert.Equal(10, clash.MissingMinutes);
    }

    [Fact]
    public void Travel_BetweenPositions_IsEstimatedFromTheDistance()
    {
        var item = Event([]) with { Venues = [new Venue("a", "A", Latitude: 42.6977, Longitude: 23.3219), new Venue("b", "B", Latitude: 42.6689, Longitude: 23.3506)] };

        // 3.97 km at 12 km/h
        Assert.Equal(TimeSpan.FromMinutes(20), TravelTimes.Of(item).Between("a", "b"));
    }

    private static IEnumerable<string> EveryPair(Booking[] bookings, TravelTimes travel) =>
        from first in bookings
        from second in bookings
        where first.Session != second.Session && first.Kind == second.Kind && first.What == second.What
        where first.Start < second.Start || (first.Start == second.Start && string.CompareOrdinal(first.Session, second.Session) < 0)
        where second.Start < first.End + (first.Kind == ClashKind.Room ? TimeSpan.Zero : travel.Between(first.Venue, second.Venue))
        select Written(first.Kind, first.What, first.Session, second.Session);

    private static string Written(ClashKind kind, string what, string first, string second) => $"{kind} {what} {first} {second}";

    private static Booking Booked(string session, int from, int to) => new(ClashKind.Person, "somebody", session, Morning.AddMinutes(from), Morning.AddMinutes(to), null);

    private static Event Event(IReadOnlyList<Travel> travel) => new() { Id = "event", Title = "Event", TimeZone = "Europe/Sofia", City = "Sofia", Country = "Bulgaria", Travel = travel };
}
