using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(LivingCity.Portal.Tests.RunningPortal))]

namespace LivingCity.Portal.Tests;

/// <summary>The whole platform as its AppHost describes it, and a browser.</summary>
public sealed class RunningPortal : IAsyncLifetime
{
    private DistributedApplication? app;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public DistributedApplication App => app ?? throw new InvalidOperationException("Not started.");

    /// <summary>Where people reach the portal.</summary>
    public Uri Address => new(App.PublicAddress!);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        app = await (await DistributedApplicationTestingBuilder.CreateAsync<AppHostEntryPoint>("--Parameters:city-demo=true", "--participants=sant-boi")).BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        if (app is not null)
        {
            if (Environment.GetEnvironmentVariable("GATEWAY_LOG") is { Length: > 0 } file)
            {
                await File.WriteAllLinesAsync(file, app.Logs("gateway"));
            }

            await app.DisposeAsync();
        }
    }

    /// <summary>A visitor with a browser profile of his own.</summary>
    public async Task<Visitor> VisitAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.BaseURL ??= Address.ToString();
        options.Locale ??= "en";
        var context = await browser!.NewContextAsync(options);
        return new Visitor(context, await context.NewPageAsync(), this);
    }

    /// <summary>A client that sends no cookie but those it is told to, and follows nothing.</summary>
    public HttpClient Connect(Uri? address = null) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address ?? Address };

    /// <summary>A client of the API in a demonstration user's name.</summary>
    public async Task<HttpClient> SignInToApiAsync(string user)
    {
        using var realm = App.CreateHttpClient("keycloak");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "password", ["client_id"] = "demo-cli", ["username"] = user, ["password"] = "demo", ["scope"] = "openid" });
        using var token = await realm.PostAsync("/realms/city/protocol/openid-connect/token", form, Cancelled);
        var api = Connect();
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)(await token.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["access_token"]!);
        return api;
    }
}
