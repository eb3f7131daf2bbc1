using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Trust;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace LivingCity.Dataspace.Protocol;

/// <summary>What every endpoint of the protocol shares: who may call, how much may be sent, and errors in the protocol's own messages.</summary>
internal static class ProtocolGroup
{
    private const long MaxBodyBytes = 256 * 1024;

    /// <summary>
    /// A group whose callers are connectors. They are known by their own credentials (a realm token, or the Decentralized Claims Protocol), not by a person's role;
    /// hence the public policy and the check that follows it.
    /// </summary>
    public static RouteGroupBuilder MapProtocol(this IEndpointRouteBuilder routes, string prefix, string errorType)
    {
        var group = routes.MapGroup(prefix).RequireAuthorization(Access.Public).WithTags("Dataspace Protocol");
        group.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            try
            {
                return await next(context);
            }
            catch (ProtocolException refused)
            {
                return Answer(refused, errorType);
            }
            catch (TrustException untrusted)
            {
                return Answer(new ProtocolException(StatusCodes.Status401Unauthorized, untrusted.Message), errorType);
            }
            catch (ProblemException problem)
            {
                return Answer(new ProtocolException(problem.Details.Status ?? 400, problem.Message), errorType);
            }
            catch (BadHttpRequestException bad)
            {
                return Answer(new ProtocolException(bad.StatusCode, bad.Message), errorType);
            }
            catch (PostgresException tooLong) when (tooLong.SqlState == PostgresErrorCodes.ProgramLimitExceeded)
            {
                return Answer(ProtocolException.Invalid("An identifier is too long to be kept."), errorType);
            }
            catch (Exception exception) when (exception is NpgsqlException { IsTransient: true } or TimeoutException)
            {
                http.Response.Headers.RetryAfter = "2";
                return Answer(new ProtocolException(StatusCodes.Status503ServiceUnavailable, "The connector cannot do this right now."), errorType);
            }
        });
        return group;
    }

    /// <summary>The peer that calls.</summary>
    /// <exception cref="ProtocolException">The caller is no known participant (401).</exception>
    public static async Task<Peer> RequirePeerAsync(this HttpContext http) =>
        await http.RequestServices.GetRequiredService<PeerGate>().IdentifyAsync(http)
        ?? throw new ProtocolException(StatusCodes.Status401Unauthorized, "The caller is not a known participant of this data space.");

    /// <summary>Reads the message of a request.</summary>
    /// <exception cref="ProtocolException">It is too large, too deep, or not a JSON object (400, 413).</exception>
    public static async Task<JsonObject> ReadMessageAsync(this HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxBodyBytes;
        }

        try
        {
            var message = await JsonNode.ParseAsync(http.Request.Body, null, new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false }, http.RequestAborted) as JsonObject
                ?? throw ProtocolException.Invalid("The body must be a JSON object.");
            return IsText(message) ? message : throw ProtocolException.Invalid("The body holds U+0000, which is no character of a text.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException) // the latter: half a surrogate pair
        {
            throw ProtocolException.Invalid($"The body is not JSON that can be read: {exception.Message}");
        }
    }

    /// <summary>Whether all strings are texts that a database can keep.</summary>
    /// <exception cref="InvalidOperationException">One of them is no Unicode.</exception>
    private static bool IsText(JsonNode? node) => node switch
    {
        JsonObject members => members.All(member => IsText(member.Key) && IsText(member.Value)),
        JsonArray items => items.All(IsText),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => IsText(value.GetValue<string>()),
        _ => true,
    };

    private static bool IsText(string text) => !text.Contains('\0', StringComparison.Ordinal);

    public static IResult Message(JsonObject message, int status = StatusCodes.Status200OK) => TypedResults.Json(message, statusCode: status);

    private static IResult Answer(ProtocolException refused, string errorType) => Message(refused.ToMessage(errorType), refused.Status);
}
