using System.Text.Json;
using LivingCity.Testing;

namespace LivingCity.Dataspace.Tests.Hosting;

/// <summary>A connector under a conformance profile: the test plays the counterparty.</summary>
internal sealed class Profile : IAsyncDisposable
{
    public const string Counterparty = "urn:test:counterparty";
    public const string Us = "urn:test:connector";

    private readonly string file;

    private Profile(ServiceHost<Program> host, string file) => (Host, this.file) = (host, file);

    public ServiceHost<Program> Host { get; }

    /// <summary>Starts a connector with these scripts: a dataset or an agreement for each.</summary>
    public static async Task<Profile> StartAsync(Infrastructure infrastructure, IEnumerable<(string Id, string[] Steps)>? datasets = null, IEnumerable<(string Id, string Role, string[] Steps)>? agreements = null,
        Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? services = null)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            counterparty = Counterparty,
            pause = "00:00:00.020",
            datasets = (datasets ?? []).Select(dataset => new { id = dataset.Id, offers = new[] { $"{dataset.Id}:offer" }, steps = dataset.Steps }),
            agreements = (agreements ?? []).Select(agreement => new { id = agreement.Id, datasetId = "urn:d", role = agreement.Role, steps = agreement.Steps }),
        }));
        var host = await ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string>
        {
            ["Conformance:File"] = file,
            ["Participant:Id"] = Us,
            ["Outgoing:AllowedNetworks:0"] = "127.0.0.0/8",
            ["RateLimits:Burst"] = "100000",
        }, services: services);
        await Eventually.TrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM dataset") == (datasets ?? []).Count()
            && await host.ScalarAsync<long>("SELECT count(*) FROM agreement", "conformance") == (agreements ?? []).Count(), "the profile is seeded");
        return new Profile(host, file);
    }

    /// <summary>Waits until this side of a process is in a state.</summary>
    public static async Task InStateAsync(TestPeer peer, string path, string state) =>
        await Eventually.TrueAsync(async () => (string?)(await peer.GetAsync(path))["state"] == state, $"{path} is {state}");

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        File.Delete(file);
    }
}
