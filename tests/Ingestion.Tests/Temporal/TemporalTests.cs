using System.Net;
using System.Text.Json.Nodes;

namespace LivingCity.Ingestion.Tests.Temporal;

/// <summary>ETSI GS CIM 009, clauses 5.6.11 to 5.6.16, 5.7.3, 5.7.4, 6.18 to 6.24, 4.5.6 to 4.5.9, 4.5.19 and 4.11.</summary>
[Collection<BrokerTests>]
public sealed class TemporalTests(BrokerFixture fixture) : IAsyncLifetime
{
    private const string Id = "urn:x:t";
    private readonly BrokerClient city = fixture.NewCity();

    public async ValueTask InitializeAsync() => await city.ExpectAsync(HttpStatusCode.Created, "POST", "/temporal/entities", $$"""
        {"id":"{{Id}}","type":"Vehicle","speed":[{{string.Join(',', Enumerable.Range(1, 10).Select(number => $$"""{"type":"Property","value":{{number}},"unitCode":"KMH","observedAt":"2026-03-{{number:00}}T12:00:00Z"}"""))}}],
         "fuel":[{"type":"Property","value":"a","observedAt":"2026-03-01T12:00:00Z"},{"type":"Property","value":"b","observedAt":"2026-04-01T12:00:00Z","datasetId":"urn:d:1"}],
         "brand":[{"type":"Property","value":"M"}],"location":[{"type":"GeoProperty","value":{"type":"Point","coordinates":[1,2]},"observedAt":"2026-03-05T00:00:00Z"}]}
        """);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Create_Again_Is204AndAdds()
    {
        await city.ExpectAsync(HttpStatusCode.NoContent, "POST", "/temporal/entities", $$"""{"id":"{{Id}}","type":"Vehicle","speed":[{"type":"Property","value":11,"observedAt":"2026-03-11T12:00:00Z"}]}""");

        Assert.Equal(11, await CountAsync("attrs=speed"));
        Assert.Equal(HttpStatusCode.NotFound, (await city.GetAsync($"/entities/{Id}")).Status);
    }

    [Theory]
    [InlineData("", 10)]
    [InlineData("timerel=before&timeAt=2026-03-03T12:00:00Z", 2)]
    [InlineData("timerel=after&timeAt=2026-03-03T12:00:00Z", 7)]
    [InlineData("timerel=between&timeAt=2026-03-03T12:00:00Z&endTimeAt=2026-03-05T12:00:00Z", 2)]
    [InlineData("timerel=after&timeAt=2026-03-03T12:00:00Z&lastN=3", 3)]
    [InlineData("lastN=4", 4)]
    [InlineData("timeproperty=modifiedAt&timerel=after&timeAt=2026-03-03T12:00:00Z", 10)]
    [InlineData("timeproperty=deletedAt&timerel=after&timeAt=2020-03-03T12:00:00Z", 0)]
    public async Task Retrieve_Window_HoldsWhatLiesInIt(string window, int expected) => Assert.Equal(expected, await CountAsync($"attrs=speed&{window}"));

    [Theory]
    [InlineData("timerel=before")]
    [InlineData("timeAt=2026-03-03T12:00:00Z")]
    [InlineData("timerel=during&timeAt=2026-03-03T12:00:00Z")]
    [InlineData("timerel=after&timeAt=yesterday")]
    [InlineData("timerel=between&timeAt=2026-03-03T12:00:00Z")]
    [InlineData("timerel=between&timeAt=2026-03-03T12:00:00Z&endTimeAt=2026-03-01T12:00:00Z")]
    [InlineData("timeproperty=bestBefore")]
    [InlineData("lastN=0")]
    [InlineData("options=temporalValues,aggregatedValues")]
    [InlineData("options=aggregatedValues")]
    [InlineData("options=aggregatedValues&aggrMethods=guess")]
    [InlineData("options=aggregatedValues&aggrMethods=sum&aggrPeriodDuration=1day")]
    public async Task Retrieve_WrongParameters_Is400(string parameters) => Assert.Equal("BadRequestData", (await city.GetAsync($"/temporal/entities/{Id}?{parameters}")).Error);

    [Fact]
    public async Task Retrieve_TemporalValues_ArePairs()
    {
        var answer = await city.GetAsync($"/temporal/entities/{Id}?options=temporalValues&attrs=speed,fuel&lastN=2");

        answer.MeansSame($$"""
            {"id":"{{Id}}","type":"Vehicle","speed":{"type":"Property","values":[[10,"2026-03-10T12:00:00Z"],[9,"2026-03-09T12:00:00Z"]]},
             "fuel":[{"type":"Property","values":[["a","2026-03-01T12:00:00Z"]]},{"type":"Property","datasetId":"urn:d:1","values":[["b","2026-04-01T12:00:00Z"]]}]}
            """);
    }

    [Fact]
    public async Task Retrieve_Aggregated_SumsUpEachPeriod()
    {
        var answer = await city.GetAsync(
            $"/temporal/entities/{Id}?options=aggregatedValues&attrs=speed&aggrMethods=totalCount,distinctCount,sum,avg,min,max,stddev,sumsq&aggrPeriodDuration=P5D&timerel=between&timeAt=2026-03-01T00:00:00Z&endTimeAt=2026-03-11T00:00:00Z");

        static string Both(double first, double second) => FormattableString.Invariant($"[[{first},\"2026-03-01T00:00:00Z\",\"2026-03-06T00:00:00Z\"],[{second},\"2026-03-06T00:00:00Z\",\"2026-03-11T00:00:00Z\"]]");
        answer.MeansSame($$"""
            {"id":"{{Id}}","type":"Vehicle","speed":{"type":"Property","totalCount":{{Both(5, 5)}},"distinctCount":{{Both(5, 5)}},"sum":{{Both(15, 40)}},"avg":{{Both(3, 8)}},
             "min":{{Both(1, 6)}},"max":{{Both(5, 10)}},"stddev":{{Both(Math.Sqrt(2), Math.Sqrt(2))}},"sumsq":{{Both(55, 330)}} } }
            """);
    }

    /// <summary>Clause 4.5.19.1: what is no number has sums of its own, or none.</summary>
    [Fact]
    public async Task Retrieve_AggregatedWhatIsNoNumber_SumsUpWhatCanBe()
    {
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/temporal/entities", """
            {"id":"urn:x:a","type":"Mixed",
             "open":[{"type":"Property","value":true,"observedAt":"2026-03-01T00:00:00Z"},{"type":"Property","value":false,"observedAt":"2026-03-02T00:00:00Z"}],
             "list":[{"type":"Property","value":[1,2,3],"observedAt":"2026-03-01T00:00:00Z"},{"type":"Property","value":[1],"observedAt":"2026-03-02T00:00:00Z"}],
             "word":[{"type":"Property","value":"b","observedAt":"2026-03-01T00:00:00Z"},{"type":"Property","value":"a","observedAt":"2026-03-02T00:00:00Z"}],
             "owner":[{"type":"Relationship","object":"urn:x:1","observedAt":"2026-03-01T00:00:00Z"},{"type":"Relationship","object":"urn:x:1","observedAt":"2026-03-02T00:00:00Z"}]}
            """);
        const string Path = "/temporal/entities/urn:x:a?options=aggregatedValues&timerel=between&timeAt=2026-03-01T00:00:00Z&endTimeAt=2026-03-03T00:00:00Z&aggrMethods=";
        static string One(string value) => $"[[{value},\"2026-03-01T00:00:00Z\",\"2026-03-03T00:00:00Z\"]]";

        (await city.GetAsync(Path + "avg&attrs=open,list")).MeansSame($$"""{"id":"urn:x:a","type":"Mixed","open":{"type":"Property","avg":{{One("0.5")}} },"list":{"type":"Property","avg":{{One("2")}} } }""");
        (await city.GetAsync(Path + "max,distinctCount&attrs=word")).MeansSame($$"""{"id":"urn:x:a","type":"Mixed","word":{"type":"Property","max":{{One("\"b\"")}},"distinctCount":{{One("2")}} } }""");
        (await city.GetAsync(Path + "distinctCount&attrs=owner")).MeansSame($$"""{"id":"urn:x:a","type":"Mixed","owner":{"type":"Relationship","distinctCount":{{One("1")}} } }""");
        Assert.Equal("InvalidRequest", (await city.GetAsync(Path + "avg&attrs=word")).Error);
        Assert.Equal("InvalidRequest", (await city.GetAsync(Path + "sum&attrs=open,owner")).Error);
    }

    [Theory]
    [InlineData("P1M", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")]
    [InlineData("P1Y", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("PT0S", "2026-03-01T12:00:00Z", "2026-03-10T12:00:00Z")]
    public async Task Retrieve_AggregatedByCalendar_BeginsWhereTheCalendarDoes(string period, string start, string end)
    {
        var answer = await city.GetAsync($"/temporal/entities/{Id}?format=aggregatedValues&attrs=speed&aggrMethods=sum&aggrPeriodDuration={period}");

        Assert.Equal($"[[55,\"{start}\",\"{end}\"]]", answer.Body["speed"]!["sum"]!.ToJsonString());
    }

    [Fact]
    public async Task Retrieve_AggregatedByMonthsOfAWindow_BeginsWhereTheWindowDoes()
    {
        var answer = await city.GetAsync($"/temporal/entities/{Id}?format=aggregatedValues&attrs=speed&aggrMethods=sum&aggrPeriodDuration=P1M&timerel=after&timeAt=2026-01-05T12:00:00Z");

        Assert.Equal("[[10,\"2026-02-05T12:00:00Z\",\"2026-03-05T12:00:00Z\"],[45,\"2026-03-05T12:00:00Z\",\"2026-04-05T12:00:00Z\"]]", answer.Body["speed"]!["sum"]!.ToJsonString());
    }

    [Fact]
    public async Task Instance_IsFoundChangedAndDeletedByItsId()
    {
        var instances = await InstancesAsync("attrs=speed&lastN=2");
        var id = (string)instances[0]!["instanceId"]!;

        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", $"/temporal/entities/{Id}/attrs/speed/{id}", """{"speed":{"type":"Property","value":99,"observedAt":"2026-05-01T00:00:00Z"}}""");
        var changed = (await InstancesAsync("attrs=speed&lastN=1"))[0]!;
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", $"/temporal/entities/{Id}/attrs/speed/{id}");

        Assert.Equal((99, id, null), ((int)changed["value"]!, (string)changed["instanceId"]!, (string?)changed["unitCode"])); // clause 5.6.14.4: replaced, not merged
        Assert.Equal(9, await CountAsync("attrs=speed"));
        Assert.Equal(HttpStatusCode.NotFound, (await city.SendAsync("DELETE", $"/temporal/entities/{Id}/attrs/speed/{id}")).Status);
    }

    [Fact]
    public async Task Attributes_AreAddedAndDeleted()
    {
        await city.ExpectAsync(HttpStatusCode.NoContent, "POST", $"/temporal/entities/{Id}/attrs", """{"type":"Heavy","weight":[{"type":"Property","value":1,"observedAt":"2026-03-01T00:00:00Z"}]}""");
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", $"/temporal/entities/{Id}/attrs/fuel");
        var fuel = await InstancesAsync("attrs=fuel", "fuel");
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", $"/temporal/entities/{Id}/attrs/fuel?deleteAll=true");
        await city.ExpectAsync(HttpStatusCode.NotFound, "DELETE", $"/temporal/entities/{Id}/attrs/fuel?deleteAll=true");

        Assert.Equal("urn:d:1", (string)Assert.Single(fuel)!["datasetId"]!);
        Assert.Single(await InstancesAsync("attrs=weight", "weight"));
        Assert.Contains("Heavy", (await city.GetAsync($"/temporal/entities/{Id}?attrs=weight")).Body["type"]!.AsArray().Select(type => (string)type!)); // clause 5.6.12.4
    }

    [Theory]
    [InlineData("type=Vehicle&timerel=after&timeAt=2026-01-01T00:00:00Z", 1)]
    [InlineData("type=Vehicle&timerel=after&timeAt=2026-06-01T00:00:00Z", 0)]
    [InlineData("type=Bus&timerel=after&timeAt=2026-01-01T00:00:00Z", 0)]
    [InlineData("type=Vehicle&timerel=before&timeAt=2026-03-05T00:00:00Z&q=speed>8", 0)]
    [InlineData("type=Vehicle&timerel=before&timeAt=2026-03-15T00:00:00Z&q=speed>8;brand==\"M\"", 1)]
    [InlineData("timerel=after&timeAt=2026-01-01T00:00:00Z&georel=near;maxDistance==10&geometry=Point&coordinates=[1,2]", 1)]
    [InlineData("timerel=after&timeAt=2026-01-01T00:00:00Z&georel=near;maxDistance==10&geometry=Point&coordinates=[1,3]", 0)]
    [InlineData("attrs=fuel&timerel=after&timeAt=2026-03-15T00:00:00Z", 1)]
    public async Task Query_FindsEntitiesByTheirPast(string parameters, int expected)
    {
        var answer = await city.ExpectAsync(HttpStatusCode.OK, "GET", $"/temporal/entities?{parameters}&count=true");

        Assert.Equal(expected, answer.Body.AsArray().Count);
        Assert.Equal($"{expected}", answer.Header("NGSILD-Results-Count"));
    }

    /// <summary>Clause 5.7.4.4: by id, and here alone.</summary>
    [Fact]
    public async Task Query_Ordered_IsByIdOnly()
    {
        const string Past = "/temporal/entities?type=Vehicle&timerel=after&timeAt=2026-01-01T00:00:00Z";
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/temporal/entities", """{"id":"urn:zzz:1","type":"Vehicle","speed":[{"type":"Property","value":1,"observedAt":"2026-03-01T00:00:00Z"}]}""");

        var answer = await city.ExpectAsync(HttpStatusCode.OK, "GET", $"{Past}&orderBy=id;desc&local=true&limit=1");

        Assert.Equal("urn:zzz:1", (string)answer.Body[0]!["id"]!);
        Assert.Equal("BadRequestData", (await city.GetAsync($"{Past}&orderBy=id")).Error);
        Assert.Equal("BadRequestData", (await city.GetAsync($"{Past}&orderBy=speed&local=true")).Error);
    }

    [Fact]
    public async Task Query_Posted_FindsTheSame_WithoutTimeIs400()
    {
        var answer = await city.ExpectAsync(HttpStatusCode.OK, "POST", "/temporal/entityOperations/query", """
            {"type":"Query","entities":[{"type":"Vehicle"}],"attrs":["speed"],"temporalQ":{"timerel":"between","timeAt":"2026-03-02T00:00:00Z","endTimeAt":"2026-03-04T00:00:00Z"}}
            """);

        Assert.Equal(2, answer.Body[0]!["speed"]!.AsArray().Count);
        Assert.Equal("BadRequestData", (await city.GetAsync("/temporal/entities?type=Vehicle")).Error);
        Assert.Equal("BadRequestData", (await city.SendAsync("POST", "/temporal/entityOperations/query", """{"type":"Query","entities":[{"type":"Vehicle"}]}""")).Error);
    }

    [Theory]
    [InlineData("GET", "/temporal/entities/urn:x:none", null, HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/temporal/entities/urn:x:none", null, HttpStatusCode.NotFound)]
    [InlineData("POST", "/temporal/entities/urn:x:none/attrs", """{"a":{"value":1}}""", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/temporal/entities/urn:x:none/attrs/a", null, HttpStatusCode.NotFound)]
    [InlineData("GET", "/temporal/entities/none", null, HttpStatusCode.BadRequest)]
    [InlineData("POST", "/temporal/entities", """{"id":"urn:x:new"}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/temporal/entities", """{"type":"T"}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/temporal/entities/urn:x:t/attrs", "{}", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/temporal/entities/urn:x:t/attrs/speed/relative", null, HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "/temporal/entities/urn:x:t/attrs/speed/urn:ngsi-ld:Instance:0-0", """{"value":1}""", HttpStatusCode.NotFound)]
    public async Task Change_WrongTargetOrBody_IsRefused(string method, string path, string? body, HttpStatusCode expected) =>
        Assert.Equal(expected, (await city.SendAsync(method, path, body)).Status);

    /// <summary>What the entity operations do is history too, deletion included (clause 4.5.6).</summary>
    [Fact]
    public async Task History_OfAnEntity_OutlivesIt()
    {
        await city.CreateAsync("""{"id":"urn:x:h","type":"T","a":1}""");
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:h/attrs", """{"a":{"type":"Property","value":2}}""");
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/entities/urn:x:h");

        var past = (await city.ExpectAsync(HttpStatusCode.OK, "GET", "/temporal/entities/urn:x:h")).Body;
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/temporal/entities/urn:x:h");

        Assert.NotNull(past["deletedAt"]);
        Assert.Equal(["urn:ngsi-ld:null", "2", "1"], past["a"]!.AsArray().Select(instance => instance!["value"]!.ToString()));
        Assert.NotNull(past["a"]![0]!["deletedAt"]);
        Assert.Equal(HttpStatusCode.NotFound, (await city.GetAsync("/temporal/entities/urn:x:h")).Status);
    }

    private async Task<JsonArray> InstancesAsync(string parameters, string attribute = "speed") =>
        (await city.ExpectAsync(HttpStatusCode.OK, "GET", $"/temporal/entities/{Id}?{parameters}")).Body[attribute]?.AsArray() ?? [];

    private async Task<int> CountAsync(string parameters) => (await InstancesAsync(parameters)).Count;
}
