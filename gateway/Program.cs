using LivingCity.Gateway.Description;
using LivingCity.Gateway.Incoming;
using LivingCity.Gateway.Portal;
using LivingCity.Gateway.Portal.Live;
using LivingCity.Gateway.Routing;
using LivingCity.Gateway.Security;
using LivingCity.Gateway.Status;
using LivingCity.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("gateway");
builder.AddTrustedProxies();
builder.Services
    .AddVerifiedTokens()
    .AddRequestLimits()
    .AddBrowserOrigins()
    .AddPlatformRoutes(builder.Configuration)
    .AddMergedDescription()
    .AddPortalLive(builder.Configuration);
builder.AddPortal();

var app = builder.Build();
app.UseTrustedProxies();
app.UseRequestIds();
app.UseSecurityHeaders();
app.UseBrowserOrigins();
app.UseDescriptionPage();
app.UsePortalLive();
app.UsePortal();
app.UseServiceDefaults();
app.UseTokenCheck();
app.UseRequestLimits();
app.UseAntiforgery();

app.MapDefaultEndpoints();
app.MapMergedDescription();
app.MapPlatformHealth();
app.MapPortal();
app.MapPortalLive();
app.MapPlatformRoutes();
app.Run();
