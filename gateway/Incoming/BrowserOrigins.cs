using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace LivingCity.Gateway.Incoming;

/// <summary>Which web sites may call from a browser (CORS). Section <c>Cors</c>; without one only the gateway's own pages may.</summary>
internal sealed class BrowserOriginSettings
{
    /// <summary>Origins like <c>https://portal.city.example</c>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];
}

internal static class BrowserOrigins
{
    private static readonly string[] Readable = ["ETag", "Link", "Location", "Retry-After", "NGSILD-Results-Count", RequestIds.Header];

    public static IServiceCollection AddBrowserOrigins(this IServiceCollection services)
    {
        services.AddOptions<BrowserOriginSettings>().BindConfiguration("Cors")
            .Validate(settings => settings.Origins.All(IsOrigin), "Cors:Origins must be origins like https://portal.city.example.")
            .ValidateOnStart();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<BrowserOriginSettings>>((cors, settings) =>
            cors.AddDefaultPolicy(policy => policy.WithOrigins([.. settings.Value.Origins]).AllowAnyHeader().AllowAnyMethod()
                .WithExposedHeaders(Readable).SetPreflightMaxAge(TimeSpan.FromHours(1))));
        return services;
    }

    public static void UseBrowserOrigins(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<BrowserOriginSettings>>().Value.Origins.Count > 0)
        {
            app.UseCors();
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text;
}
