using System.Net;

namespace LivingCity.Ingestion.Tests.Entities;

/// <summary>ETSI GS CIM 009, clauses 4.3.6.8, 6.3.6, 6.4.3.2 and 6.5.3.1: answers in terms of an older version of the specification.</summary>
[Collection<BrokerTests>]
public sealed class ConformanceTests(BrokerFixture fixture) : IAsyncLifetime
{
    private readonly BrokerClient city = fixture.NewCity();

    public async ValueTask InitializeAsync() => await city.CreateAsync("""
        {"id":"urn:x:1","type":["A","B"],"scope":"/S","expiresAt":"2090-01-01T00:00:00Z","n":[{"value":2,"datasetId":"urn:d:1"},{"value":1,"unitCode":"CEL","observedAt":"2026-01-01T00:00:00Z"}],
         "l":{"languageMap":{"en":"x"}},"v":{"vocab":"fast"},"lr":{"objectList":["urn:x:2"],"objectType":"A"}}
        """);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("1.0", """{"id":"urn:x:1","type":"A","n":{"type":"Property","value":1},"l":{"type":"Property","value":{"en":"x"}},"v":{"type":"Property","value":"fast"},"lr":{"type":"Relationship","object":["urn:x:2"]}}""")]
    [InlineData("1.3", """{"id":"urn:x:1","type":["A","B"],"n":[{"type":"Property","value":2,"datasetId":"urn:d:1"},{"type":"Property","value":1,"unitCode":"CEL","observedAt":"2026-01-01T00:00:00Z"}],"l":{"type":"Property","value":{"en":"x"}},"v":{"type":"Property","value":"fast"},"lr":{"type":"Relationship","object":["urn:x:2"]}}""")]
    [InlineData("1.5", """{"id":"urn:x:1","type":["A","B"],"scope":"/S","n":[{"type":"Property","value":2,"datasetId":"urn:d:1"},{"type":"Property","value":1,"unitCode":"CEL","observedAt":"2026-01-01T00:00:00Z"}],"l":{"type":"LanguageProperty","languageMap":{"en":"x"}},"v":{"type":"Property","value":"fast"},"lr":{"type":"Relationship","object":["urn:x:2"]}}""")]
    [InlineData("1.8", """{"id":"urn:x:1","type":["A","B"],"scope":"/S","n":[{"type":"Property","value":2,"datasetId":"urn:d:1"},{"type":"Property","value":1,"unitCode":"CEL","observedAt":"2026-01-01T00:00:00Z"}],"l":{"type":"LanguageProperty","languageMap":{"en":"x"}},"v":{"type":"VocabProperty","vocab":"fast"},"lr":{"type":"ListRelationship","objectList":["urn:x:2"],"objectType":"A"}}""")]
    public async Task Prefer_AnOlderVersion_Is203InItsTerms(string version, string expected)
    {
        var one = await city.SendAsync("GET", "/entities/urn:x:1", prefer: $"ngsi-ld={version}");
        var many = await city.SendAsync("GET", "/entities?type=A", prefer: $"ngsi-ld={version}");

        Assert.Equal((HttpStatusCode.NonAuthoritativeInformation, HttpStatusCode.NonAuthoritativeInformation), (one.Status, many.Status));
        Assert.Equal(($"ngsi-ld={version}", $"ngsi-ld={version}"), (one.Header("Preference-Applied"), many.Header("Preference-Applied")));
        one.MeansSame(expected);
        many.MeansSame($"[{expected}]");
    }

    [Theory]
    [InlineData("ngsi-ld=1.9", "ngsi-ld=1.9")]
    [InlineData("ngsi-ld=2.4", "ngsi-ld=1.9")]
    [InlineData("respond-async, ngsi-ld=1.9", "ngsi-ld=1.9")]
    [InlineData("ngsi-ld=latest", null)]
    [InlineData("respond-async", null)]
    public async Task Prefer_WhatNeedsNoChange_Is200(string prefer, string? applied)
    {
        var answer = await city.SendAsync("GET", "/entities/urn:x:1", prefer: prefer);

        Assert.Equal((HttpStatusCode.OK, applied), (answer.Status, answer.Header("Preference-Applied")));
        Assert.Equal("2090-01-01T00:00:00Z", (string?)answer.Body["expiresAt"]);
    }

    [Fact]
    public async Task Prefer_AnOlderVersionOfHistory_Is203InItsTerms()
    {
        var answer = await city.SendAsync("GET", "/temporal/entities/urn:x:1?attrs=n&datasetId=@none", prefer: "ngsi-ld=1.0");

        Assert.Equal((HttpStatusCode.NonAuthoritativeInformation, "ngsi-ld=1.0"), (answer.Status, answer.Header("Preference-Applied")));
        Assert.Null(answer.Body["n"]![0]!["unitCode"]);
    }
}
