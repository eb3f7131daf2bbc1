using System.Text;

namespace LivingCity.AppHost.Embedded;

internal static class HttpHealth
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ActivityHeadersPropagator = null })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Null when a GET answers with the status, else why not.</summary>
    public static async Task<string?> CheckAsync(string url, int status, CancellationToken cancellationToken, (string User, string Password)? login = null)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url));
            if (login is { } who)
            {
                request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{who.User}:{who.Password}")));
            }

            using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
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
