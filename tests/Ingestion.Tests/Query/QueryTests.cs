using System.Net;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Query;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.Ingestion.Tests.Query;

/// <summary>ETSI GS CIM 009, clauses 5.7.2, 6.4.3.2, 6.23 and 4.9 (q), 4.10 (geo), 4.17 (types), 4.19 (scopes), 4.23 (order), 5.5.9 (paging).</summary>
[Collection<BrokerTests>]
public sealed class QueryTests(BrokerFixture fixture) : IAsyncLifetime
{
    private readonly BrokerClient city = fixture.NewCity();

    public async ValueTask InitializeAsync() => await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entityOperations/create", """
        [{"id":"urn:v:1","type":"Vehicle","scope":"/Madrid/Gardens","brand":"Mercedes","speed":{"value":55,"accuracy":{"value":0.9},"observedAt":"2026-01-01T00:00:00Z"},"parked":{"object":"urn:p:1"},
          "address":{"value":{"city":"Berlin","zip":["10115","10117"]}},"location":{"type":"Point","coordinates":[13.4,52.5]},"sold":false},
         {"id":"urn:v:2","type":["Vehicle","Electric"],"scope":["/Madrid/Centre","/x"],"brand":"Tesla","speed":[{"value":80},{"value":10,"datasetId":"urn:d:2"}],"label":{"languageMap":{"en":"car","fr":"voiture"}},
          "kind":{"vocab":"hybrid"},"seen":"2026-02-01T12:00:00.5Z","location":{"type":"Point","coordinates":[13.5,52.5]},"sold":true},
         {"id":"urn:v:3","type":"Bus","brand":"MAN","speed":30,"lines":["a","b"],"location":{"type":"Polygon","coordinates":[[[10,50],[11,50],[11,51],[10,51],[10,50]]]} },
         {"id":"urn:p:1","type":"Parking","spaces":12,"price":{"value":{"@type":"Money","@value":5}}}]
        """);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("brand", "1,2,3")]
    [InlineData("brand==\"Tesla\"", "2")]
    [InlineData("brand!=\"Tesla\"", "1,3")]
    [InlineData("brand==\"Tesla\",\"MAN\"", "2,3")]
    [InlineData("brand~=^M", "1,3")]
    [InlineData("brand!~=^M", "2")]
    [InlineData("brand>\"MAO\"", "1,2")]
    [InlineData("speed>50", "1,2")]
    [InlineData("speed==10", "2")]
    [InlineData("speed==30..60", "1,3")]
    [InlineData("speed!=30..60", "2")]
    [InlineData("speed>50;brand==\"Tesla\"", "2")]
    [InlineData("speed<50|brand==\"Mercedes\";sold==false", "1,2,3")]
    [InlineData("(speed<50|brand==\"Mercedes\");sold==false", "1")]
    [InlineData("speed.accuracy>=0.9", "1")]
    [InlineData("speed.observedAt>2025-12-31T23:59:59Z", "1")]
    [InlineData("speed.unitCode", "")]
    [InlineData("parked==urn:p:1", "1")]
    [InlineData("address[city]==\"Berlin\"", "1")]
    [InlineData("address[zip]==\"10117\"", "1")]
    [InlineData("lines==\"b\"", "3")]
    [InlineData("lines!=\"b\"", "")]
    [InlineData("label==\"voiture\"", "2")]
    [InlineData("label[fr]==\"voiture\"", "2")]
    [InlineData("label[en]==\"voiture\"", "")]
    [InlineData("kind==\"hybrid\"", "2")]
    [InlineData("seen>2026-02-01T12:00:00Z", "2")]
    [InlineData("seen==2026-02-01T13:00:00.500%2B01:00", "2")]
    [InlineData("sold==true", "2")]
    [InlineData("speed==\"55\"", "")]
    [InlineData("createdAt>2020-01-01T00:00:00Z", "1,2,3")]
    [InlineData("parked{Parking}.spaces>10", "1")]
    [InlineData("parked{Parking}.spaces>12", "")]
    public async Task Query_Q_FindsWhatFulfilsIt(string q, string expected)
    {
        var found = await city.FindAsync($"type=Vehicle,Bus&join=inline&q={Uri.EscapeDataString(Uri.UnescapeDataString(q))}");

        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(number => $"urn:v:{number}"), found);
    }

    /// <summary>Clause 4.9, example 12: whether a text is a term of the context is said for an attribute.</summary>
    [Theory]
    [InlineData("q=kind==%22hybrid%22", "urn:v:2")]
    [InlineData("q=kind==%22hybrid%22&expandValues=kind", "urn:v:2")]
    [InlineData("q=kind==%22hybrid%22&jsonKeys=kind", "")]
    [InlineData("q=brand==%22Tesla%22&expandValues=brand", "")]
    [InlineData("q=brand==%22Tesla%22&jsonKeys=brand,kind", "urn:v:2")]
    [InlineData("q=brand==%22Tesla%22&expandValues=kind", "urn:v:2")]
    public async Task Query_ValuesToExpand_AreComparedSo(string parameters, string expected) =>
        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries), await city.FindAsync($"type=Vehicle&{parameters}"));

    [Theory]
    [InlineData("type=Vehicle", "urn:v:1,urn:v:2")]
    [InlineData("type=Vehicle;Electric", "urn:v:2")]
    [InlineData("type=(Vehicle;Electric)|Bus", "urn:v:2,urn:v:3")]
    [InlineData("type=Vehicle&id=urn:v:2,urn:v:3", "urn:v:2")]
    [InlineData("type=*&idPattern=^urn:p:", "urn:p:1")]
    [InlineData("attrs=spaces", "urn:p:1")]
    [InlineData("local=true&idPattern=3$", "urn:v:3")]
    [InlineData("type=Vehicle&scopeQ=/Madrid/Gardens", "urn:v:1")]
    [InlineData("type=Vehicle&scopeQ=/Madrid/%23", "urn:v:1,urn:v:2")]
    [InlineData("type=Vehicle&scopeQ=/%2B/Centre", "urn:v:2")]
    [InlineData("type=Vehicle&scopeQ=/Madrid/Centre;/x", "urn:v:2")]
    [InlineData("type=Vehicle&scopeQ=/Madrid", "")]
    [InlineData("georel=near;maxDistance==1000&geometry=Point&coordinates=[13.4,52.501]", "urn:v:1")]
    [InlineData("georel=near;minDistance==1000&geometry=Point&coordinates=[13.4,52.501]&type=Vehicle", "urn:v:2")]
    [InlineData("georel=within&geometry=Polygon&coordinates=[[[13.45,52],[14,52],[14,53],[13.45,53],[13.45,52]]]", "urn:v:2")]
    [InlineData("georel=contains&geometry=Point&coordinates=[10.5,50.5]", "urn:v:3")]
    [InlineData("georel=intersects&geometry=LineString&coordinates=[[9,50.5],[12,50.5]]", "urn:v:3")]
    [InlineData("georel=equals&geometry=Point&coordinates=[13.4,52.5]", "urn:v:1")]
    [InlineData("georel=disjoint&geometry=Point&coordinates=[13.4,52.5]", "urn:v:2,urn:v:3")]
    [InlineData("georel=overlaps&geometry=Polygon&coordinates=[[[10.5,50.5],[12,50.5],[12,52],[10.5,52],[10.5,50.5]]]", "urn:v:3")]
    [InlineData("type=Vehicle,Bus&local=true&orderBy=speed;desc", "urn:v:2,urn:v:1,urn:v:3")]
    [InlineData("type=Vehicle,Bus&local=true&orderBy=brand", "urn:v:3,urn:v:1,urn:v:2")]
    public async Task Query_Selection_FindsWhatFulfilsIt(string parameters, string expected) =>
        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries), await city.FindAsync(parameters));

    [Theory]
    [InlineData("")]
    [InlineData("id=urn:v:1")]
    [InlineData("type=Vehicle&id=relative")]
    [InlineData("type=(Vehicle")]
    [InlineData("type=Vehicle&q=")]
    [InlineData("type=Vehicle&q=speed==")]
    [InlineData("type=Vehicle&q=speed>true")]
    [InlineData("type=Vehicle&q=brand==unquoted")]
    [InlineData("type=Vehicle&q=brand~=[")]
    [InlineData("type=Vehicle&q=(speed>1")]
    [InlineData("type=Vehicle&idPattern=[")]
    [InlineData("type=Vehicle&scopeQ=//")]
    [InlineData("type=Vehicle&georel=near&geometry=Point&coordinates=[1,2]")]
    [InlineData("type=Vehicle&georel=within&geometry=Point")]
    [InlineData("type=Vehicle&georel=within&geometry=Point&coordinates=[1")]
    [InlineData("type=Vehicle&georel=within&geometry=Circle&coordinates=[1,2]")]
    [InlineData("type=Vehicle&limit=-1")]
    [InlineData("type=Vehicle&limit=0")]
    [InlineData("type=Vehicle&limit=x")]
    [InlineData("type=Vehicle&offset=-1")]
    [InlineData("type=Vehicle&count=maybe")]
    [InlineData("type=Vehicle&join=sideways")]
    [InlineData("type=Vehicle&format=rhymes")]
    [InlineData("type=Vehicle&options=keyValues,concise")]
    [InlineData("type=Vehicle&attrs=a&pick=b")]
    [InlineData("type=Vehicle&local=true&orderBy=speed;sideways")]
    [InlineData("type=Vehicle&q=parked{Parking}.spaces>10")]
    [InlineData("type=Vehicle&q=parked{Parking}.next{Parking}.spaces>10&join=inline&joinLevel=1")]
    [InlineData("type=Vehicle&pick=parked{spaces}")]
    [InlineData("type=Vehicle&pick=parked{next{spaces}}&join=inline&joinLevel=1")]
    [InlineData("type=Vehicle&pick=parked{spaces&join=inline")]
    [InlineData("type=Vehicle&pick=parked{}&join=inline")]
    [InlineData("type=Vehicle&pick=speed}")]
    [InlineData("type=Vehicle&omit=speed,,brand")]
    [InlineData("type=*&local=false")]
    [InlineData("attrs=createdAt")]
    [InlineData("q=modifiedAt>2020-01-01T00:00:00Z")]
    public async Task Query_Wrong_Is400BadRequestData(string parameters)
    {
        var answer = await city.GetAsync($"/entities?{parameters}");

        Assert.Equal((HttpStatusCode.BadRequest, "BadRequestData"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task Query_LimitTooHigh_Is403TooManyResults() => Assert.Equal("TooManyResults", (await city.GetAsync("/entities?type=Vehicle&limit=1001")).Error);

    [Fact]
    public async Task Query_Paged_LinksPagesAndCounts()
    {
        var first = await city.GetAsync("/entities?type=Vehicle,Bus&limit=1&count=true");
        var second = await city.GetAsync("/entities?type=Vehicle,Bus&limit=1&offset=1");
        var only = await city.GetAsync("/entities?type=Vehicle,Bus&limit=0&count=true");

        Assert.Equal("3", first.Header("NGSILD-Results-Count"));
        Assert.Contains("offset=1>; rel=\"next\"", first.Header("Link"), StringComparison.Ordinal);
        Assert.DoesNotContain("prev", first.Header("Link"), StringComparison.Ordinal);
        Assert.Contains("rel=\"prev\"", second.Header("Link"), StringComparison.Ordinal);
        Assert.Equal(("3", "[]"), (only.Header("NGSILD-Results-Count"), only.Text));
    }

    [Fact]
    public async Task Query_NothingFound_IsAnEmptyArray()
    {
        var answer = await city.GetAsync("/entities?type=Nothing");

        Assert.Equal((HttpStatusCode.OK, "[]"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Query_AsGeoJson_IsAFeatureCollection()
    {
        var answer = await city.SendAsync("GET", "/entities?type=Parking&options=keyValues", accept: BrokerClient.GeoJson, prefer: "body=json");

        answer.MeansSame("""{"type":"FeatureCollection","features":[{"id":"urn:p:1","type":"Feature","geometry":null,"properties":{"type":"Parking","spaces":12,"price":{"@type":"Money","@value":5}}}]}""");
    }

    /// <summary>Clause 6.23: the query in the body.</summary>
    [Fact]
    public async Task Query_Posted_FindsTheSame()
    {
        var answer = await city.ExpectAsync(HttpStatusCode.OK, "POST", "/entityOperations/query?count=true&options=keyValues", """
            {"type":"Query","entities":[{"type":"Vehicle"},{"id":"urn:v:3"}],"q":"speed<60","pick":["id","type","speed"],"geoQ":{"georel":"near;maxDistance==400000","geometry":"Point","coordinates":[11,51]}}
            """);

        answer.MeansSame("""[{"id":"urn:v:1","type":"Vehicle","speed":55},{"id":"urn:v:2","type":["Vehicle","Electric"],"speed":{"dataset":{"@none":80,"urn:d:2":10}}},{"id":"urn:v:3","type":"Bus","speed":30}]""");
        Assert.Equal("3", answer.Header("NGSILD-Results-Count"));
    }

    [Theory]
    [InlineData("""{"entities":[{"type":"Vehicle"}],"type":"Other"}""")]
    [InlineData("""{"type":"Query"}""")]
    [InlineData("""{"entities":[{"type":"Vehicle"}]}""")]
    [InlineData("""{"type":"Query","entities":{}}""")]
    [InlineData("""{"type":"Query","entities":[{}]}""")]
    [InlineData("""{"type":"Query","q":5}""")]
    [InlineData("""{"type":"Query","geoQ":{"georel":"within"}}""")]
    public async Task Query_PostedWrong_Is400(string body) => Assert.Equal("BadRequestData", (await city.SendAsync("POST", "/entityOperations/query", body)).Error);

    /// <summary>Clause 4.9 allows any number of terms; this broker does not.</summary>
    [Fact]
    public async Task Query_TooManyTerms_Is403TooComplexQuery() =>
        Assert.Equal("TooComplexQuery", (await city.GetAsync($"/entities?type=Vehicle&q={string.Join('|', Enumerable.Range(0, 300).Select(number => $"a{number}"))}")).Error);

    /// <summary>Clause 5.5.9: the way to the results, by index or through the type in order, changes nothing about them.</summary>
    [Fact]
    public async Task Query_ByACommonText_FindsTheSameInEitherWay()
    {
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entityOperations/create",
            $"[{string.Join(',', Enumerable.Range(100, 400).Select(number => $$"""{"id":"urn:l:{{number}}","type":"Lamp","state":"{{(number % 3 == 0 ? "broken" : "working")}}","level":{{number % 7}} }"""))}]");
        string[] expected = [.. Enumerable.Range(100, 400).Where(number => number % 3 != 0 && number % 7 > 2).Select(number => $"urn:l:{number}")];
        const string Query = "type=Lamp&q=state==%22working%22;level>2&limit=50&offset=";
        var common = fixture.Host.Services.GetRequiredService<CommonFacts>();
        Assert.False(common.IsCommon(Facts.IsText("https://uri.etsi.org/ngsi-ld/default-context/state", "working")));

        var before = (await city.FindAsync($"{Query}0")).Concat(await city.FindAsync($"{Query}50")).ToArray();
        await fixture.Host.ScalarAsync<object>("ANALYZE entity_search");
        await common.RefreshAsync(TestContext.Current.CancellationToken);
        var after = (await city.FindAsync($"{Query}0")).Concat(await city.FindAsync($"{Query}50")).ToArray();

        Assert.True(common.IsCommon(Facts.IsText("https://uri.etsi.org/ngsi-ld/default-context/state", "working")));
        Assert.Equal(expected.Take(100), before);
        Assert.Equal(expected.Take(100), after);
    }

    [Fact]
    public async Task Discovery_TypesAndAttributes_AreWhatIsStored()
    {
        var types = await city.GetAsync("/types");
        var details = await city.GetAsync("/types?details=true");
        var bus = await city.GetAsync("/types/Bus");
        var attributes = await city.GetAsync("/attributes");
        var speed = await city.GetAsync("/attributes/speed");

        Assert.Equal(["Bus", "Electric", "Parking", "Vehicle"], types.Body["typeList"]!.AsArray().Select(type => (string)type!).Order());
        Assert.Equal("EntityTypeList", (string)types.Body["type"]!);
        Assert.Contains("spaces", details.Body.AsArray().Single(type => (string)type!["typeName"]! == "Parking")!["attributeNames"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(("EntityTypeInfo", 1), ((string)bus.Body["type"]!, (int)bus.Body["entityCount"]!));
        Assert.Equal("GeoProperty", (string)bus.Body["attributeDetails"]!.AsArray().Single(attribute => (string)attribute!["attributeName"]! == "location")!["attributeTypes"]![0]!);
        Assert.Contains("spaces", attributes.Body["attributeList"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(3, (int)speed.Body["attributeCount"]!);
        Assert.Equal(["Bus", "Electric", "Vehicle"], speed.Body["typeNames"]!.AsArray().Select(type => (string)type!).Order());
        Assert.Equal(HttpStatusCode.NotFound, (await city.GetAsync("/types/Unknown")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await city.GetAsync("/attributes/unknown")).Status);
        Assert.Equal("ContextSourceIdentity", (string)(await city.GetAsync("/info/sourceIdentity")).Body["type"]!);
    }
}
