using LivingCity.Gateway.Description;
using LivingCity.Gateway.Incoming;
using LivingCity.Gateway.Landing;
using LivingCity.Gateway.Portal.Live;
using LivingCity.Gateway.Routing;
using LivingCity.Gateway.Security;
using LivingCity.Gateway.Status;
using LivingCity.ServiceDefaults;

Transport.CompleteInline();
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("gateway");
builder.AddTrustedProxies();
builder.Services
    .AddInlineTransport()
    .AddVerifiedTokens()
    .AddRequestLimits()
    .AddBrowserOrigins()
    .AddPlatformRoutes(builder.Configuration)
    .AddMergedDescription()
    .AddPortalLive();

var app = builder.Build();
app.UseTrustedProxies();
app.UseRequestIds();
app.UseSecurityHeaders();
app.UseBrowserOrigins();
app.UseDescriptionPage();
app.UsePortalLive();
app.UseServiceDefaults();
app.UseTokenCheck();
app.UseRequestLimits();

app.MapDefaultEndpoints();
app.MapMergedDescription();
app.MapPlatformHealth();
app.MapLandingPage();
app.MapPortalLive();
app.MapPlatformRoutes();
app.Run();
