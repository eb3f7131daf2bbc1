using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Desk;

/// <summary>Electing a chair among those who have signed, from the call to the mandate.</summary>
public sealed class ElectionTests(Infrastructure infrastructure) : IAsyncLifetime
{
    private readonly Clock clock = new();
    private ServiceHost<Program>? host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => host = await clock.StartAsync(infrastructure);

    public async ValueTask DisposeAsync() => await host!.DisposeAsync();

    [Fact]
    public async Task Election_FromCandidacyToMandate_CountsEachSignatoryOnceAndHidesVotesUntilItIsClosed()
    {
        foreach (var city in (string[])["alpha", "beta", "gamma"])
        {
            await SignAsync(city);
        }

        var id = await CallAsync("chair");
        using var early = await VoteAsync("alpha", id, Guid.NewGuid());
        await StandAsync("alpha", id, "lluisa-moret-sabido", HttpStatusCode.NoContent);
        await StandAsync("beta", id, "ivan-goychev", HttpStatusCode.NoContent);
        await StandAsync("beta", id, "ivan-goychev", HttpStatusCode.Conflict);
        await StandAsync("gamma", id, "nobody-of-the-directory", HttpStatusCode.Conflict);
        clock.Ahead = TimeSpan.FromHours(2);
        await StandAsync("gamma", id, "ivan-goychev", HttpStatusCode.Conflict);
        var candidates = (await FindAsync(id))["candidates"]!.AsArray();
        var beta = Guid.Parse((string)candidates.Single(candidate => (string)candidate!["name"]! == "beta")!["signatory"]!);
        var alpha = Guid.Parse((string)candidates.Single(candidate => (string)candidate!["name"]! == "alpha")!["signatory"]!);

        var rush = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => VoteAsync("gamma", id, number % 2 == 0 ? beta : alpha)));
        using var own = await VoteAsync("beta", id, beta);
        using var stranger = await VoteAsync("nowhere-signed", id, beta);
        using var nobody = await VoteAsync("alpha", id, Guid.NewGuid());
        var open = await FindAsync(id);
        using var tooEarly = await DeclareAsync(id);
        using var last = await VoteAsync("alpha", id, (await Winner(id)) == beta ? beta : alpha);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.NoContent, HttpStatusCode.Forbidden, HttpStatusCode.Conflict), (early.StatusCode, own.StatusCode, stranger.StatusCode, nobody.StatusCode));
        Assert.Single(rush, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(19, rush.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(("open", 2), ((string)open["state"]!, (int)open["voted"]!));
        Assert.All(open["candidates"]!.AsArray(), candidate => Assert.Null(candidate!["votes"]));
        Assert.Equal(HttpStatusCode.Conflict, tooEarly.StatusCode);

        clock.Ahead = TimeSpan.FromHours(5);
        var closed = await FindAsync(id);
        var winner = closed["candidates"]!.AsArray().MaxBy(candidate => (int)candidate!["votes"]!)!;
        var declared = await Task.WhenAll(DeclareAsync(id), DeclareAsync(id));
        using var anyone = host!.Anonymous();
        var mandate = (await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/mandates", Cancelled))!.Single()!;

        Assert.Equal(3, closed["candidates"]!.AsArray().Sum(candidate => (int)candidate!["votes"]!));
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], declared.Select(answer => answer.StatusCode).Order());
        Assert.Equal((string)winner["name"]!, (string)mandate["signatoryName"]!);
        Assert.Equal(DateOnly.Parse((string)mandate["startsOn"]!, System.Globalization.CultureInfo.InvariantCulture).AddYears(2), DateOnly.Parse((string)mandate["endsOn"]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(3L, await host.ScalarAsync<long>($"SELECT count(*) FROM ballot_paper WHERE election_id = '{id}'"));
    }

    [Fact]
    public async Task Election_WithATieOrWithoutVotes_IsNotDecided()
    {
        foreach (var city in (string[])["delta", "epsilon"])
        {
            await SignAsync(city);
        }

        var (tied, silent) = (await CallAsync("co-chair"), await CallAsync("co-chair"));
        await StandAsync("delta", tied, "lluisa-moret-sabido", HttpStatusCode.NoContent);
        await StandAsync("epsilon", tied, "ivan-goychev", HttpStatusCode.NoContent);
        clock.Ahead = TimeSpan.FromHours(2);
        foreach (var candidate in (await FindAsync(tied))["candidates"]!.AsArray())
        {
            using var vote = await VoteAsync((string)candidate!["name"]!, tied, Guid.Parse((string)candidate["signatory"]!));
            Assert.Equal(HttpStatusCode.NoContent, vote.StatusCode);
        }

        clock.Ahead = TimeSpan.FromHours(5);
        foreach (var election in new[] { tied, silent })
        {
            using var declared = await DeclareAsync(election);
            Assert.Equal(HttpStatusCode.Conflict, declared.StatusCode);
            Assert.Contains("election-tie", await declared.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("mayor", "2030-01-01T09:00:00", "2030-01-08T18:00:00", "Europe/Brussels", "office")]
    [InlineData("chair", "2030-01-08T09:00:00", "2030-01-01T18:00:00", "Europe/Brussels", "closes")]
    [InlineData("chair", "2030-01-01T09:00:00", "2030-01-08T18:00:00", "Europe/Atlantis", "timeZone")]
    public async Task Call_WithAMistake_NamesTheField(string office, string opens, string closes, string timeZone, string field)
    {
        using var organiser = host!.As("sofia", "organiser");

        using var refused = await organiser.PostAsJsonAsync("/api/events/v1/elections", new { office, opens, closes, timeZone }, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.NotNull((await refused.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["errors"]![field]);
    }

    /// <summary>From one hour from now until four.</summary>
    private async Task<Guid> CallAsync(string office)
    {
        using var organiser = host!.As("sofia", "organiser");
        var now = clock.GetUtcNow().UtcDateTime;
        using var called = await organiser.PostAsJsonAsync("/api/events/v1/elections", new { office, opens = $"{now.AddHours(1):s}", closes = $"{now.AddHours(4):s}", timeZone = "UTC" }, Cancelled);
        Assert.True(called.IsSuccessStatusCode, await called.Content.ReadAsStringAsync(Cancelled));
        return Guid.Parse((string)(await called.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"]!);
    }

    private async Task SignAsync(string city)
    {
        using var admin = host!.As(city, "city-admin");
        using var network = host.As("sofia", "organiser");
        using var begun = await admin.PostAsJsonAsync("/api/events/v1/signings", new { name = city, kind = "city", country = "Spain", signerName = "A", signerTitle = "Mayor", authority = "Council" }, Cancelled);
        var id = (string)(await begun.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"]!;
        using var signed = await admin.PostAsync($"/api/events/v1/signings/{id}/signature", null, Cancelled);
        using var done = await network.PostAsync($"/api/events/v1/signings/{id}/countersignature", null, Cancelled);
        Assert.True(done.IsSuccessStatusCode);
    }

    private async Task StandAsync(string city, Guid election, string person, HttpStatusCode expected)
    {
        using var admin = host!.As(city, "city-admin");
        using var answer = await admin.PostAsJsonAsync($"/api/events/v1/elections/{election}/candidacies", new { person, statement = "For all" }, Cancelled);
        Assert.Equal(expected, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> VoteAsync(string city, Guid election, Guid candidate)
    {
        using var admin = host!.As(city, "city-admin");
        return await admin.PostAsJsonAsync($"/api/events/v1/elections/{election}/votes", new { candidate }, Cancelled);
    }

    private async Task<HttpResponseMessage> DeclareAsync(Guid election)
    {
        using var organiser = host!.As("sofia", "organiser");
        return await organiser.PostAsync($"/api/events/v1/elections/{election}/result", null, Cancelled);
    }

    private async Task<JsonNode> FindAsync(Guid election)
    {
        using var anyone = host!.Anonymous();
        return (await anyone.GetFromJsonAsync<JsonArray>("/api/events/v1/elections", Cancelled))!.Single(candidate => (string)candidate!["id"]! == $"{election}")!;
    }

    /// <summary>Who is ahead, past the service, so that the last vote makes no tie.</summary>
    private Task<Guid> Winner(Guid election) => host!.ScalarAsync<Guid>($"SELECT candidate FROM vote WHERE election_id = '{election}' ORDER BY votes DESC LIMIT 1");
}
