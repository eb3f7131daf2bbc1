using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Testing;

namespace LivingCity.Events.Tests;

public sealed class ProgrammeTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    [Fact]
    public async Task Programme_HasTheFiveEventsAndInventsNoTimes()
    {
        using var anyone = fixture.Host.Anonymous();

        var events = (await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/events", TestContext.Current.CancellationToken))!;

        Assert.Equal(["assembly-2023", "assembly-2024", "assembly-2025", "assembly-2026", "forum-2026"], events.Select(item => (string)item!["id"]!));
        Assert.All(events.Where(item => ((string)item!["id"]!).EndsWith("2026", StringComparison.Ordinal)), item =>
        {
            Assert.Null(item!["date"]);
            Assert.All(item["sessions"]!.AsArray(), session => Assert.Null(session!["start"]));
        });
    }

    [Fact]
    public async Task Programme_DebateOf2025_StartsAtHalfPastNineUtc()
    {
        using var anyone = fixture.Host.Anonymous();

        var assembly = (await anyone.GetFromJsonAsync<JsonObject>("/api/events/v1/events/assembly-2025", TestContext.Current.CancellationToken))!;

        var start = DateTimeOffset.Parse((string)assembly["sessions"]![0]!["start"]!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(new DateTimeOffset(2025, 10, 15, 9, 30, 0, TimeSpan.Zero), start);
        Assert.Equal(TimeSpan.FromHours(2), start.Offset);
    }
}
