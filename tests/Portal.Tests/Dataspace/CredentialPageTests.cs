extern alias gateway;
using Deque.AxeCore.Playwright;
using gateway::LivingCity.Gateway.Portal.Dataspace;
using Microsoft.Playwright;
using Npgsql;

namespace LivingCity.Portal.Tests.Dataspace;

/// <summary>The city's administrator decides about credentials that others ask for, and takes them back; nobody else sees the page.</summary>
public sealed class CredentialPageTests(RunningPortal portal)
{
    private const string Page = "/contracts/credentials";

    [Theory]
    [InlineData("en", "Decide", "Refuse", "refused")]
    [InlineData("bg", "Решаване", "Отказ", "отказано")]
    public async Task Request_ThatIsRefused_ShowsTheReason(string language, string decide, string refuse, string refused)
    {
        var holder = await AskedAsync("RECEIVED");
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { Locale = language });
        await visitor.SignInAsync("admin@sofia.example", "/contracts");
        await visitor.Page.Locator($"nav.tabs a[href='{Page}']").ClickAsync();
        await visitor.Page.WaitForURLAsync($"**{Page}");
        await NoViolationAsync(visitor);

        // By keyboard alone: the row's link, the reason, its button.
        await Row(visitor, holder).GetByRole(AriaRole.Link, new() { Name = decide }).FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Page.Locator("#decide")).ToContainTextAsync(holder);
        await NoViolationAsync(visitor);
        await visitor.Page.FocusAsync("#reason");
        await visitor.Page.Keyboard.TypeAsync("Not a member yet.");
        await visitor.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(visitor.Page.Locator("form[action$='/refuse'] button")).ToBeFocusedAsync();
        await Assertions.Expect(visitor.Page.Locator("form[action$='/refuse'] button")).ToHaveTextAsync(refuse);
        await visitor.Page.Keyboard.PressAsync("Enter");

        await visitor.Page.WaitForURLAsync($"**{Page}?done=1");
        await Assertions.Expect(Row(visitor, holder)).ToContainTextAsync(refused);
        await Assertions.Expect(Row(visitor, holder)).ToContainTextAsync("Not a member yet.");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Credentials_ThatWereIssued_AreTakenBackWithAButton()
    {
        var holder = await AskedAsync("ISSUED");
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("admin@sofia.example", Page);
        await Assertions.Expect(Row(visitor, holder)).ToContainTextAsync("issued");

        await Row(visitor, holder).GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();

        await visitor.Page.WaitForURLAsync($"**{Page}?done=1");
        await Assertions.Expect(Row(visitor, holder)).ToContainTextAsync("taken back");
        await Assertions.Expect(Row(visitor, holder).GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Page_ForAnOfficer_IsClosedAndNotLinkedTo()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("officer@sofia.example", "/contracts");

        Assert.Equal(0, await visitor.Page.Locator($"nav.tabs a[href='{Page}']").CountAsync());
        Assert.Equal(403, (await visitor.GoAsync(Page)).Status);
    }

    [Theory]
    [InlineData("issue")]
    [InlineData("refuse")]
    [InlineData("revoke")]
    public async Task Form_FromElsewhere_IsRefused(string decision)
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("admin@sofia.example");
        using var forger = portal.Connect();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["id"] = "x", ["reason"] = "x" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Page}/{decision}") { Content = form };
        request.Headers.Add("Cookie", await visitor.CookieAsync());

        using var answer = await forger.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public void Claims_OfAForm_AreReadByTypeAndLine()
    {
        var claims = AttestedClaims.Read([("id", "x: y"), ("claim.CityCredential", "country: BG\r\n site : https://sofia.bg \n\n"), ("claim.MembershipCredential", " ")])!;

        Assert.Equal(["CityCredential"], claims.Keys);
        Assert.Equal([("country", "BG"), ("site", "https://sofia.bg")], claims["CityCredential"].Select(claim => (claim.Key, claim.Value)));
    }

    [Theory]
    [InlineData("no claim")]
    [InlineData(": nothing")]
    [InlineData("empty:")]
    [InlineData("country: BG\ncountry: ES")]
    public void Claims_WithALineThatIsNone_AreNotReadAtAll(string text) => Assert.Null(AttestedClaims.Read([("claim.CityCredential", $"site: x\n{text}")]));

    [Fact]
    public async Task Issue_WithALineThatIsNoClaim_IssuesNothingAndSaysWhy()
    {
        var holder = await AskedAsync("RECEIVED");
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("admin@sofia.example", Page);
        await Row(visitor, holder).Locator("a").ClickAsync();

        await visitor.Page.FillAsync("textarea[name='claim.CityCredential']", "country BG");
        await visitor.Page.ClickAsync("form[action$='/issue'] button");

        await Assertions.Expect(visitor.Page.Locator(".notice.bad")).ToContainTextAsync("A line is no claim");
        await Assertions.Expect(visitor.Page.Locator("form[action$='/issue']")).ToBeVisibleAsync();
    }

    private static ILocator Row(Visitor visitor, string holder) => visitor.Page.Locator("tbody tr", new() { HasText = holder });

    private static async Task NoViolationAsync(Visitor visitor) =>
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));

    /// <summary>A request as its holder's connector has sent it, in this state. The platform of this test is no issuer: nobody could send it one.</summary>
    private async Task<string> AskedAsync(string status)
    {
        var id = Guid.NewGuid();
        await using var connection = new NpgsqlConnection(await portal.App.GetConnectionStringAsync("dataspace-db", TestContext.Current.CancellationToken));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"""
            INSERT INTO issuance (issuer_pid, holder, holder_pid, types, access, status, requested_at) VALUES ('urn:uuid:{id}', 'did:web:{id}.example', '{id}', ARRAY['CityCredential', 'MembershipCredential'], 'x', '{status}', now());
            INSERT INTO issued_credential (id, issuer_pid, holder, type, issued_at) SELECT 'urn:credential:{id}', issuer_pid, holder, 'CityCredential', now() FROM issuance WHERE issuer_pid = 'urn:uuid:{id}' AND status = 'ISSUED';
            """, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return $"did:web:{id}.example";
    }
}
