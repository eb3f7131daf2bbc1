using System.Globalization;
using LivingCity.Portal.Benchmarks;
using Microsoft.Playwright;

var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 7;
await using var app = await (await DistributedApplicationTestingBuilder.CreateAsync<AppHostEntryPoint>("--Parameters:city-demo=true")).BuildAsync();
await app.StartAsync();
using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
{
    ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
    Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
});
await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway");

Console.WriteLine($"Median of {rounds} first visits, each with an empty browser cache, 1280 x 800. Limits: 150 kB for the first page, 1000 ms, shift 0.\n");
Console.WriteLine("| page | transferred, kB | largest contentful paint, ms | layout shift |\n|---|---|---|---|");
foreach (var path in (string[])["/", "/programme", "/datasets", "/pulse"])
{
    var loads = new List<PageLoad>();
    for (var round = 0; round < rounds; round++)
    {
        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = app.PublicAddress, Locale = "en", ViewportSize = new() { Width = 1280, Height = 800 } });
        loads.Add(await PageLoad.MeasureAsync(context, path, signIn: path == "/pulse"));
    }

    Console.WriteLine(PageLoad.Median(path, loads));
}
