using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Allocation;

public sealed class AllocationServiceTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Allocation_OfVisits_SeatsByWishesAndItsLogReplaysToTheSameList()
    {
        using var organiser = fixture.Host.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("visits", Programmes.Session("visits-a", capacity: 3, group: "visits"), Programmes.Session("visits-b", capacity: 3, group: "visits")));
        var people = Enumerable.Range(0, 8).Select(number => fixture.Host.As(number % 2 == 0 ? "sofia" : "sant-boi", $"visitor{number}")).ToArray();
        for (var number = 0; number < people.Length; number++)
        {
            string[] sessions = number < 6 ? ["visits-a", "visits-b"] : ["visits-a"];
            using var kept = await people[number].PutAsJsonAsync("/api/events/v1/events/visits/preferences/visits", new { sessions }, Cancelled);
            Assert.True(kept.IsSuccessStatusCode, await kept.Content.ReadAsStringAsync(Cancelled));
        }

        using var answer = await organiser.PostAsJsonAsync("/api/events/v1/events/visits/allocations", new { group = "visits", seed = 7 }, Cancelled);
        var done = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;

        Assert.Equal((7, 6, 2), ((int)done["seed"]!, (int)done["seated"]!, (int)done["waiting"]!));
        var replay = (await organiser.GetFromJsonAsync<JsonObject>("/api/events/v1/events/visits/log/replay", Cancelled))!;
        Assert.True((bool)replay["agrees"]!);
        Assert.Equal(6, replay["seats"]!.AsArray().Sum(list => list!["confirmed"]!.AsArray().Count));
        Array.ForEach(people, person => person.Dispose());
    }

    [Fact]
    public async Task Wish_OutsideOfItsGroup_IsRefusedByField()
    {
        using var person = fixture.Host.As("sofia", "citizen");

        using var answer = await person.PutAsJsonAsync("/api/events/v1/events/forum-2026/preferences/forum-2026-site-visits", new { sessions = new[] { "forum-2026-dinner" } }, Cancelled);

        Assert.NotNull((await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["errors"]!["sessions"]);
    }
}
