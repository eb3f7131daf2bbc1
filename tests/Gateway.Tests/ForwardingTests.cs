using LivingCity.Gateway.Tests.Hosting;

namespace LivingCity.Gateway.Tests;

public sealed class ForwardingTests(Platform platform)
{
    private static readonly (string Name, string Value)[] Claims =
    [
        ("X-Forwarded-For", "203.0.113.7"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "city.example"),
        ("X-Forwarded-Prefix", "/elsewhere"),
        ("X-Forwarded-User", "admin"),
        ("X-Original-Host", "attacker.example"),
        ("X-Real-IP", "203.0.113.7"),
        ("Forwarded", "for=203.0.113.7;proto=https"),
    ];

    [Theory]
    [InlineData("ForwardedHeaders:KnownProxies:0", "127.0.0.1")]
    [InlineData("ForwardedHeaders:KnownNetworks:0", "127.0.0.0/8")]
    public async Task KnownProxy_IsBelieved(string setting, string value)
    {
        await using var gateway = platform.StartGateway((setting, value));
        using var client = gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/state", Claims);
        var echo = await answer.EchoAsync();

        Assert.Equal("203.0.113.7", echo.Header("x-forwarded-for"));
        Assert.Equal("https", echo.Header("x-forwarded-proto"));
        Assert.Equal("city.example", echo.Header("x-forwarded-host"));
        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("ForwardedHeaders:KnownProxies:0", "192.0.2.1")]
    [InlineData("ForwardedHeaders:KnownNetworks:0", "192.0.2.0/24")]
    [InlineData("FORWARDEDHEADERS_ENABLED", "true")]
    public async Task UnknownProxy_IsNotBelieved(string setting, string value)
    {
        await using var gateway = platform.StartGateway((setting, value));
        using var client = gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/state", Claims);
        var echo = await answer.EchoAsync();

        Assert.Equal("127.0.0.1", echo.Header("x-forwarded-for"));
        Assert.Equal("http", echo.Header("x-forwarded-proto"));
        Assert.Equal(gateway.Address.Authority, echo.Header("x-forwarded-host"));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task OtherClaimsAboutTheCaller_ReachNoService()
    {
        using var client = platform.Gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/state", Claims);
        var echo = await answer.EchoAsync();

        Assert.All(["x-forwarded-prefix", "x-forwarded-user", "x-original-host", "x-real-ip", "forwarded"], name => Assert.Null(echo.Header(name)));
    }

    [Fact]
    public void ProxyThatIsNoAddress_StopsTheStart() =>
        Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => platform.StartGateway(("ForwardedHeaders:KnownProxies:0", "proxy.example")));

    [Theory]
    [InlineData("a-well-formed.id_0123456789")]
    public async Task RequestId_WellFormed_IsKept(string id)
    {
        using var client = platform.Gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/state", ("X-Request-ID", id));

        Assert.Equal(id, (await answer.EchoAsync()).Header("x-request-id"));
        Assert.Equal([id], answer.Headers.GetValues("X-Request-ID"));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("with spaces in it")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task RequestId_IllFormed_IsReplaced(string id)
    {
        using var client = platform.Gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/state", ("X-Request-ID", id));
        var made = Assert.Single(answer.Headers.GetValues("X-Request-ID"));

        Assert.NotEqual(id, made);
        Assert.Matches("^[0-9a-f]{32}$", made);
        Assert.Equal(made, (await answer.EchoAsync()).Header("x-request-id"));
    }

    [Fact]
    public async Task RequestId_IsInTheLog()
    {
        var logs = new ScopeRecorder();
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["twin"] = ["http://127.0.0.1:1"] },
            new Dictionary<string, string> { ["Logging:LogLevel:Yarp"] = "Information" }, logs: logs);
        using var client = gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/state", ("X-Request-ID", "an-id-to-look-for"));

        Assert.Contains("an-id-to-look-for", logs.RequestIds);
    }
}
