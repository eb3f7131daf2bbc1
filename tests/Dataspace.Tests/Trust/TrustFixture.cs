using System.Security.Cryptography;
using System.Net.Http.Json;
using LivingCity.Testing;

namespace LivingCity.Dataspace.Tests.Trust;

/// <summary>A connector with a key, an issuer that it trusts for members and cities, and another that it trusts for cities only. It remembers nothing, so that each test is the first.</summary>
public sealed class TrustFixture(Infrastructure infrastructure) : IAsyncLifetime
{
    private readonly List<string> files = [];

    public Infrastructure Servers => infrastructure;

    public DidWorld World { get; private set; } = null!;

    public DidActor Issuer { get; private set; } = null!;

    public DidActor CityIssuer { get; private set; } = null!;

    public ServiceHost<Program> Host { get; private set; } = null!;

    public string Did => World.Did("sofia");

    public async ValueTask InitializeAsync()
    {
        World = await DidWorld.StartAsync();
        (Issuer, CityIssuer) = (World.Actor("authority"), World.Actor("statistics"));
        Issuer.PublishStatus(set: [7, 131_071]);
        Issuer.PublishStatus("suspension", set: [9]);
        Host = await ConnectorAsync("sofia");
    }

    /// <summary>A connector with a membership and a city credential.</summary>
    public async Task<ServiceHost<Program>> ConnectorAsync(string city, ServiceHost<Program>? replicaOf = null, params (string, string)[] more)
    {
        var host = await ServiceHost<Program>.StartAsync(infrastructure, Settings(city, more), replicaOf);
        World.Forward(city, host.Anonymous());
        using var admin = host.As(city, "city-admin");
        foreach (var type in (string[])["MembershipCredential", "CityCredential"])
        {
            using var kept = await admin.PostAsJsonAsync("/api/dataspace/v1/trust/credentials", new { jwt = Issuer.Sign(Issuer.Credential(type, World.Did(city), status: Issuer.Status(1))) });
            Assert.True(kept.IsSuccessStatusCode, await kept.Content.ReadAsStringAsync());
        }

        return host;
    }

    public Dictionary<string, string> Settings(string city, params (string Name, string Value)[] more)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.GetTempFileName();
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
        files.Add(file);
        var settings = new Dictionary<string, string>
        {
            ["Participant:Id"] = World.Did(city),
            ["Participant:City"] = city,
            ["Trust:KeyFile"] = file,
            ["Trust:UseHttps"] = "false",
            ["Trust:Memory"] = "00:00:00",
            ["Trust:Issuers:0:Id"] = Issuer.Did,
            ["Trust:Issuers:0:Types:0"] = "MembershipCredential",
            ["Trust:Issuers:0:Types:1"] = "CityCredential",
            ["Trust:Issuers:1:Id"] = CityIssuer.Did,
            ["Trust:Issuers:1:Types:0"] = "CityCredential",
            ["Outgoing:AllowedNetworks:0"] = "127.0.0.0/8",
            ["RateLimits:Burst"] = "100000",
            ["RateLimits:PerSecond"] = "100000",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    /// <summary>A participant that is as it should be: a member.</summary>
    public DidActor Member()
    {
        var member = World.Actor($"member-{Guid.NewGuid():N}");
        member.Audience = Did;
        member.Held.Add(Issuer.Sign(Issuer.Credential("MembershipCredential", member.Did, status: Issuer.Status(3))));
        return member;
    }

    /// <summary>Asks the connector with this token for a negotiation that is not there.</summary>
    /// <returns>404 when the caller is known; 401 with the reason when it is not.</returns>
    public async Task<(int Status, string Text)> CallAsync(string token, ServiceHost<Program>? host = null)
    {
        using var client = (host ?? Host).With(token);
        using var answer = await client.GetAsync("/dsp/2025-1/negotiations/urn:uuid:none");
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await World.DisposeAsync();
        files.ForEach(File.Delete);
    }
}
