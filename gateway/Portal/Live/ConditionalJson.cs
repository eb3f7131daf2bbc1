using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>JSON whose entity tag is a digest of it: who has it already is told so (RFC 9110, 13.1.2), and nothing is sent.</summary>
internal sealed class ConditionalJson<T>(T value) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(value, ConditionalJson.Options);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"");
        var response = httpContext.Response;
        response.Headers.ETag = tag.ToString();
        // The answer is this caller's alone, and is asked for again each time.
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = "Cookie, Authorization";
        if (httpContext.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known == EntityTagHeaderValue.Any))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content, httpContext.RequestAborted);
    }
}

internal static class ConditionalJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static ConditionalJson<T> Of<T>(T value) => new(value);
}
