using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LivingCity.Gateway.Tests.Hosting;
using Microsoft.OpenApi;

namespace LivingCity.Gateway.Tests;

public sealed partial class DescriptionTests(Platform platform)
{
    private static readonly string[] Services = ["assessment", "dataspace", "events", "ingestion", "twin"];

    [Fact]
    public async Task Document_OfAllServices_IsValidOpenApi()
    {
        var result = OpenApiDocument.Parse((await FetchAsync(platform.Gateway)).ToJsonString(), "json");

        Assert.Empty(result.Diagnostic!.Errors);
        Assert.Equal(Services.Select(service => $"/api/{service}/v1/things").Order(), result.Document!.Paths.Keys.Order());
    }

    [Fact]
    public async Task Document_HidesWhatTheGatewayDoesNotPassOn() =>
        Assert.DoesNotContain("/internal", (await FetchAsync(platform.Gateway)).ToJsonString(), StringComparison.Ordinal);

    [Fact]
    public async Task Components_ThatDiffer_AreKeptApart_AndSharedOnesAreOne()
    {
        var document = await FetchAsync(platform.Gateway);
        var schemas = document["components"]!["schemas"]!.AsObject().Select(schema => schema.Key);

        Assert.Equal(new[] { "ProblemDetails", "Thing" }.Concat(Services.Skip(1).Select(service => $"{service}.Thing")).Order(), schemas.Order());
        Assert.Equal(["realm"], document["components"]!["securitySchemes"]!.AsObject().Select(scheme => scheme.Key));
    }

    [Fact]
    public async Task References_AllLeadSomewhere_AndToTheirOwnService()
    {
        var document = await FetchAsync(platform.Gateway);
        var references = Reference().Matches(document.ToJsonString()).Select(match => match.Groups[1].Value.Split('/')).ToList();

        Assert.All(references, reference => Assert.NotNull(document["components"]![reference[0]]![reference[1]]));
        var twin = document["paths"]!["/api/twin/v1/things"]!;
        Assert.Equal("#/components/schemas/twin.Thing", (string?)twin["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]);
        Assert.Equal("#/components/schemas/twin.Thing", (string?)twin["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["discriminator"]!["mapping"]!["thing"]);
    }

    [Fact]
    public async Task OperationIds_AreUnique_AndEveryOperationHasATag()
    {
        var operations = (await FetchAsync(platform.Gateway))["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => operation.Value!).ToList();
        var ids = operations.Select(operation => (string)operation["operationId"]!).ToList();

        Assert.Equal(10, ids.Count);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(operations, operation => Assert.NotEmpty(operation["tags"]!.AsArray()));
    }

    [Fact]
    public async Task Document_WithServicesDown_NamesThem_AndIsCompleteOnceTheyAnswer()
    {
        var twin = await Backend.StartAsync("twin");
        var port = new Uri(twin.Address).Port;
        await twin.DisposeAsync();
        await using var events = await Backend.StartAsync("events", Descriptions.Of("events"));
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["events"] = [events.Address], ["twin"] = [$"http://127.0.0.1:{port}"] });

        var partial = await FetchAsync(gateway);
        Assert.Equal(["assessment", "dataspace", "ingestion", "twin"], partial["x-missing-services"]!.AsArray().Select(service => (string)service!));
        Assert.Contains("twin", (string)partial["info"]!["description"]!, StringComparison.Ordinal);
        Assert.Equal(["/api/events/v1/things"], partial["paths"]!.AsObject().Select(path => path.Key));

        await using var again = await Backend.StartAsync("twin", Descriptions.Of("twin"), port);
        await Answers.EventuallyAsync(async () => (await FetchAsync(gateway))["paths"]!["/api/twin/v1/things"] is not null);
    }

    [Fact]
    public async Task Document_ThatIsNoJson_CountsAsMissing()
    {
        await using var twin = await Backend.StartAsync("twin", app => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(app, "/openapi/v1.json", () => "<html>"));
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["twin"] = [twin.Address] });

        Assert.Contains("twin", (await FetchAsync(gateway))["x-missing-services"]!.AsArray().Select(service => (string)service!));
    }

    [Fact]
    public async Task Page_LoadsNothingFromElsewhere_AndItsPolicyAllowsWhatItHas()
    {
        using var client = platform.Gateway.Connect();
        using var page = await client.GetAsync("/docs/index.html", []);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Empty(Foreign().Matches(html));
        Assert.Empty(InlineScript().Matches(html));
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains($"connect-src 'self' {new Uri(platform.Realm.Authority).GetLeftPart(UriPartial.Authority)};", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AboutPage_LeadsIntegratorsToTheDescription()
    {
        using var client = platform.Gateway.Connect();
        using var page = await client.GetAsync("/about", []);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var links = Link().Matches(html).Select(match => match.Groups[1].Value).ToList();

        Assert.Contains("<html lang=\"en\">", html, StringComparison.Ordinal);
        foreach (var link in (string[])["/docs/", "/openapi/v1.json", "/health"])
        {
            Assert.Contains(link, links);
            using var target = await client.GetAsync(link, []);
            Assert.NotEqual(HttpStatusCode.NotFound, target.StatusCode);
        }
    }

    private static async Task<JsonObject> FetchAsync(GatewayHost gateway)
    {
        using var client = gateway.Connect();
        using var answer = await client.GetAsync("/openapi/v1.json", []);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }

    [GeneratedRegex("\"#/components/([^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("(?:src|href)=\"(?:https?:)?//")]
    private static partial Regex Foreign();

    [GeneratedRegex("<script(?![^>]*src=)[^>]*>")]
    private static partial Regex InlineScript();

    [GeneratedRegex("href=\"([^\"]+)\"")]
    private static partial Regex Link();
}
