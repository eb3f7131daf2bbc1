using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>The city's updates as server-sent events (WHATWG HTML, 9.2), from <c>Last-Event-ID</c> on.</summary>
internal sealed class StreamEndpoint(LiveFeed feed, VisitorTokens tokens, IHostApplicationLifetime host, TimeProvider time, IOptions<LiveSettings> settings, IConfiguration configuration)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    public Results<ServerSentEventsResult<string>, ProblemHttpResult> Open(Caller caller, HttpContext context)
    {
        if (configuration.GetConnectionString("messaging") is not { Length: > 0 })
        {
            return Problem.Unavailable.Because("There are no live updates here: the gateway has no broker.");
        }

        var position = context.Request.Headers["Last-Event-ID"].ToString();
        return TypedResults.ServerSentEvents(ReadAsync(caller.RequiredCity, position.Length > 0 ? position : null, context));
    }

    private async IAsyncEnumerable<SseItem<string>> ReadAsync(string city, string? position, HttpContext context, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var subscription = feed.Of(city).Subscribe(position);
        // Who does not read blocks the write, so that only closing the connection ends it.
        await using var slow = subscription.TooSlow.Register(context.Abort);
        await using var stop = host.ApplicationStopping.Register(subscription.Complete);
        using var timer = new PeriodicTimer(settings.Value.Heartbeat, time);

        yield return Heartbeat();
        foreach (var update in subscription.Backlog)
        {
            yield return Item(update);
        }

        var beat = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var news = subscription.Updates.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            if (await Task.WhenAny(beat, news) == beat)
            {
                await beat;
                if (!await tokens.StillHoldsAsync(context, cancellationToken))
                {
                    yield break;
                }

                yield return Heartbeat();
                beat = timer.WaitForNextTickAsync(cancellationToken).AsTask();
                continue;
            }

            if (!await news)
            {
                yield break;
            }

            while (subscription.Updates.TryRead(out var update))
            {
                yield return Item(update);
            }

            news = subscription.Updates.WaitToReadAsync(cancellationToken).AsTask();
        }
    }

    /// <summary>It has no id: it moves nobody's position.</summary>
    private SseItem<string> Heartbeat() =>
        new(feed.IsListening ? """{"live":true}""" : """{"live":false}""", LiveUpdate.Heartbeat) { ReconnectionInterval = Retry };

    private static SseItem<string> Item(LiveUpdate update) => new(update.Data, update.Kind) { EventId = update.Position };
}
