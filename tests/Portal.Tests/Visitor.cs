using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests;

/// <summary>Somebody with a browser. Notes what the browser complains about and whom it talks to.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly ConcurrentQueue<string> requests = new();
    private readonly RunningPortal portal;

    public Visitor(IBrowserContext context, IPage page, RunningPortal portal)
    {
        (Context, Page, this.portal) = (context, page, portal);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
        page.Request += (_, request) => requests.Enqueue(request.Url);
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>Console errors and warnings, script errors, and what the content security policy kept out.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>Requests to other hosts than the portal and the realm's sign-in.</summary>
    public IReadOnlyCollection<string> ForeignRequests =>
        [.. requests.Where(url => new Uri(url).Scheme is "http" or "https" && new Uri(url).Authority != portal.Address.Authority && new Uri(url).Authority != portal.App.GetEndpoint("keycloak").Authority)];

    public async Task<IResponse> GoAsync(string path) => (await Page.GotoAsync(path))!;

    /// <summary>Takes a picture for people to look at, where <c>SCREENSHOTS</c> names a folder.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }
    }

    /// <summary>Signs in through the realm's own page, and is back at the portal.</summary>
    public async Task<Visitor> SignInAsync(string user, string returnUrl = "/account")
    {
        await GoAsync($"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
        await Page.FillAsync("#username", user);
        await Page.FillAsync("#password", "demo");
        await Page.ClickAsync("button[type=submit]");

        // Not WaitForURLAsync: its wait for the load event misses one that fires just then. The footer is the last of a page.
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex($"{Regex.Escape(returnUrl)}$"), new() { Timeout = 30_000 });
        await Page.Locator("footer").First.WaitForAsync();
        return this;
    }

    public Task SignOutAsync() => Page.ClickAsync("form[action='/sign-out'] button");

    /// <summary>The session's cookie, as a header would carry it.</summary>
    public async Task<string> CookieAsync() =>
        string.Join("; ", (await Context.CookiesAsync()).Where(cookie => cookie.Name.EndsWith("city-session", StringComparison.Ordinal)).Select(cookie => $"{cookie.Name}={cookie.Value}"));

    public async ValueTask DisposeAsync() => await Context.DisposeAsync();
}
