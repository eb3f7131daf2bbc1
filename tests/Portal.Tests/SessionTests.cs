using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LivingCity.Portal.Tests;

public sealed class SessionTests(RunningPortal portal)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StolenCookie_AfterSignOut_IsUseless()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("planner@sofia.example");
        var stolen = await visitor.CookieAsync();
        Assert.Equal(HttpStatusCode.OK, await AccountAsync(portal.Address, stolen));

        await visitor.SignOutAsync();
        await visitor.Page.WaitForURLAsync("**/sign-out/done");

        Assert.Equal(HttpStatusCode.Redirect, await AccountAsync(portal.Address, stolen));
    }

    [Fact]
    public async Task OtherSession_EndedFromTheAccount_IsOver()
    {
        await using var thief = await portal.VisitAsync();
        await thief.SignInAsync("officer@sant-boi.example");
        var stolen = await thief.CookieAsync();
        await using var owner = await portal.VisitAsync();
        await owner.SignInAsync("officer@sant-boi.example");

        await owner.Page.Locator("form[action='/account/sessions/end'] button").First.ClickAsync();
        await owner.Page.WaitForURLAsync("**/account#sessions");

        Assert.Equal(HttpStatusCode.Redirect, await AccountAsync(portal.Address, stolen));
        Assert.Equal(HttpStatusCode.OK, await AccountAsync(portal.Address, await owner.CookieAsync()));
    }

    [Fact]
    public async Task SigningInAgain_WithAPlantedCookie_MakesANewKey()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("assessor@sofia.example");
        var planted = await visitor.CookieAsync();

        await visitor.GoAsync("/sign-in?returnUrl=/account");
        await visitor.Page.WaitForURLAsync("**/account");

        Assert.NotEqual(planted, await visitor.CookieAsync());
        Assert.Equal(HttpStatusCode.Redirect, await AccountAsync(portal.Address, planted));
    }

    [Fact]
    public async Task Replica_OnTheSameDatabase_KnowsTheSession()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("organiser@sofia.example");
        using var replica = await StartReplicaAsync();

        Assert.Equal(HttpStatusCode.OK, await AccountAsync(replica.Address, await visitor.CookieAsync()));

        await visitor.SignOutAsync();
        await visitor.Page.WaitForURLAsync("**/sign-out/done");
    }

    [Fact]
    public async Task Tokens_NearTheirEnd_AreRenewedOncePerRequestAndSharedByReplicas()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("planner@sofia.example");
        var cookie = await visitor.CookieAsync();
        using var replica = await StartReplicaAsync(("Authentication__RenewAhead", "01:00:00"));

        // To this replica every token is near its end. The realm ends the grant when a refresh token comes twice, so each must have used the last one.
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AccountAsync(replica.Address, cookie)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
        Assert.Equal(HttpStatusCode.OK, await AccountAsync(replica.Address, cookie));
        Assert.Equal(HttpStatusCode.OK, await AccountAsync(portal.Address, cookie));
    }

    private async Task<HttpStatusCode> AccountAsync(Uri address, string cookie)
    {
        using var client = portal.Connect(address);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account");
        request.Headers.Add("Cookie", cookie);
        using var answer = await client.SendAsync(request, Cancelled);
        return answer.StatusCode;
    }

    private async Task<Replica> StartReplicaAsync(params (string Name, string Value)[] settings)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var address = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        // The tests' own output is tests/Portal.Tests/bin/{configuration}/{framework}.
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var folder = Path.GetFullPath(Path.Combine(output.FullName, "../../../../../gateway"));
        var start = new ProcessStartInfo("dotnet", Path.Combine(folder, "bin", output.Parent!.Name, output.Name, "LivingCity.Gateway.dll")) { WorkingDirectory = folder };
        foreach (var (name, value) in portal.App.GetEnvironment("gateway"))
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = address;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var replica = new Replica(Process.Start(start)!, new Uri(address));
        using var client = portal.Connect(replica.Address);
        await Eventually.TrueAsync(async () => (await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancelled)).IsSuccessStatusCode, "the replica is ready");
        return replica;
    }

    private sealed class Replica(Process process, Uri address) : IDisposable
    {
        public Uri Address => address;

        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
