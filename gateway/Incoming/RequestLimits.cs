using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace LivingCity.Gateway.Incoming;

/// <summary>Turns away what is too large before any of it is read; what hides its size is stopped while it is read.</summary>
internal static class RequestLimits
{
    public static readonly Problem TooLarge = new("too-large", StatusCodes.Status413PayloadTooLarge, "The request is larger than the gateway passes on.");

    public static IServiceCollection AddRequestLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitSettings>().BindConfiguration(LimitSettings.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitSettings>>((kestrel, limits) =>
        {
            kestrel.Limits.MaxRequestBodySize = limits.Value.BodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        return services;
    }

    public static void UseRequestLimits(this WebApplication app)
    {
        var largest = app.Services.GetRequiredService<IOptions<LimitSettings>>().Value.BodyBytes;
        app.Use((context, next) => context.Request.ContentLength > largest
            ? TooLarge.Because($"The limit is {largest} bytes.").ExecuteAsync(context)
            : next(context));
    }
}
