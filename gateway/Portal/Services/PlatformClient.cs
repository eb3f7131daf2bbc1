using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LivingCity.Gateway.Incoming;
using LivingCity.ServiceDefaults.Errors;
using Yarp.ReverseProxy;

namespace LivingCity.Gateway.Portal.Services;

/// <summary>How a service answered.</summary>
public enum Outcome
{
    Done,
    NotFound,
    Conflict,

    /// <summary>It does not know this visitor (any more): signing in helps.</summary>
    Denied,

    /// <summary>It knows this visitor, who may not do this: signing in again does not help.</summary>
    Forbidden,

    /// <summary>It does not answer, or not sensibly.</summary>
    Unavailable,
}

/// <summary>What a service answered.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Value">The content, where it is done.</param>
/// <param name="Problem">The problem's name, like <c>session-full</c>, where there is one.</param>
internal sealed record Answer<T>(Outcome Outcome, T? Value, string? Problem = null)
{
    /// <summary>The entity tag, for who changes what was read.</summary>
    public string? Version { get; init; }

    /// <summary>What is wrong with what was sent, by field, as the service says it (in English).</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = new Dictionary<string, string[]>();

    private static readonly Problem NotAllowed = new("not-allowed", StatusCodes.Status403Forbidden, "This is not for this account.");
    private static readonly Problem SessionEnded = new("session-ended", StatusCodes.Status401Unauthorized, "The session has ended.");

    /// <summary>The content, for who answers with data and not with a page.</summary>
    /// <returns>Null where there is no such thing.</returns>
    /// <exception cref="ProblemException">The service does not answer (503), not to this visitor any more (401), or does not let this visitor (403).</exception>
    public T? OrThrow() => Outcome switch
    {
        Outcome.Done => Value,
        Outcome.NotFound => default,
        Outcome.Denied => throw SessionEnded.Throw("Sign in again."),
        Outcome.Forbidden => throw NotAllowed.Throw("Ask an administrator of the city for the role that this needs."),
        _ => throw ServiceDefaults.Errors.Problem.Unavailable.Throw("A service does not answer. Try again in a moment."),
    };
}

/// <summary>Calls the services for a page, directly, in the visitor's name: with the session's access token, if there is a session.</summary>
internal sealed partial class PlatformClient(HttpClient client, IProxyStateLookup proxy, VisitorTokens tokens, IHttpContextAccessor http, ILogger<PlatformClient> logger)
{
    /// <summary>A page that says what is missing is better than one that is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(1);

    private const string ProblemPrefix = "urn:living-city:problem:";

    public Task<Answer<T>> GetAsync<T>(string service, string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Get, service, path, cancellation);

    public Task<Answer<T>> PostAsync<T>(string service, string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Post, service, path, cancellation);

    /// <summary>Sends this as JSON.</summary>
    public Task<Answer<T>> PostAsync<T>(string service, string path, object body, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Post, service, path, body, cancellation);

    /// <summary>Sends a body as JSON.</summary>
    /// <param name="method">POST or PUT.</param>
    /// <param name="service">Which service.</param>
    /// <param name="path">Where.</param>
    /// <param name="body">What.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <param name="version">The entity tag of what is changed, for those that ask for it.</param>
    public Task<Answer<T>> SendAsync<T>(HttpMethod method, string service, string path, object body, CancellationToken cancellation, string? version = null) =>
        SendAsync<T>(method, service, path, cancellation, JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web), version);

    /// <summary>Sends a file, which may take longer to read than anything else.</summary>
    public Task<Answer<T>> UploadAsync<T>(string service, string path, HttpContent file, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Post, service, path, cancellation, file, patience: LongPatience);

    public Task<Answer<JsonElement?>> DeleteAsync(string service, string path, CancellationToken cancellation) => SendAsync<JsonElement?>(HttpMethod.Delete, service, path, cancellation);

    /// <summary>Passes a request with content on, and the answer back as it is.</summary>
    /// <returns>Null where the service does not answer.</returns>
    public async Task<HttpResponseMessage?> ForwardAsync(HttpMethod method, string service, string path, HttpContent? content, string? ifMatch, CancellationToken cancellation)
    {
        if (AddressOf(service) is not { } address)
        {
            return null;
        }

        try
        {
            using var request = new HttpRequestMessage(method, new Uri(new Uri(address), path)) { Content = content };
            if (ifMatch is not null)
            {
                request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            }

            await DescribeVisitorAsync(request);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            waiting.CancelAfter(Patience);
            return await client.SendAsync(request, waiting.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or Polly.ExecutionRejectedException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            NotAnswering(logger, service, path, exception.Message);
            return null;
        }
    }

    private async Task<Answer<T>> SendAsync<T>(HttpMethod method, string service, string path, CancellationToken cancellation, HttpContent? body = null, string? version = null, TimeSpan? patience = null)
    {
        if (AddressOf(service) is not { } address)
        {
            return new(Outcome.Unavailable, default);
        }

        try
        {
            using var request = new HttpRequestMessage(method, new Uri(new Uri(address), path)) { Content = body };
            if (version is not null)
            {
                request.Headers.TryAddWithoutValidation("If-Match", version);
            }

            await DescribeVisitorAsync(request);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            waiting.CancelAfter(patience ?? Patience);
            using var answer = await client.SendAsync(request, waiting.Token);
            var content = await answer.Content.ReadAsByteArrayAsync(waiting.Token);
            return answer.IsSuccessStatusCode
                ? new(Outcome.Done, content.Length == 0 ? default : JsonSerializer.Deserialize<T>(content, JsonSerializerOptions.Web)) { Version = answer.Headers.ETag?.ToString() }
                : Failed<T>(answer, content);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or Polly.ExecutionRejectedException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            NotAnswering(logger, service, path, exception.Message);
            return new(Outcome.Unavailable, default);
        }
    }

    private string? AddressOf(string service) =>
        proxy.TryGetCluster(service, out var cluster) && cluster.DestinationsState.AvailableDestinations is { Count: > 0 } replicas
            ? replicas[Random.Shared.Next(replicas.Count)].Model.Config.Address
            : null;

    private async Task DescribeVisitorAsync(HttpRequestMessage request)
    {
        if (http.HttpContext is not { } context)
        {
            return;
        }

        // Services name addresses as the visitor knows them.
        request.Headers.Add("X-Forwarded-Host", context.Request.Host.Value);
        request.Headers.Add("X-Forwarded-Proto", context.Request.Scheme);
        request.Headers.Add(RequestIds.Header, context.TraceIdentifier);
        request.Headers.Add("Accept-Language", System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName is "iv" ? "en" : System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);
        if (await tokens.FindAsync(context) is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    private static Outcome OutcomeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => Outcome.NotFound,
        HttpStatusCode.Conflict => Outcome.Conflict,
        HttpStatusCode.Unauthorized => Outcome.Denied,
        HttpStatusCode.Forbidden => Outcome.Forbidden,
        _ => Outcome.Unavailable,
    };

    private static Answer<T> Failed<T>(HttpResponseMessage answer, byte[] body)
    {
        var outcome = OutcomeOf(answer.StatusCode);
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return new(outcome, default);
        }

        using var json = JsonDocument.Parse(body);
        var problem = json.RootElement.TryGetProperty("type", out var type) && type.GetString() is { } name && name.StartsWith(ProblemPrefix, StringComparison.Ordinal) ? name[ProblemPrefix.Length..] : null;
        return new(outcome, default, problem)
        {
            Errors = json.RootElement.TryGetProperty("errors", out var errors) ? errors.Deserialize<Dictionary<string, string[]>>() ?? [] : new Dictionary<string, string[]>(),
        };
    }

    [LoggerMessage(2110, LogLevel.Warning, "{Service} does not answer {Path}: {Reason}")]
    private static partial void NotAnswering(ILogger logger, string service, string path, string reason);
}

internal static class PlatformClientExtensions
{
    public static IServiceCollection AddPlatformClient(this IServiceCollection services)
    {
        services.AddScoped<VisitorTokens>();
        services.AddHttpClient<PlatformClient>(client => client.Timeout = Timeout.InfiniteTimeSpan);
        return services;
    }
}
