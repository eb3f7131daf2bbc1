using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Registry;
using Polly.Retry;

namespace LivingCity.ServiceDefaults.Http;

/// <summary>One pipeline per host, so that one that fails breaks its own circuit and no other's. Stands in for Microsoft.Extensions.Http.Resilience.</summary>
internal sealed class ResiliencePipelines(TimeProvider time) : IDisposable
{
    private readonly ResiliencePipelineRegistry<string> pipelines = new();

    public ResiliencePipeline<HttpResponseMessage> For(Uri address, bool mayRepeat) =>
        pipelines.GetOrAddPipeline<HttpResponseMessage>($"{(mayRepeat ? "repeat" : "once")} {address.Authority}", builder => Build(builder, mayRepeat));

    public void Dispose() => pipelines.Dispose();

    private void Build(ResiliencePipelineBuilder<HttpResponseMessage> builder, bool mayRepeat)
    {
        builder.TimeProvider = time;
        var transient = Failures().HandleResult(response => IsTransient(response.StatusCode));

        // What a gateway says of another host is no fault of its own: one dead source behind a connector must not close the way to all else there.
        var down = Failures().HandleResult(response => IsTransient(response.StatusCode) && response.StatusCode is not (HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout));
        if (mayRepeat)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = transient,
                MaxRetryAttempts = 3,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(200),
                DelayGenerator = attempt => ValueTask.FromResult(attempt.Outcome.Result?.Headers.RetryAfter?.Delta is { } asked && asked < TimeSpan.FromSeconds(5) ? asked : (TimeSpan?)null),
            });
        }

        builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = down,
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(10),
            })
            .AddTimeout(TimeSpan.FromSeconds(10));
    }

    private static PredicateBuilder<HttpResponseMessage> Failures() => new PredicateBuilder<HttpResponseMessage>()
        .Handle<HttpRequestException>(exception => exception is not AddressNotAllowedException)
        .Handle<Polly.Timeout.TimeoutRejectedException>();

    private static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
}

/// <summary>Sends a request through its host's pipeline. Only methods that may be repeated by definition (RFC 9110, 9.2.2) and have no streamed body are.</summary>
internal sealed class ResilienceHandler(ResiliencePipelines pipelines) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var mayRepeat = request.Content is null && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Delete);
        return await pipelines.For(request.RequestUri!, mayRepeat)
            .ExecuteAsync(static async (call, stop) => await call.handler.SendOnceAsync(call.request, stop), (handler: this, request), cancellationToken);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.InnerException is AddressNotAllowedException denied)
        {
            throw denied; // the sockets handler wraps what its connect callback throws
        }
    }
}
