using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.PortalClient.Tests.Hosting;

namespace LivingCity.PortalClient.Tests;

public sealed class DataTests(DemonstrationPlatform platform)
{
    [Theory]
    [InlineData("/portal/data/stations")]
    [InlineData("/portal/data/city-model")]
    [InlineData("/portal/data/air-quality")]
    public async Task Data_KnownAlready_IsNotModified(string path)
    {
        using var client = platform.Gateway.As("sofia", "citizen");
        using var first = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task CityModel_OfTheSyntheticCity_NamesItsDistrictsAndSaysThatItIsSchematic()
    {
        using var client = platform.Gateway.As("sofia", "citizen");

        var model = (await client.GetFromJsonAsync<JsonObject>("/portal/data/city-model", TestContext.Current.CancellationToken))!;

        Assert.True((bool)model["schematic"]!);
        var features = model["features"]!.AsArray();
        Assert.Equal(
            ["Centre", "Garden Suburb", "Hill", "Old Town", "River Bank", "Station Quarter"],
            features.Where(feature => (string?)feature!["properties"]!["layer"] == "district").Select(feature => (string)feature!["properties"]!["name"]!).Order());
        Assert.Superset(new HashSet<string> { "land", "block", "park", "river", "road" }, features.Select(feature => (string)feature!["properties"]!["layer"]!).ToHashSet());
    }

    [Fact]
    public async Task History_OfADay_HasItsHoursInOrder()
    {
        using var client = platform.Gateway.As("sofia", "citizen");

        var history = (await client.GetFromJsonAsync<JsonObject>($"/portal/data/stations/{Pages.Weather}/history?property=temperature&hours=24", TestContext.Current.CancellationToken))!;

        var times = history["points"]!.AsArray().Select(point => (long)point![0]!).ToArray();
        Assert.Equal(25, times.Length);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(3_600_000, pair.Second - pair.First));
        Assert.Equal(("CEL", true), ((string?)history["unitCode"], (bool)history["synthetic"]!));
    }

    [Theory]
    [InlineData("hours=24", "property")]
    [InlineData("property=a%20b&hours=24", "property")]
    [InlineData("property=temperature&hours=0", "hours")]
    [InlineData("property=temperature&hours=9999", "hours")]
    [InlineData("property=temperature&hours=soon", "hours")]
    public async Task History_WithBadInput_NamesTheField(string query, string field)
    {
        using var client = platform.Gateway.As("sofia", "citizen");

        using var answer = await client.GetAsync(new Uri($"/portal/data/stations/{Pages.Weather}/history?{query}", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        Assert.Equal([field], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task History_OfAnotherCitysStation_DoesNotExist()
    {
        using var client = platform.Gateway.As("sant-boi", "city-admin");

        using var answer = await client.GetAsync(new Uri($"/portal/data/stations/{Pages.Weather}/history?property=temperature", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Files_OfTheClient_AreCompressedAndHashedOnesAreKept()
    {
        using var client = platform.Gateway.Anonymous();
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");
        using var entry = await client.GetAsync(new Uri("/portal/portal.js", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.SkipWhen(entry.StatusCode == HttpStatusCode.NotFound, "The portal's client is not built: eng/setup.sh");

        var chunk = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "../../../../../gateway/wwwroot/portal/chunks"), "*.js").Select(Path.GetFileName).First();
        using var hashed = await client.GetAsync(new Uri($"/portal/chunks/{chunk}", UriKind.Relative), TestContext.Current.CancellationToken);
        using var outside = await client.GetAsync(new Uri("/portal/..%2f..%2fappsettings.json", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(["br"], entry.Content.Headers.ContentEncoding);
        Assert.Equal("text/javascript", entry.Content.Headers.ContentType!.MediaType);
        Assert.True(entry.Headers.CacheControl!.NoCache);
        Assert.NotNull(entry.Headers.ETag);
        Assert.Equal(TimeSpan.FromDays(365), hashed.Headers.CacheControl!.MaxAge);
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
    }
}
