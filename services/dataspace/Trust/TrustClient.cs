using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.Trust;

/// <summary>Fetches what proves something: DID documents, status lists, presentations. All addresses come from others, so all go past the guard.</summary>
internal sealed class TrustClient(IHttpClientFactory clients, AddressGuard guard)
{
    private const int MaxBytes = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static readonly JsonDocumentOptions Json = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <exception cref="TrustException">It cannot be had.</exception>
    public Task<string> GetAsync(string address, string what, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, address, what, null, null, cancellationToken);

    /// <exception cref="TrustException">It cannot be had.</exception>
    public Task<string> PostAsync(string address, string what, string token, string json, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, address, what, token, json, cancellationToken);

    private async Task<string> SendAsync(HttpMethod method, string address, string what, string? token, string? json, CancellationToken cancellationToken)
    {
        if (guard.Check(address) is { } objection)
        {
            throw new TrustException($"The address of the {what} {objection}.");
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var http = clients.CreateClient(OutgoingHttpExtensions.Guarded);
            using var request = new HttpRequestMessage(method, address) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var answer = await http.SendAsync(request, patience.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(patience.Token);
            return !answer.IsSuccessStatusCode ? throw new TrustException($"The {what} cannot be had: status {(int)answer.StatusCode}.")
                : body.Length > MaxBytes ? throw new TrustException($"The {what} is too large.")
                : Encoding.UTF8.GetString(body);
        }
        catch (Exception exception) when (exception is HttpRequestException or Polly.ExecutionRejectedException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new TrustException($"The {what} cannot be had: {exception.Message}");
        }
    }
}
