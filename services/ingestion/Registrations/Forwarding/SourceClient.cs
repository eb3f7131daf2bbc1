using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Discovery;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Outgoing;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>What a source answered.</summary>
/// <param name="Source">The source.</param>
/// <param name="Status">Its status, or what stands for its silence: 502 when it cannot be reached or understood, 504 when it takes too long.</param>
/// <param name="Body">Its answer, where it is JSON.</param>
internal sealed record SourceAnswer(SourceRegistration Source, int Status, JsonElement? Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>What went wrong, as a warning for the answer (ETSI GS CIM 009, clause 6.3.17).</summary>
    public string Warning => $"199 {Source.Id} \"{(Status == StatusCodes.Status504GatewayTimeout ? "The context source did not answer in time." : $"The context source could not answer ({Status}).")}\"";
}

/// <summary>
/// Forwards requests to context sources: through the address guard, with the source's own headers, tenant and time-out, and marked with this broker's alias so that they cannot go in circles.
/// </summary>
internal sealed class SourceClient(AddressGuard guard, IOptions<OutgoingSettings> settings, ContextStore contexts, SourceIdentity identity, Database database, TimeProvider time) : IDisposable
{
    private static readonly JsonElement Unsupported = JsonElement.Parse("""
        {"type":"https://uri.etsi.org/ngsi-ld/errors/Conflict","title":"The operation conflicts with the current state of the system.","detail":"Who holds this is not registered for the operation."}
        """);

    /// <summary>The header value that stands for that of the request.</summary>
    private const string FromRequest = "urn:ngsi-ld:request";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient http = GuardedHttp.Create(guard, settings.Value.MaxResponseBytes);
    private readonly ConcurrentDictionary<string, DateTimeOffset> cooling = new();

    /// <summary>Whether a request has been here already.</summary>
    public async ValueTask<bool> IsLoopAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var own = await identity.AliasAsync(cancellationToken);
        return request.Headers.Via.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).Any(hop => hop.Split(' ') is [_, var name, ..] && name == own);
    }

    /// <summary>Sends a request to a source. Never throws for what the source does.</summary>
    /// <param name="request">The request that is forwarded.</param>
    /// <param name="source">The source.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path after <c>/ngsi-ld/v1</c>, with its query.</param>
    /// <param name="context">Whose names path and body use.</param>
    /// <param name="body">The body, or null.</param>
    /// <param name="entityMap">The source's own entity map to go by, or null.</param>
    public async Task<SourceAnswer> SendAsync(NgsiLdRequest request, SourceRegistration source, HttpMethod method, string path, LdContext context, string? body = null, string? entityMap = null)
    {
        if (cooling.TryGetValue(source.Id, out var until) && until > time.GetUtcNow())
        {
            return new SourceAnswer(source, StatusCodes.Status504GatewayTimeout, null);
        }

        using var timeout = new CancellationTokenSource(source.Timeout ?? Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, timeout.Token);
        SourceAnswer answer;
        try
        {
            using var message = await MakeAsync(request, source, method, path, context, body);
            message.Headers.TryAddWithoutValidation("NGSILD-EntityMap", entityMap);
            using var response = await http.SendAsync(message, stop.Token);
            answer = new SourceAnswer(source, (int)response.StatusCode, await ReadAsync(response, stop.Token));
        }
        catch (OperationCanceledException) when (!request.Aborted.IsCancellationRequested)
        {
            answer = new SourceAnswer(source, StatusCodes.Status504GatewayTimeout, null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidOperationException || exception is NgsiLdException { Details.Status: StatusCodes.Status400BadRequest })
        {
            answer = new SourceAnswer(source, StatusCodes.Status502BadGateway, null);
        }

        await NoteAsync(request, answer);
        return answer;
    }

    /// <summary>Forwards a write to a source that holds what is written: a conflict where it is not registered for any of these operations (clause 5.6).</summary>
    public Task<SourceAnswer> WriteAsync(NgsiLdRequest request, SourceRegistration source, IReadOnlyList<string> operations, LdContext context, string? body = null, string? path = null) =>
        source.Supports([.. operations])
            ? SendAsync(request, source, new HttpMethod(request.Http.Request.Method), path ?? request.Http.Request.Path.Value!["/ngsi-ld/v1".Length..] + request.Http.Request.QueryString, context, body)
            : Task.FromResult(new SourceAnswer(source, StatusCodes.Status409Conflict, Unsupported));

    /// <summary>The context of an entity in an answer: its own, else that of the request.</summary>
    public ValueTask<LdContext> ContextOfAsync(NgsiLdRequest request, JsonElement entity, LdContext context) =>
        entity.TryGetProperty("@context", out var member) ? contexts.ResolveAsync(request.Owner, member, request.Aborted) : ValueTask.FromResult(context);

    /// <summary>The entities in answers. One that cannot be read is a warning.</summary>
    public async Task<IReadOnlyList<(SourceRegistration Source, Entity Entity)>> ReadAllAsync(
        NgsiLdRequest request, IEnumerable<SourceAnswer> answers, LdContext context, Reading reading = Reading.Whole)
    {
        var found = new List<(SourceRegistration, Entity)>();
        foreach (var answer in answers.Where(answer => answer is { IsSuccess: true, Body: not null }))
        {
            foreach (var item in answer.Body!.Value.ValueKind == JsonValueKind.Array ? answer.Body.Value.EnumerateArray().ToArray() : [answer.Body.Value])
            {
                try
                {
                    if (item.ValueKind != JsonValueKind.Object)
                    {
                        throw NgsiLdException.BadRequestData("An entity is an object.");
                    }

                    found.Add((answer.Source, EntityReader.Read(item, await ContextOfAsync(request, item, context), reading)));
                }
                catch (NgsiLdException)
                {
                    Warn(request, [answer with { Status = StatusCodes.Status502BadGateway }]);
                }
            }
        }

        return found;
    }

    /// <summary>Says in the answer's headers which sources failed.</summary>
    public static void Warn(NgsiLdRequest request, IEnumerable<SourceAnswer> failed)
    {
        foreach (var answer in failed)
        {
            request.Http.Response.Headers.Append("NGSILD-Warning", answer.Warning);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpRequestMessage> MakeAsync(NgsiLdRequest request, SourceRegistration source, HttpMethod method, string path, LdContext context, string? body)
    {
        var message = new HttpRequestMessage(method, $"{source.Endpoint.ToString().TrimEnd('/')}/ngsi-ld/v1{(source.IsLocalOnly ? QueryHelpers.AddQueryString(path, "local", "true") : path)}");
        if (body is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(MediaTypes.Json) } };
        }

        var address = source.JsonLdContext ?? await contexts.AddressOfAsync(request, context);
        message.Headers.TryAddWithoutValidation("Link", $"<{address}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"");
        message.Headers.TryAddWithoutValidation("Accept", MediaTypes.Json);
        message.Headers.TryAddWithoutValidation("Via", string.Join(", ", request.Http.Request.Headers.Via.Append($"1.1 {await identity.AliasAsync(request.Aborted)}")));
        if (source.Tenant is { } tenant)
        {
            message.Headers.TryAddWithoutValidation("NGSILD-Tenant", tenant);
        }

        foreach (var (name, value) in source.Headers)
        {
            var given = value == FromRequest ? request.Http.Request.Headers[name].ToString() : value;
            if (given.Length > 0 && !message.Headers.Contains(name))
            {
                message.Headers.TryAddWithoutValidation(name, given);
            }
        }

        return message;
    }

    private static async Task<JsonElement?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var octets = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return octets.Length == 0 ? null : JsonBody.Parse(octets);
    }

    private async Task NoteAsync(NgsiLdRequest request, SourceAnswer answer)
    {
        // 404 is an answer like any other: the source is there and knows nothing of it.
        var success = answer.Status < StatusCodes.Status500InternalServerError;
        var now = Instants.Now(time);
        if (!success && answer.Source.Cooldown is { } cooldown)
        {
            cooling[answer.Source.Id] = now + cooldown;
        }

        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        await RegistrationStore.CountAsync(work, answer.Source.Id, success, now, request.Aborted);
        await work.CommitAsync(request.Aborted);
    }
}
