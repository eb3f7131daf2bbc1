using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Gateway.Incoming;

/// <summary>What no route matches is answered before anyone is asked who he is: 404 for the path, 405 for the method, 415 for the kind of content.</summary>
internal static class Unmatched
{
    public static void UseUnmatched(this WebApplication app) => app.Use(async (context, next) =>
    {
        switch (context.GetEndpoint())
        {
            case null:
                await Problem.NotFound.Because($"No service of the platform answers at {context.Request.Path}.").ExecuteAsync(context);
                break;
            case RouteEndpoint:
                await next(context);
                break;
            case { RequestDelegate: { } refuse }:
                // Routing's own endpoint: it knows the status and the Allow header, and carries no policy.
                await refuse(context);
                await TypedResults.Problem(statusCode: context.Response.StatusCode).ExecuteAsync(context);
                break;
        }
    });
}
