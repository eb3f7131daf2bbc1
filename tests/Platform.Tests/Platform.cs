using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;

[assembly: AssemblyFixture(typeof(LivingCity.Platform.Tests.Platform))]

// One stack, and some tests kill parts of it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace LivingCity.Platform.Tests;

/// <summary>The whole platform as <c>eng/run.sh</c> starts it, with data and ports of its own, for all tests of the assembly.</summary>
public sealed class Platform : IAsyncLifetime
{
    private static readonly string[] Resources = ["ingestion", "dataspace", "twin", "events", "assessment", "gateway"];

    public DistributedApplication App { get; private set; } = null!;

    public Uri Gateway => App.GetEndpoint("gateway");

    public async ValueTask InitializeAsync()
    {
        App = await (await DistributedApplicationTestingBuilder.CreateAsync<AppHostEntryPoint>()).BuildAsync(TestContext.Current.CancellationToken);
        await App.StartAsync(TestContext.Current.CancellationToken);
        foreach (var resource in Resources)
        {
            await App.ResourceNotifications.WaitForResourceHealthyAsync(resource, TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    /// <summary>A client of the gateway with a real token of a demonstration user.</summary>
    public async Task<HttpClient> SignInAsync(string user)
    {
        using var realm = App.CreateHttpClient("keycloak");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "password", ["client_id"] = "demo-cli", ["username"] = user, ["password"] = "demo", ["scope"] = "openid" });
        using var answer = await realm.PostAsync("/realms/city/protocol/openid-connect/token", form);
        var token = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!;
        return new HttpClient { BaseAddress = Gateway, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
    }

    /// <summary>Reads one value from a service's database, past the service.</summary>
    public async Task<T?> ScalarAsync<T>(string service, string sql, string tenant)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await App.GetConnectionStringAsync($"{service}-db")) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var setting = new NpgsqlCommand("SELECT set_config('app.tenant', $1, false)", connection) { Parameters = { new() { Value = tenant } } };
        await setting.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync();
    }
}
