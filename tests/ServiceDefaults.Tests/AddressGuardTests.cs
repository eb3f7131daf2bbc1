using System.Net;
using LivingCity.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LivingCity.ServiceDefaults.Tests;

public sealed class AddressGuardTests(SampleFixture fixture) : IClassFixture<SampleFixture>
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fe80::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    public void Allows_AddressThatIsNotPublic_No(string address) => Assert.False(Guard().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("9.9.9.9")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1")]
    [InlineData("64:ff9b::909:909")]
    public void Allows_PublicAddress_Yes(string address) => Assert.True(Guard().Allows(IPAddress.Parse(address)));

    [Fact]
    public void Allows_ConfiguredNetwork_Yes()
    {
        Assert.True(Guard("10.1.0.0/16").Allows(IPAddress.Parse("10.1.2.3")));
        Assert.False(Guard("10.1.0.0/16").Allows(IPAddress.Parse("10.2.2.3")));
    }

    [Theory]
    [InlineData("ftp://example.org/", "http")]
    [InlineData("file:///etc/passwd", "http")]
    [InlineData("/relative", "http or https")]
    [InlineData("nonsense", "absolute")]
    [InlineData("http://user:secret@example.org/", "credentials")]
    [InlineData("http://127.0.0.1/", "public")]
    [InlineData("http://[::1]/", "public")]
    [InlineData("http://2130706433/", "public")]
    [InlineData("http://0x7f.1/", "public")]
    public void Check_AddressThatMayNotBeGiven_SaysWhy(string address, string why) => Assert.Contains(why, Guard().Check(address), StringComparison.Ordinal);

    [Fact]
    public void Check_PublicAddress_IsFine() => Assert.Null(Guard().Check("https://example.org/path?query"));

    [Theory]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    public async Task Call_ToLoopback_NeverArrives(string format)
    {
        var arrived = 0;
        await using var target = await TargetAsync(_ => Interlocked.Increment(ref arrived));
        using var client = fixture.Sample.Services.GetRequiredService<IHttpClientFactory>().CreateClient(OutgoingHttpExtensions.Guarded);

        await Assert.ThrowsAsync<AddressNotAllowedException>(() => client.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, new Uri(target.Urls.First()).Port), TestContext.Current.CancellationToken));

        Assert.Equal(0, arrived);
    }

    [Fact]
    public async Task Call_RedirectedOutOfTheAllowedNetwork_NeverArrives()
    {
        var arrived = 0;
        await using var target = await TargetAsync(_ => Interlocked.Increment(ref arrived), "127.0.0.2");
        await using var redirecting = await TargetAsync(context => context.Response.Redirect(target.Urls.First()));
        await using var provider = new ServiceCollection()
            .AddLogging().AddSingleton(TimeProvider.System).AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(new Microsoft.Extensions.Configuration.ConfigurationManager { ["Outgoing:AllowedNetworks:0"] = "127.0.0.1/32" })
            .AddOutgoingHttp().BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(OutgoingHttpExtensions.Guarded);

        await Assert.ThrowsAsync<AddressNotAllowedException>(() => client.GetAsync(redirecting.Urls.First(), TestContext.Current.CancellationToken));

        Assert.Equal(0, arrived);
    }

    private static AddressGuard Guard(params string[] allowed) => new(Options.Create(new OutgoingSettings { AllowedNetworks = allowed }));

    private static async Task<WebApplication> TargetAsync(Action<HttpContext> answer, string host = "127.0.0.1")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{host}:0");
        var app = builder.Build();
        app.Run(context =>
        {
            answer(context);
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }
}
