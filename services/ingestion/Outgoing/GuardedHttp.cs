using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Ingestion.Outgoing;

/// <summary>
/// Clients for addresses that users supply, without the shared pipeline of retries and circuit breakers: for callers that count failures themselves, by endpoint instead of by host.
/// </summary>
internal static class GuardedHttp
{
    /// <summary>A client whose every connection passes the guard, those after a redirect too. It has no time-out: callers have theirs.</summary>
    public static HttpClient Create(AddressGuard guard, long? maxAnswerBytes = null)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = guard.ConnectAsync,
            UseProxy = false, // a proxy would connect in our place, past the guard
            AllowAutoRedirect = true,
            MaxAutomaticRedirections = 3,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (maxAnswerBytes is { } most)
        {
            client.MaxResponseContentBufferSize = most;
        }

        return client;
    }
}
