using System.Net;

namespace LivingCity.Ingestion.Tests.Query;

/// <summary>ETSI GS CIM 009, clause 4.23: the order of results.</summary>
[Collection<BrokerTests>]
public sealed class OrderTests(BrokerFixture fixture)
{
    private readonly BrokerClient city = fixture.NewCity();

    /// <summary>Clause 4.23.2: numbers, strings, objects, arrays, booleans, times, dates, instants, null; what has no such attribute comes last, in either direction.</summary>
    [Theory]
    [InlineData("asc", "urn:m:1,urn:m:2,urn:m:3,urn:m:4,urn:m:5,urn:m:6,urn:m:7,urn:m:8,urn:m:9,urn:m:99")]
    [InlineData("desc", "urn:m:9,urn:m:8,urn:m:7,urn:m:6,urn:m:5,urn:m:4,urn:m:3,urn:m:2,urn:m:1,urn:m:99")]
    public async Task Order_MixedKinds_FollowsTheOrderOfKinds(string direction, string expected)
    {
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entityOperations/create", """
            [{"id":"urn:m:9","type":"Mixed","v":{"type":"Property","value":{"@type":"DateTime","@value":"2026-01-01T00:00:00Z"}}},
             {"id":"urn:m:8","type":"Mixed","v":{"type":"Property","value":{"@type":"Date","@value":"2026-01-01"}}},
             {"id":"urn:m:7","type":"Mixed","v":{"type":"Property","value":{"@type":"Time","@value":"10:00:00"}}},
             {"id":"urn:m:6","type":"Mixed","v":{"type":"Property","value":true}},
             {"id":"urn:m:5","type":"Mixed","v":{"type":"Property","value":[1,2]}},
             {"id":"urn:m:4","type":"Mixed","v":{"type":"Property","value":{"a":1}}},
             {"id":"urn:m:3","type":"Mixed","v":{"type":"Property","value":"1"}},
             {"id":"urn:m:2","type":"Mixed","v":{"type":"Property","value":10}},
             {"id":"urn:m:1","type":"Mixed","v":{"type":"Property","value":9}},
             {"id":"urn:m:99","type":"Mixed"}]
            """);

        Assert.Equal(expected.Split(','), await city.FindAsync($"type=Mixed&local=true&orderBy=v;{direction}"));
    }

    /// <summary>Clause 4.23.1: without a collation, texts are in ICU's root order, in which case and accents matter only where letters are the same.</summary>
    [Theory]
    [InlineData("", "urn:n:1,urn:n:2,urn:n:4,urn:n:5,urn:n:6,urn:n:3")]
    [InlineData("&collation=sv", "urn:n:1,urn:n:2,urn:n:5,urn:n:6,urn:n:3,urn:n:4")]
    [InlineData("&collation=de-u-co-phonebk", "urn:n:4,urn:n:1,urn:n:2,urn:n:5,urn:n:6,urn:n:3")]
    [InlineData("&collation=und-u-ks-level2", "urn:n:2,urn:n:1,urn:n:4,urn:n:5,urn:n:6,urn:n:3")]
    public async Task Order_ByCollation_IsThatOfTheLanguage(string collation, string expected)
    {
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entityOperations/create", """
            [{"id":"urn:n:1","type":"Named","name":"apfel","age":2},{"id":"urn:n:2","type":"Named","name":"Apfel","age":1},{"id":"urn:n:3","type":"Named","name":"zebra"},
             {"id":"urn:n:4","type":"Named","name":"äpfel"},{"id":"urn:n:5","type":"Named","name":"bär"},{"id":"urn:n:6","type":"Named","name":"über"}]
            """);

        Assert.Equal(expected.Split(','), await city.FindAsync($"type=Named&local=true&orderBy=name,age{collation}"));
    }

    /// <summary>Clause 4.23.3, examples 8 to 10: by the spherical distance from a geometry; what has no place follows, by its value.</summary>
    [Theory]
    [InlineData("orderBy=location;dist-asc&orderFrom=[23.3,42.7]", "urn:g:1,urn:g:2,urn:g:3,urn:g:5,urn:g:4")]
    [InlineData("orderBy=location;dist-desc&orderFrom=[23.3,42.7]", "urn:g:3,urn:g:2,urn:g:1,urn:g:5,urn:g:4")]
    [InlineData("orderBy=location;dist-asc&orderGeometry=LineString&orderFrom=[[2.0,41.3],[2.2,41.4]]", "urn:g:3,urn:g:1,urn:g:2,urn:g:5,urn:g:4")]
    [InlineData("orderBy=kind;desc,location;dist-asc&orderFrom=[23.3,42.7]", "urn:g:3,urn:g:1,urn:g:2,urn:g:5,urn:g:4")]
    [InlineData("orderBy=id;desc", "urn:g:5,urn:g:4,urn:g:3,urn:g:2,urn:g:1")]
    [InlineData("orderBy=type", "urn:g:3,urn:g:1,urn:g:2,urn:g:4,urn:g:5")]
    [InlineData("orderBy=scope;desc", "urn:g:2,urn:g:1,urn:g:3,urn:g:4,urn:g:5")]
    [InlineData("orderBy=kind.observedAt", "urn:g:2,urn:g:1,urn:g:3,urn:g:4,urn:g:5")]
    public async Task Order_ByDistanceOrMember_Follows(string order, string expected)
    {
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entityOperations/create", """
            [{"id":"urn:g:1","type":"Place","scope":"/a","kind":{"value":"a","observedAt":"2026-02-01T00:00:00Z"},"location":{"type":"Point","coordinates":[23.32,42.69]}},
             {"id":"urn:g:2","type":"Place","scope":"/b","kind":{"value":"a","observedAt":"2026-01-01T00:00:00Z"},"location":{"type":"Point","coordinates":[24.75,42.14]}},
             {"id":"urn:g:3","type":"Harbour","kind":"b","location":{"type":"Polygon","coordinates":[[[2.1,41.3],[2.3,41.3],[2.3,41.4],[2.1,41.3]]]}},
             {"id":"urn:g:4","type":"Place"},{"id":"urn:g:5","type":"Place","location":"unknown"}]
            """);

        Assert.Equal(expected.Split(','), await city.FindAsync($"type=Place,Harbour&local=true&{order}"));
    }

    [Fact]
    public async Task Order_Posted_IsTheSame()
    {
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entityOperations/create", """
            [{"id":"urn:g:1","type":"Place","location":{"type":"Point","coordinates":[23.32,42.69]}},{"id":"urn:g:2","type":"Place","location":{"type":"Point","coordinates":[24.75,42.14]}}]
            """);

        var answer = await city.ExpectAsync(HttpStatusCode.OK, "POST", "/entityOperations/query?local=true", """
            {"type":"Query","entities":[{"type":"Place"}],"ordering":{"orderBy":["location;dist-desc"],"orderFrom":[23.3,42.7],"collation":"bg"}}
            """);

        Assert.Equal(["urn:g:2", "urn:g:1"], answer.Body.AsArray().Select(entity => (string)entity!["id"]!));
    }

    [Theory]
    [InlineData("orderBy=name")]
    [InlineData("local=false&orderBy=name")]
    [InlineData("local=true&orderBy=location;dist-asc")]
    [InlineData("local=true&orderBy=location;dist-asc&orderFrom=[1")]
    [InlineData("local=true&orderBy=location;dist-asc&orderFrom=[200,1]")]
    [InlineData("local=true&orderBy=location;dist-asc&orderFrom=[1,2]&orderGeometry=GeometryCollection")]
    [InlineData("local=true&orderBy=location;dist-asc&orderFrom=[1,2]&orderGeometry=Circle")]
    [InlineData("local=true&orderBy=id;dist-asc&orderFrom=[1,2]")]
    [InlineData("local=true&orderBy=name&collation=no_such_thing")]
    [InlineData("local=true&orderBy=name&collation=x';--")]
    [InlineData("local=true&orderBy=name&collation=de-u-co-phonebk-and-so-on-and-so-on-and-so-on-and-so-on-and-so-on")]
    public async Task Order_Wrong_Is400BadRequestData(string parameters)
    {
        var answer = await city.GetAsync($"/entities?type=Place&{parameters}");

        Assert.Equal((HttpStatusCode.BadRequest, "BadRequestData"), (answer.Status, answer.Error));
    }
}
