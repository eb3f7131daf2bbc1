using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LivingCity.ServiceDefaults.Errors;
using Yarp.ReverseProxy;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>Reads from the services in the name of who is signed in: a service decides for itself what this caller may see.</summary>
internal sealed class ServiceCalls(IHttpClientFactory clients, IProxyStateLookup proxy, IPortalTokens tokens, IHttpContextAccessor accessor)
{
    /// <summary>What a service answers to a GET.</summary>
    /// <returns>Null when the service knows nothing of it, or not for this caller.</returns>
    /// <exception cref="ProblemException">The service is away (503), or the session has ended (401).</exception>
    public async Task<T?> GetAsync<T>(string service, string path, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(AddressOf(service), path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken));
        try
        {
            using var response = await clients.CreateClient("portal").SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or Polly.ExecutionRejectedException)
        {
            throw Problem.Unavailable.Throw($"The service {service} does not answer.");
        }
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken) =>
        await tokens.GetAccessTokenAsync(accessor.HttpContext!, cancellationToken) ?? throw SessionEnded.Throw("Sign in again.");

    /// <summary>One of the replicas that the gateway's probes find well.</summary>
    private Uri AddressOf(string service)
    {
        var replicas = proxy.TryGetCluster(service, out var cluster) ? cluster.DestinationsState.AvailableDestinations : [];
        return replicas.Count > 0 ? new Uri(replicas[Random.Shared.Next(replicas.Count)].Model.Config.Address) : throw Problem.Unavailable.Throw($"The service {service} is not running.");
    }

    private static readonly Problem SessionEnded = new("session-ended", StatusCodes.Status401Unauthorized, "The session has ended.");
}
