using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;
using static LivingCity.Dataspace.Tests.Hosting.ConnectorPair;

namespace LivingCity.Dataspace.Tests.DataPlane;

/// <summary>Data that must be deleted: due after the first use on both sides, late with an alert, ended by the consumer's word. And datasets that are kept elsewhere.</summary>
public sealed class DeletionTests(ConnectorPair pair) : IClassFixture<ConnectorPair>
{
    [Fact]
    public async Task Data_ThatIsNotDeletedInTime_RaisesTheAlertOnBothSides_UntilTheConsumerAttestsIt()
    {
        var (agreement, transfer) = await pair.ContractAsync(Deleting("PT1S"));
        using var provider = pair.Sofia.As("sofia", "data-officer");
        using var consumer = pair.SantBoi.As("sant-boi", "data-officer");
        Assert.Null((await AgreementAsync(provider, agreement))["deletionDueAt"]);

        Assert.Equal(200, (await pair.FetchAsync(transfer)).Status);

        foreach (var officer in (HttpClient[])[provider, consumer])
        {
            await Eventually.TrueAsync(async () => (bool)(await AgreementAsync(officer, agreement))["deletionIsLate"]!, "the deletion is late");
            Assert.Contains("overdue", await KindsAsync(officer, agreement));
        }

        using var attested = await consumer.PostAsync($"/api/dataspace/v1/agreements/{agreement}/deletion", null, TestContext.Current.CancellationToken);

        Assert.True(attested.IsSuccessStatusCode, await attested.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        foreach (var officer in (HttpClient[])[provider, consumer])
        {
            var now = await AgreementAsync(officer, agreement);
            Assert.Null(now["deletionDueAt"]);
            Assert.False((bool)now["deletionIsLate"]!);
            Assert.Equal("deleted", (await KindsAsync(officer, agreement))[^1]);
            Assert.True((bool)(await officer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/agreements/{agreement}/ledger/check", TestContext.Current.CancellationToken))!["whole"]!);
        }

        using var reconciled = await provider.PostAsync($"/api/dataspace/v1/agreements/{agreement}/ledger/reconciliation", null, TestContext.Current.CancellationToken);
        Assert.True((bool)(await reconciled.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["agree"]!);
    }

    [Fact]
    public async Task Attestation_DeletesWhatThisSideStillKeeps_AndOnlyTheConsumerMayGiveIt()
    {
        var agreement = (string)(await pair.NegotiateAsync(await pair.OfferAsync(Deleting("P30D"))))["agreementId"]!;
        var transfer = (string)(await pair.TransferAsync(agreement, "COMPLETED", "HttpData-PUSH"))["id"]!;
        using var provider = pair.Sofia.As("sofia", "data-officer");
        using var consumer = pair.SantBoi.As("sant-boi", "data-officer");
        Assert.NotEmpty((await consumer.GetFromJsonAsync<JsonArray>($"/api/dataspace/v1/transfers/{transfer}/received", TestContext.Current.CancellationToken))!);
        Assert.False((bool)(await AgreementAsync(consumer, agreement))["deletionIsLate"]!);

        using var byProvider = await provider.PostAsync($"/api/dataspace/v1/agreements/{agreement}/deletion", null, TestContext.Current.CancellationToken);
        using var byConsumer = await consumer.PostAsync($"/api/dataspace/v1/agreements/{agreement}/deletion", null, TestContext.Current.CancellationToken);
        using var again = await consumer.PostAsync($"/api/dataspace/v1/agreements/{agreement}/deletion", null, TestContext.Current.CancellationToken);

        Assert.Equal((404, 204, 409), ((int)byProvider.StatusCode, (int)byConsumer.StatusCode, (int)again.StatusCode));
        Assert.Empty((await consumer.GetFromJsonAsync<JsonArray>($"/api/dataspace/v1/transfers/{transfer}/received", TestContext.Current.CancellationToken))!);
    }

    [Fact]
    public async Task Dataset_ThatIsKeptElsewhere_IsHandedOnWhole_AndNotAtAllUnderAFilter()
    {
        await using var elsewhere = await Trust.DidWorld.StartAsync();
        elsewhere.Text("data.csv", "station,pm10\n1,20\n");
        var dataset = await ExternalAsync($"{elsewhere.Address}/data.csv");

        var whole = await FetchAsync(dataset, Permission());
        var filtered = await FetchAsync(dataset, Permission(Constraint("urn:living-city:odrl:attributes", "isAnyOf", "pm10")));
        var gone = await FetchAsync(await ExternalAsync($"{elsewhere.Address}/nothing.csv"), Permission());

        Assert.Equal((200, "station,pm10\n1,20\n"), whole);
        Assert.Equal(403, filtered.Status);
        Assert.Equal(502, gone.Status);
        Assert.Single(elsewhere.Asked, path => path == "data.csv");
    }

    [Fact]
    public async Task Dataset_ThatIsKeptElsewhere_IsNotFetchedFromInside()
    {
        await using var elsewhere = await Trust.DidWorld.StartAsync();
        elsewhere.Answers["data.csv"] = _ => Task.FromResult(Microsoft.AspNetCore.Http.Results.Redirect("http://10.1.2.3/secret"));
        var dataset = await ExternalAsync($"{elsewhere.Address}/data.csv");

        var (status, text) = await FetchAsync(dataset, Permission());

        Assert.Equal(502, status);
        Assert.True(text.Contains("public address", StringComparison.Ordinal), text);
    }

    private static JsonObject Deleting(string period)
    {
        var policy = Permission();
        policy["obligation"] = new JsonArray(new JsonObject { ["action"] = "http://www.w3.org/ns/odrl/2/delete", ["constraint"] = new JsonArray(Constraint("http://www.w3.org/ns/odrl/2/delayPeriod", "lteq", period)) });
        return policy;
    }

    private static async Task<JsonObject> AgreementAsync(HttpClient officer, string agreement) => (await officer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/agreements/{agreement}"))!;

    private static async Task<string[]> KindsAsync(HttpClient officer, string agreement) =>
        [.. (await officer.GetFromJsonAsync<JsonArray>($"/api/dataspace/v1/agreements/{agreement}/ledger"))!.Select(entry => (string)entry!["kind"]!)];

    private async Task<string> ExternalAsync(string url)
    {
        using var officer = pair.Sofia.As("sofia", "data-officer");
        var id = $"urn:external:{Guid.NewGuid()}";
        using var made = await officer.PostAsJsonAsync("/api/dataspace/v1/datasets", new { id, title = new { en = "x" }, description = new { en = "x" }, url, mediaType = "text/csv", license = "urn:l" });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        return id;
    }

    private async Task<(int Status, string Text)> FetchAsync(string dataset, JsonObject policy)
    {
        var agreement = (string)(await pair.NegotiateAsync(await pair.OfferAsync(policy, dataset: dataset), dataset: dataset))["agreementId"]!;
        var transfer = (string)(await pair.TransferAsync(agreement))["id"]!;
        using var officer = pair.SantBoi.As("sant-boi", "data-officer");
        using var answer = await officer.GetAsync($"/api/dataspace/v1/transfers/{transfer}/data");
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
