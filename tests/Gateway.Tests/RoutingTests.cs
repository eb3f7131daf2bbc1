using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LivingCity.Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LivingCity.Gateway.Tests;

public sealed class RoutingTests(Platform platform)
{
    [Theory]
    [InlineData("/ngsi-ld/v1/entities?type=AirQualityObserved", "ingestion")]
    [InlineData("/ngsi-ld/v1/entities/urn:ngsi-ld:Station:1", "ingestion")]
    [InlineData("/dsp/2025-1/catalog", "dataspace")]
    [InlineData("/.well-known/dspace-version", "dataspace")]
    [InlineData("/api/ingestion/v1/imports", "ingestion")]
    [InlineData("/api/dataspace/v1/datasets?q=%D0%B2%D1%8A%D0%B7%D0%B4%D1%83%D1%85", "dataspace")]
    [InlineData("/api/twin/v1/scenarios", "twin")]
    [InlineData("/api/events/v1/programme", "events")]
    [InlineData("/api/assessment/v1/questionnaires", "assessment")]
    public async Task Path_OfAService_ReachesItUnchanged(string path, string service)
    {
        using var client = platform.Gateway.Connect();
        using var answer = await client.GetAsync(path, []);
        var echo = await answer.EchoAsync();

        Assert.Equal(service, (string?)echo["name"]);
        Assert.Equal(Uri.UnescapeDataString(path), Uri.UnescapeDataString((string)echo["path"]!));
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/api/twin")]
    [InlineData("/api/twin/v2/scenarios")]
    [InlineData("/api/unknown/v1/x")]
    [InlineData("/ngsi-ld/v2/entities")]
    [InlineData("/health/ready/x")]
    public async Task Path_OfNoService_IsNotFound(string path)
    {
        using var client = platform.Gateway.Connect();
        using var answer = await client.GetAsync(path, []);

        await answer.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Method_ThatNoRouteKnows_IsNotAllowed()
    {
        using var client = platform.Gateway.Connect();
        using var request = new HttpRequestMessage(HttpMethod.Trace, "/api/twin/v1/scenarios");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        await answer.ProblemAsync(HttpStatusCode.MethodNotAllowed, "http-405");
    }

    [Fact]
    public async Task Replicas_ShareTheRequests()
    {
        await using var first = await Backend.StartAsync("first");
        await using var second = await Backend.StartAsync("second");
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["twin"] = [first.Address, second.Address] });
        using var client = gateway.Connect();
        var seen = new HashSet<string>();

        await Answers.EventuallyAsync(async () =>
        {
            using var answer = await client.GetAsync("/api/twin/v1/state", []);
            seen.Add((string)(await answer.EchoAsync())["name"]!);
            return seen.Count == 2;
        });

        Assert.Equal(["first", "second"], seen.Order());
    }

    [Fact]
    public async Task Cookies_StayAtTheGateway()
    {
        using var client = platform.Gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/state", ("Cookie", "session=secret"));

        Assert.Null((await answer.EchoAsync()).Header("cookie"));
    }

    [Fact]
    public async Task Http2_WithPriorKnowledge_IsSpoken()
    {
        await using var gateway = GatewayHost.Start(
            platform.Realm, platform.Services, kestrel: kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));

        Assert.Equal(HttpVersion.Version20, await VersionAsync(gateway, HttpVersionPolicy.RequestVersionExact));
    }

    [Fact]
    public async Task Http2_OverTls_IsNegotiated()
    {
        using var certificate = SelfSigned();
        await using var gateway = GatewayHost.Start(
            platform.Realm, platform.Services, kestrel: kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));

        Assert.Equal(HttpVersion.Version20, await VersionAsync(gateway, HttpVersionPolicy.RequestVersionOrLower, certificate));
    }

    private static async Task<Version> VersionAsync(GatewayHost gateway, HttpVersionPolicy policy, X509Certificate? trusted = null)
    {
        using var client = gateway.Connect(trusted: trusted);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/twin/v1/state") { Version = HttpVersion.Version20, VersionPolicy = policy };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await answer.EchoAsync();
        return answer.Version;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
