using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Web;

/// <summary>Reads request bodies, and refuses what JSON allows but neither this broker nor its database can keep: characters that are none, numbers that overflow.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <exception cref="NgsiLdException">There is no body, or it is not JSON (InvalidRequest), or it holds what cannot be kept (BadRequestData).</exception>
    public static async Task<JsonElement> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is null && request.Headers.TransferEncoding.Count == 0 && HttpProtocol.IsHttp11(request.Protocol))
        {
            throw NgsiLdException.Refused(StatusCodes.Status411LengthRequired, "A body with its length is required.");
        }

        var buffer = new ArrayBufferWriter<byte>(request.ContentLength is { } length and > 0 and < 64 * 1024 * 1024 ? (int)length + 1 : 4096);
        int read;
        while ((read = await request.Body.ReadAsync(buffer.GetMemory(), cancellationToken)) > 0)
        {
            buffer.Advance(read);
        }

        return Parse(buffer.WrittenSpan);
    }

    public static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            throw NgsiLdException.InvalidRequest("A body is required.");
        }

        if (!Utf8.IsValid(json))
        {
            throw NgsiLdException.InvalidRequest("The body is not UTF-8.");
        }

        try
        {
            RequireStorable(json);
            return JsonElement.Parse(json, Options);
        }
        catch (JsonException exception)
        {
            throw NgsiLdException.InvalidRequest($"The body is not valid JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
    }

    private static void RequireStorable(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        while (reader.Read())
        {
            var keeps = reader.TokenType switch
            {
                JsonTokenType.Number => reader.TryGetDouble(out var number) && double.IsFinite(number) && IsShort(reader.ValueSpan),
                JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped => IsText(ref reader),
                _ => true,
            };
            if (!keeps)
            {
                throw NgsiLdException.BadRequestData($"The body holds a number or text that cannot be kept, at byte {reader.TokenStartIndex + 1}.");
            }
        }
    }

    private static bool IsShort(ReadOnlySpan<byte> number)
    {
        var exponent = number.IndexOfAny((byte)'e', (byte)'E');
        return number.Length <= 400 && (exponent < 0 || (int.TryParse(number[(exponent + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) && Math.Abs(power) <= 308));
    }

    /// <summary>Half of a surrogate pair is no text, and the database has no place for NUL.</summary>
    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            return !reader.GetString()!.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
