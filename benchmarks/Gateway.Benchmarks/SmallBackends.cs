using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Gateway.Benchmarks;

/// <summary>Services with one small JSON answer each, run as processes of their own.</summary>
internal static class SmallBackends
{
    public const string Path = "/api/twin/v1/state";
    public const string Answer = """{"id":"urn:ngsi-ld:Station:1","type":"AirQualityObserved","pm10":{"value":21.4,"unitCode":"GQ"} }""";

    public static Task RunKestrelAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        var app = builder.Build();
        app.MapGet(Path, () => Results.Text(Answer, "application/json"));
        return app.RunAsync();
    }

    public static Task RunServiceAsync(string address)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        builder.AddServiceDefaults("twin");
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapGet(Path, () => TypedResults.Text(Answer, "application/json")).RequireAuthorization(Access.SignedIn);
        app.MapDefaultEndpoints();
        return app.RunAsync();
    }
}
