using System.Net;

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
        using var replica = await Replica.StartAsync(portal);

        Assert.Equal(HttpStatusCode.OK, await AccountAsync(replica.Address, await visitor.CookieAsync()));

        await visitor.SignOutAsync();
        await visitor.Page.WaitForURLAsync("**/sign-out/done");
    }

    [Fact]
    public async Task Data_ThatAServiceRefuses_IsForbidden_AndNotAReasonToSignInAgain()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("citizen@sofia.example");

        using var refused = await AskAsync(portal.Address, $"/assessment/{Guid.NewGuid()}/changes?after=0", await visitor.CookieAsync());

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("not-allowed", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_NearTheirEnd_AreRenewedOncePerRequestAndSharedByReplicas()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("planner@sofia.example");
        var cookie = await visitor.CookieAsync();
        using var replica = await Replica.StartAsync(portal, ("Authentication__RenewAhead", "01:00:00"));

        // To this replica every token is near its end. The realm ends the grant when a refresh token comes twice, so each must have used the last one.
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AccountAsync(replica.Address, cookie)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
        Assert.Equal(HttpStatusCode.OK, await AccountAsync(replica.Address, cookie));
        Assert.Equal(HttpStatusCode.OK, await AccountAsync(portal.Address, cookie));
    }

    [Fact]
    public async Task Stream_OfASessionThatIsSignedOutElsewhere_Ends()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("citizen@sofia.example");
        using var replica = await Replica.StartAsync(portal, ("Live__Heartbeat", "00:00:00.1"));
        using var client = portal.Connect(replica.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/portal/stream");
        request.Headers.Add("Cookie", await visitor.CookieAsync());
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancelled));
        Assert.StartsWith("event:", await stream.ReadLineAsync(Cancelled), StringComparison.Ordinal);

        await visitor.SignOutAsync();

        await stream.ReadToEndAsync(Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, await AccountAsync(replica.Address, request.Headers.GetValues("Cookie").Single()));
    }

    [Fact]
    public async Task Cookies_BehindTls_AreSecureAndOfThisHostAlone()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("planner@sofia.example");
        var plain = await visitor.CookieAsync();
        using var replica = await Replica.StartAsync(portal, ("ForwardedHeaders__KnownProxies__0", "127.0.0.1"), ("ForwardedHeaders__KnownProxies__1", "::1"));

        using var signIn = await AskAsync(replica.Address, "/sign-in?returnUrl=/account", "", tls: true);
        using var account = await AskAsync(replica.Address, "/account", $"__Host-{plain}", tls: true);

        Assert.NotEmpty(signIn.Headers.GetValues("Set-Cookie"));
        Assert.All(signIn.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; secure; ", cookie, StringComparison.OrdinalIgnoreCase));
        Assert.All(signIn.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(HttpStatusCode.OK, account.StatusCode);
        Assert.Contains("max-age=", account.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
        using var planted = await AskAsync(replica.Address, "/account", plain, tls: true);
        Assert.Equal(HttpStatusCode.Redirect, planted.StatusCode);
    }

    private async Task<HttpStatusCode> AccountAsync(Uri address, string cookie)
    {
        using var answer = await AskAsync(address, "/account", cookie);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> AskAsync(Uri address, string path, string cookie, bool tls = false)
    {
        using var client = portal.Connect(address);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie.Length > 0)
        {
            request.Headers.Add("Cookie", cookie);
        }

        if (tls)
        {
            request.Headers.Add("X-Forwarded-Proto", "https");
        }

        return await client.SendAsync(request, Cancelled);
    }
}
