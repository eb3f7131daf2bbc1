using System.Net.Http.Json;
using Microsoft.Playwright;
using Npgsql;

namespace LivingCity.Portal.Tests;

/// <summary>What the platform's operator sees and does.</summary>
public sealed class OperationsPageTests(RunningPortal portal)
{
    private const string Broken = "urn:ngsi-ld:WeatherObserved:sant-boi:operations-test";

    [Fact]
    public async Task Message_ThatFailedForGood_IsListedAndAfterTheRepairSentAgain()
    {
        await using var twin = new NpgsqlConnection(await portal.App.GetConnectionStringAsync("twin-db", TestContext.Current.CancellationToken));
        await twin.OpenAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(twin, $"""
            CREATE FUNCTION refuse_station() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'out of order'; END $$;
            CREATE TRIGGER refuse_station BEFORE INSERT ON station FOR EACH ROW WHEN (NEW.id = '{Broken}') EXECUTE FUNCTION refuse_station();
            """);
        using var api = await portal.SignInToApiAsync("officer@sant-boi.example");
        using var stored = await api.PostAsJsonAsync("/ngsi-ld/v1/entityOperations/upsert", new[]
        {
            new { id = Broken, type = "WeatherObserved", temperature = new { type = "Property", value = 21.5, observedAt = "2026-11-01T12:00:00Z" } },
        }, TestContext.Current.CancellationToken);
        Assert.True(stored.IsSuccessStatusCode);
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("operator@platform.example", "/operations");
        var row = visitor.Page.Locator("section[aria-labelledby=failed] tr", new PageLocatorOptions { HasText = "out of order" });

        await Eventually.TrueAsync(
            async () =>
            {
                await visitor.GoAsync("/operations");
                return await row.CountAsync() == 1;
            },
            "the failed message is listed", TimeSpan.FromMinutes(1));
        var queue = visitor.Page.Locator("section[aria-labelledby=queues] tr", new PageLocatorOptions { HasText = "twin-" });
        Assert.Contains("\t1\t", await queue.First.InnerTextAsync(), StringComparison.Ordinal);
        await ExecuteAsync(twin, "DROP TRIGGER refuse_station ON station");
        await row.Locator("button").ClickAsync();

        await visitor.Page.WaitForURLAsync("**/operations?replayed=1");
        await Eventually.TrueAsync(async () => (await api.GetAsync($"/api/twin/v1/stations/{Broken}", TestContext.Current.CancellationToken)).IsSuccessStatusCode, "the station is there");
        Assert.Equal(0, await row.CountAsync());
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
