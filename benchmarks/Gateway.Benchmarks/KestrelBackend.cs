namespace LivingCity.Gateway.Benchmarks;

/// <summary>The least that a service of the platform is: ASP.NET Core and a small JSON answer, without token check, database or telemetry.</summary>
internal static class KestrelBackend
{
    public const string Answer = """{"id":"urn:ngsi-ld:Station:1","type":"AirQualityObserved","pm10":{"value":21.4,"unitCode":"GQ"} }""";

    public static Task RunAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        var app = builder.Build();
        app.MapGet("/{**path}", () => Results.Text(Answer, "application/json"));
        return app.RunAsync();
    }
}
