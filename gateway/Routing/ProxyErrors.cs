using LivingCity.Gateway.Incoming;
using LivingCity.ServiceDefaults.Errors;
using Yarp.ReverseProxy.Forwarder;

namespace LivingCity.Gateway.Routing;

/// <summary>Says as a problem what went wrong between the gateway and a service, and nothing about where that service is.</summary>
internal sealed class ProxyErrors(RequestDelegate next)
{
    private static readonly Problem Unreachable = new("service-unreachable", StatusCodes.Status502BadGateway, "The service behind this path does not answer.");
    private static readonly Problem NoReplica = new("service-unavailable", StatusCodes.Status503ServiceUnavailable, "The service behind this path is not running.");
    private static readonly Problem TooSlow = new("service-timeout", StatusCodes.Status504GatewayTimeout, "The service behind this path took too long.");
    private static readonly Problem BadBody = new("unreadable-body", StatusCodes.Status400BadRequest, "The body of the request could not be read.");

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.Features.Get<IForwarderErrorFeature>() is not { } failure || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var problem = Describe(failure);
        if (problem == NoReplica)
        {
            context.Response.Headers.RetryAfter = "2";
        }

        await problem.Because($"Service: {context.GetReverseProxyFeature().Cluster.Config.ClusterId}.").ExecuteAsync(context);
    }

    private static Problem Describe(IForwarderErrorFeature failure) => failure.Error switch
    {
        ForwarderError.NoAvailableDestinations => NoReplica,
        ForwarderError.RequestTimedOut => TooSlow,
        ForwarderError.RequestBodyClient when IsTooLarge(failure.Exception) => RequestLimits.TooLarge,
        ForwarderError.RequestBodyClient => BadBody,
        _ => Unreachable,
    };

    private static bool IsTooLarge(Exception? exception) => exception switch
    {
        null => false,
        BadHttpRequestException bad => bad.StatusCode == StatusCodes.Status413PayloadTooLarge,
        AggregateException many => many.InnerExceptions.Any(IsTooLarge),
        _ => IsTooLarge(exception.InnerException),
    };
}
