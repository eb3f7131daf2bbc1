using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LivingCity.Portal.Tests.Dataspace;

/// <summary>The other city of a contract: Sant Boi, with a connector of its own, whose officer works through its API.</summary>
internal sealed class PartnerCity : IAsyncDisposable
{
    public const string Platform = "urn:living-city:participant:platform";
    public const string Participant = "urn:living-city:participant:sant-boi";

    private readonly RunningPortal portal;
    private readonly HttpClient officer;

    private PartnerCity(RunningPortal portal, HttpClient officer) => (this.portal, this.officer) = (portal, officer);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<PartnerCity> OpenAsync(RunningPortal portal)
    {
        await portal.App.ResourceNotifications.WaitForResourceHealthyAsync("connector-sant-boi", Cancelled);
        using var signedIn = await portal.SignInToApiAsync("officer@sant-boi.example");
        var officer = portal.App.CreateHttpClient("connector-sant-boi");
        officer.DefaultRequestHeaders.Authorization = signedIn.DefaultRequestHeaders.Authorization;
        return new PartnerCity(portal, officer);
    }

    /// <summary>Asks the platform for a contract.</summary>
    public async Task<string> AskAsync(string dataset, string offer)
    {
        using var begun = await officer.PostAsJsonAsync("/api/dataspace/v1/negotiations", new
        {
            datasetId = dataset, offerId = offer, providerId = Platform, connectorAddress = $"{portal.App.GetEndpoint("gateway")}dsp/2025-1", approval = "manual",
        }, Cancelled);
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync(Cancelled));
        return (string)(await begun.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"]!;
    }

    /// <summary>A dataset of its own, offered to whom a person of it agrees.</summary>
    public async Task<string> OfferAsync(string title)
    {
        var id = $"urn:living-city:dataset:sant-boi:{Guid.NewGuid():N}";
        using var listed = await officer.PostAsJsonAsync("/api/dataspace/v1/datasets", new { id, title = new { en = title, bg = $"{title} (bg)" }, description = new { en = "Of Sant Boi." }, url = "https://example.org/data.csv", mediaType = "text/csv", license = "urn:l" }, Cancelled);
        Assert.True(listed.IsSuccessStatusCode, await listed.Content.ReadAsStringAsync(Cancelled));
        using var offered = await officer.PostAsJsonAsync("/api/dataspace/v1/offers", new { datasetId = id, policy = new { permission = new[] { new { action = "use" } } }, approval = "manual" }, Cancelled);
        Assert.True(offered.IsSuccessStatusCode, await offered.Content.ReadAsStringAsync(Cancelled));
        return id;
    }

    public async Task<JsonObject> WaitAsync(string negotiation, string state)
    {
        JsonObject? now = null;
        await Eventually.TrueAsync(async () => (string)(now = await officer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/negotiations/{negotiation}", Cancelled))!["state"]! == state, $"the negotiation is {state}");
        return now!;
    }

    /// <summary>Waits until the platform has asked for this dataset.</summary>
    public async Task<string> AskedForAsync(string dataset)
    {
        JsonNode? found = null;
        await Eventually.TrueAsync(async () => (found = (await officer.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/negotiations", Cancelled))!.FirstOrDefault(negotiation => (string)negotiation!["datasetId"]! == dataset)) is not null, "the platform has asked");
        return (string)found!["id"]!;
    }

    public async Task DecideAsync(string negotiation, string action)
    {
        using var done = await officer.PostAsJsonAsync($"/api/dataspace/v1/negotiations/{negotiation}/{action}", new { }, Cancelled);
        Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync(Cancelled));
    }

    public ValueTask DisposeAsync()
    {
        officer.Dispose();
        return ValueTask.CompletedTask;
    }
}
