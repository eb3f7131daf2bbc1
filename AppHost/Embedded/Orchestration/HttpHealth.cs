namespace LivingCity.AppHost.Embedded;

internal static class HttpHealth
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ActivityHeadersPropagator = null })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Null when a GET answers with the status, else why not.</summary>
    public static async Task<string?> CheckAsync(string url, int status, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Client.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode == status ? null : $"{new Uri(url).AbsolutePath} answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException error)
        {
            return error.Message;
        }
    }

    /// <summary>All health checks of a resource for one replica; a resource without any is healthy while it runs.</summary>
    public static async Task<string?> CheckAsync(Resource resource, int replica, CancellationToken cancellationToken)
    {
        foreach (var check in resource.HttpHealthChecks)
        {
            if (await CheckAsync(resource.Endpoint(check.EndpointName).Url(replica) + check.Path, check.StatusCode, cancellationToken) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }
}
