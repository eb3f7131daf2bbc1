using LivingCity.Ingestion.Temporal;
using LivingCity.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.Ingestion.Tests.Temporal;

/// <summary>What settings say of how long history is kept.</summary>
public sealed class RetentionTests(Infrastructure infrastructure)
{
    private const string Aggregate = "/temporal/entities/urn:x:1?options=aggregatedValues&attrs=a&aggrMethods=totalCount,sum,avg,min,max,stddev,sumsq&aggrPeriodDuration=P1Y";

    [Fact]
    public async Task Keep_OldInstances_BecomeHoursAndAggregatesStayTheSame()
    {
        await using var host = await ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string> { ["Temporal:RawDays:Sensor"] = "30" });
        using var officer = host.As("sofia", "data-officer");
        var city = new BrokerClient(officer, "sofia");
        foreach (var (id, type) in new[] { ("urn:x:1", "Sensor"), ("urn:x:2", "Other") })
        {
            await city.ExpectAsync(System.Net.HttpStatusCode.Created, "POST", "/temporal/entities", $$"""
                {"id":"{{id}}","type":"{{type}}","a":[{{string.Join(',', Enumerable.Range(0, 120).Select(minute => $$"""{"type":"Property","value":{{minute}},"observedAt":"2024-05-01T{{10 + (minute / 30):00}}:{{minute % 30:00}}:00Z"}"""))}}]}
                """);
        }

        var before = await city.GetAsync(Aggregate);
        await host.Services.GetRequiredService<HistoryKeeper>().KeepAsync(TestContext.Current.CancellationToken);
        var after = await city.GetAsync(Aggregate);
        var again = await city.GetAsync("/temporal/entities/urn:x:1?attrs=a");

        after.MeansSame(before.Text);
        Assert.Null(again.Body["a"]);
        Assert.Equal(4L, await host.ScalarAsync<long>("SELECT count(*) FROM history_rollup", "sofia"));
        Assert.Equal(120, (await city.GetAsync("/temporal/entities/urn:x:2?attrs=a")).Body["a"]!.AsArray().Count);
    }

    [Fact]
    public async Task Keep_OldMonths_AreDroppedWhole()
    {
        await using var host = await ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string> { ["Temporal:KeepMonths"] = "12" });
        using var officer = host.As("sofia", "data-officer");
        var city = new BrokerClient(officer, "sofia");
        var recent = DateTime.UtcNow.AddMonths(-11);
        await city.ExpectAsync(System.Net.HttpStatusCode.Created, "POST", "/temporal/entities", $$"""
            {"id":"urn:x:1","type":"Sensor","a":[{"type":"Property","value":1,"observedAt":"2019-05-01T00:00:00Z"},{"type":"Property","value":2,"observedAt":"{{recent:yyyy-MM-dd}}T00:00:00Z"}]}
            """);

        await host.Services.GetRequiredService<HistoryKeeper>().KeepAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, (int)Assert.Single((await city.GetAsync("/temporal/entities/urn:x:1?attrs=a")).Body["a"]!.AsArray())!["value"]!);
        Assert.True(await host.ScalarAsync<bool>("SELECT to_regclass('history_2019_05') IS NULL"));
        await city.ExpectAsync(System.Net.HttpStatusCode.NoContent, "POST", "/temporal/entities/urn:x:1/attrs", """{"a":[{"type":"Property","value":1,"observedAt":"2019-05-02T00:00:00Z"}]}""");
    }
}
