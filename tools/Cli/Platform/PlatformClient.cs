using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LivingCity.Cli.Platform;

/// <summary>How to sign in: as a demonstration user by name and password, or as a client by its secret.</summary>
internal sealed record Credentials(string? User, string? Password, string? Client, string? Secret);

/// <summary>A caller of the gateway, as any integrator is one. Finds the realm through the gateway's API description, renews its token, waits out what is away for a moment.</summary>
internal sealed class PlatformClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient http;
    private readonly Credentials credentials;
    private Uri? tokenEndpoint;
    private string? token;
    private DateTimeOffset renewAt;

    public PlatformClient(Uri gateway, Credentials credentials)
    {
        http = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(60) };
        this.credentials = credentials;
    }

    public async Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    /// <returns>The status and the body, null where there is none.</returns>
    /// <exception cref="PlatformException">The platform refused.</exception>
    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        var json = body?.ToJsonString();
        using var answer = await SendAsync(
            () => new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json") }, cancellationToken);
        return (answer.StatusCode, answer.Content.Headers.ContentLength is 0 or null && answer.StatusCode == HttpStatusCode.NoContent ? null : await ReadAsync(answer, cancellationToken));
    }

    public void Dispose() => http.Dispose();

    /// <summary>Everything that this client sends may be sent twice: upserts, saved answers, a submission that is repeated. So it tries again until the platform is back.</summary>
    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        var giveUp = DateTimeOffset.UtcNow + Patience;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var request = make();
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken));
                var answer = await http.SendAsync(request, cancellationToken);
                if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout))
                {
                    return answer;
                }

                if (DateTimeOffset.UtcNow > giveUp)
                {
                    throw new PlatformException($"{request.Method} {request.RequestUri}: {(int)answer.StatusCode} for {Patience.TotalMinutes:0} minutes.");
                }

                answer.Dispose();
            }
            catch (HttpRequestException exception)
            {
                if (DateTimeOffset.UtcNow > giveUp)
                {
                    throw new PlatformException($"{http.BaseAddress} does not answer: {exception.Message}");
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(3000, 150 * attempt) * (0.5 + Random.Shared.NextDouble())), cancellationToken);
        }
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        if (token is not null && DateTimeOffset.UtcNow < renewAt)
        {
            return token;
        }

        tokenEndpoint ??= await DiscoverAsync(cancellationToken);
        var form = credentials.User is { } user
            ? new Dictionary<string, string> { ["grant_type"] = "password", ["client_id"] = "demo-cli", ["username"] = user, ["password"] = credentials.Password ?? "", ["scope"] = "openid" }
            : new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = credentials.Client ?? "", ["client_secret"] = credentials.Secret ?? "" };
        using var content = new FormUrlEncodedContent(form);
        using var answer = await http.PostAsync(tokenEndpoint, content, cancellationToken);
        var body = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new PlatformException($"Signing in as {credentials.User ?? credentials.Client} failed: {(string?)body?["error_description"] ?? (string?)body?["error"]}");
        }

        renewAt = DateTimeOffset.UtcNow.AddSeconds((double)body!["expires_in"]! * 0.8);
        return token = (string)body["access_token"]!;
    }

    private async Task<Uri> DiscoverAsync(CancellationToken cancellationToken)
    {
        var description = await http.GetFromJsonAsync<JsonObject>("/openapi/v1.json", cancellationToken);
        var realm = description?["components"]?["securitySchemes"]?["realm"]?["openIdConnectUrl"] ?? throw new PlatformException("The gateway's API description names no realm.");
        var discovery = await http.GetFromJsonAsync<JsonObject>((string)realm!, cancellationToken);
        return new Uri((string)discovery!["token_endpoint"]!);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        var body = text.Length == 0 ? null : JsonNode.Parse(text);
        return answer.IsSuccessStatusCode ? body ?? new JsonObject()
            : throw new PlatformException($"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri}: {(int)answer.StatusCode} {(string?)body?["detail"] ?? (string?)body?["title"]}");
    }
}

/// <summary>The platform refused or stayed away. The message is for the user.</summary>
internal sealed class PlatformException(string message) : Exception(message);
