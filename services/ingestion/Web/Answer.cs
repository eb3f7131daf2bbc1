using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;

namespace LivingCity.Ingestion.Web;

/// <summary>A JSON answer whose names are of a context: named by a Link header in plain JSON, and said in the body otherwise (ETSI GS CIM 009, clause 6.3.6).</summary>
internal sealed class Answer(string mediaType, Action<Utf8JsonWriter> write, string? contextAddress = null, int status = StatusCodes.Status200OK) : IResult
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Negotiates, and prepares the context for it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="context">Whose names the answer uses.</param>
    /// <param name="geometry">Whether the answer can be GeoJSON.</param>
    public static async ValueTask<Shape> ShapeAsync(NgsiLdRequest request, LdContext context, bool geometry = false)
    {
        var media = MediaTypes.Negotiate(request.Http.Request, geometry);
        var inBody = media == MediaTypes.LdJson || (media == MediaTypes.GeoJson && !request.Http.Request.Headers["Prefer"].Any(value => value?.Contains("body=json", StringComparison.Ordinal) == true));
        return new Shape(media, inBody ? context.ToMember() : null, inBody ? null : await request.Http.RequestServices.GetRequiredService<ContextStore>().AddressOfAsync(request, context));
    }

    /// <summary>An object that the broker itself makes, with the context where the form wants it.</summary>
    public static Answer Object(Shape shape, JsonObject body, int status = StatusCodes.Status200OK)
    {
        if (shape.ContextMember is { } member)
        {
            body["@context"] = member.DeepClone();
        }

        return new Answer(shape.MediaType, writer => body.WriteTo(writer), shape.ContextAddress, status);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = mediaType;
        response.ContentLength = buffer.WrittenCount;
        if (contextAddress is not null)
        {
            response.Headers.Append("Link", $"<{contextAddress}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"");
        }

        await response.Body.WriteAsync(buffer.WrittenMemory, httpContext.RequestAborted);
    }
}

/// <summary>How an answer is sent.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="ContextMember">What to write as <c>@context</c>, or null.</param>
/// <param name="ContextAddress">What the Link header names, or null.</param>
internal sealed record Shape(string MediaType, JsonNode? ContextMember, string? ContextAddress);
