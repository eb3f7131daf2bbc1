using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Registration;

public sealed class AgendaTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Agenda_WithAWayBetweenVenuesThatIsLongerThanTheBreak_SaysByHowMuch()
    {
        using var organiser = fixture.Host.As("sofia", "organiser");
        var draft = Programmes.Of("ways", Programmes.Session("ways-a", "10:00", "11:00"), Programmes.Session("ways-b", "11:15", "12:00"), Programmes.Session("ways-c", "12:30", "13:00"));
        draft["venues"]!.AsArray().Add((JsonNode)new JsonObject { ["id"] = "park", ["name"] = "Park" });
        draft["travel"] = new JsonArray(new JsonObject { ["from"] = "hall", ["to"] = "park", ["minutes"] = 25 });
        draft["sessions"]![1]!["venue"] = "park";
        await organiser.PublishNewAsync(draft);
        using var person = fixture.Host.As("sofia", "citizen", "ways");
        foreach (var session in (string[])["ways-a", "ways-b", "ways-c"])
        {
            await person.RegisterAsync(session);
        }

        var agenda = (await person.GetFromJsonAsync<JsonArray>("/api/events/v1/agenda", Cancelled))!.Single()!;

        Assert.Equal(["ways-a", "ways-b", "ways-c"], agenda["items"]!.AsArray().Select(item => (string)item!["session"]!));
        var clash = Assert.Single(agenda["clashes"]!.AsArray())!;
        Assert.Equal(("agenda", "ways-a", "ways-b", 10), ((string)clash["kind"]!, (string)clash["first"]!, (string)clash["second"]!, (int)clash["missingMinutes"]!));
    }
}
