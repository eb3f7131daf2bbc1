using System.Threading.RateLimiting;
using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LivingCity.ServiceDefaults.Web;

/// <summary>How many requests one caller may send. Section <c>RateLimits</c>.</summary>
public sealed class RateLimitSettings
{
    /// <summary>Requests per second that a caller may keep up. Default 500.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 1_000_000)]
    public int PerSecond { get; init; } = 500;

    /// <summary>Requests that a caller may send at once after a pause. Default 1000.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 1_000_000)]
    public int Burst { get; init; } = 1000;
}

internal static class RateLimits
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitSettings>().BindConfiguration("RateLimits").ValidateDataAnnotations().ValidateOnStart();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitSettings>>((limiter, settings) =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                RateLimitPartition.GetTokenBucketLimiter(PartitionOf(context), _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = settings.Value.Burst,
                    TokensPerPeriod = Math.Max(1, settings.Value.PerSecond / 10),
                    ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
                    AutoReplenishment = true,
                    QueueLimit = 0,
                }));
            limiter.OnRejected = async (context, _) =>
            {
                context.HttpContext.Response.StatusCode = Problem.TooManyRequests.Status;
                context.HttpContext.Response.Headers.RetryAfter = "1";
                await context.HttpContext.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new ProblemDetailsContext
                {
                    HttpContext = context.HttpContext,
                    ProblemDetails = Problem.TooManyRequests.Details($"The limit is {settings.Value.PerSecond} requests per second and {settings.Value.Burst} at once."),
                });
            };
        });
        return services;
    }

    /// <summary>The client and person where a valid token says so, else the address.</summary>
    private static string PartitionOf(HttpContext context) => context.User.Identity is { IsAuthenticated: true }
        ? $"{context.User.FindFirst("azp")?.Value} {context.User.FindFirst("sub")?.Value}"
        : context.Connection.RemoteIpAddress?.ToString() ?? "";
}
