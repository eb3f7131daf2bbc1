using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;

namespace LivingCity.Identity.Tests;

public sealed class ProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.1")]
    [InlineData("example.org")]
    public async Task Start_OnAnAddressThatIsNotLoopback_IsRefused(string host)
    {
        await using var provider = ProviderProcess.Launch(null, "--realm", Repository.RealmFile, "--host", host);

        var (code, errors) = await provider.ExitAsync(Cancellation);

        Assert.Equal(2, code);
        Assert.Contains("loopback only", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPortInUse_SaysSoInOneLine()
    {
        await using var first = await ProviderProcess.StartAsync(Cancellation);
        await using var second = ProviderProcess.Launch(null, "--realm", Repository.RealmFile, "--port", $"{new Uri(first.Issuer).Port}");

        var (code, errors) = await second.ExitAsync(Cancellation);

        Assert.Equal(2, code);
        Assert.Contains("EADDRINUSE", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithARealmThatItCannotServe_NamesWhat()
    {
        var realm = JsonNode.Parse(await File.ReadAllTextAsync(Repository.RealmFile, Cancellation))!;
        realm["clients"]![0]!["redirectUris"]!.AsArray().Add("http://localhost:8080/*");
        var file = Path.Combine(Directory.CreateTempSubdirectory("identity-").FullName, "city-realm.json");
        await File.WriteAllTextAsync(file, realm.ToJsonString(), Cancellation);
        await using var provider = ProviderProcess.Launch(null, "--realm", file);

        var (code, errors) = await provider.ExitAsync(Cancellation);

        Assert.Equal(2, code);
        Assert.Contains("portal: redirect address with a wildcard", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_EndsItCleanly()
    {
        await using var provider = await ProviderProcess.StartAsync(Cancellation);

        using var kill = Process.Start("kill", ["-TERM", $"{provider.Id}"]);

        Assert.Equal(0, (await provider.ExitAsync(Cancellation)).Code);
    }

    [Fact]
    public async Task WatchStdin_WhenItsInputCloses_EndsIt()
    {
        await using var provider = await ProviderProcess.StartAsync(Cancellation);

        provider.CloseInput();

        Assert.Equal(0, (await provider.ExitAsync(Cancellation)).Code);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task State_OverARestart_KeepsTheSigningKeyForItsOwnerAlone()
    {
        var folder = Directory.CreateTempSubdirectory("identity-").FullName;

        var first = await KeysAsync("--state", folder);
        var second = await KeysAsync("--state", folder);

        Assert.Equal(first, second);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "keys.json")));
    }

    [Fact]
    public async Task WithoutState_EveryStartHasAKeyOfItsOwn() => Assert.NotEqual(await KeysAsync(), await KeysAsync());

    [Fact]
    public async Task Issuer_WhenGiven_IsTheOneInDiscovery()
    {
        await using var provider = await ProviderProcess.StartAsync(Cancellation, null, "--issuer", "https://login.city.example/realms/city");
        Assert.Equal("https://login.city.example/realms/city", provider.Issuer);
    }

    [Fact]
    public async Task Start_WithoutSecrets_NamesTheClientsThatCannotSignIn()
    {
        await using var provider = await ProviderProcess.StartAsync(Cancellation, new Dictionary<string, string> { ["GATEWAY_SECRET"] = "known" });
        provider.CloseInput();

        var (_, errors) = await provider.ExitAsync(Cancellation);

        Assert.Contains("cannot sign in: ingestion, dataspace", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("gateway", errors, StringComparison.Ordinal);
    }

    private static async Task<string> KeysAsync(params string[] arguments)
    {
        await using var provider = await ProviderProcess.StartAsync(Cancellation, null, arguments);
        using var http = new HttpClient();
        return await http.GetStringAsync(provider.Endpoint("certs"), Cancellation);
    }
}
