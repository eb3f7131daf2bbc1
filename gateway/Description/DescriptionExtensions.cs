using LivingCity.ServiceDefaults.Security;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LivingCity.Gateway.Description;

/// <summary>One OpenAPI document for the whole platform at <c>/openapi/v1.json</c>, shown at <c>/docs</c>.</summary>
internal static class DescriptionExtensions
{
    private const string Document = "/openapi/v1.json";

    public static IServiceCollection AddMergedDescription(this IServiceCollection services)
    {
        services.TryAddSingleton<DescriptionSource>();
        services.AddHttpClient(DescriptionSource.Client, client =>
        {
            client.Timeout = TimeSpan.FromSeconds(3);
            client.MaxResponseContentBufferSize = 8 * 1024 * 1024;
        });
        return services;
    }

    public static void MapMergedDescription(this WebApplication app) => app
        .MapGet(Document, async (DescriptionSource source, CancellationToken cancellation) => TypedResults.Bytes(await source.GetAsync(cancellation), "application/json"))
        .RequireAuthorization(Access.Public)
        .WithDisplayName("openapi")
        .ExcludeFromDescription();

    public static void UseDescriptionPage(this WebApplication app)
    {
        var policy = PagePolicy(app.Services.GetRequiredService<IOptions<AuthenticationSettings>>().Value);
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/docs"), docs =>
        {
            docs.Use((context, next) =>
            {
                context.Response.Headers.ContentSecurityPolicy = policy;
                return next(context);
            });
            docs.UseSwaggerUI(page =>
            {
                page.RoutePrefix = "docs";
                page.DocumentTitle = "Living City: API";
                page.SwaggerEndpoint(Document, "Living City v1");
            });
        });    }

    /// <summary>Swagger UI sets styles from its script, draws its icons from data addresses and reads the realm's discovery document; nothing else comes from another site.</summary>
    private static string PagePolicy(AuthenticationSettings authentication) =>
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + $"connect-src 'self' {new Uri(authentication.Authority).GetLeftPart(UriPartial.Authority)}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
}
