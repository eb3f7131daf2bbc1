using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Entities;

/// <summary>Absolute URIs (RFC 3986), which is what NGSI-LD's identifiers are.</summary>
internal static class Uris
{
    public static bool IsUri(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return colon >= 1 && colon < value.Length - 1 && value.Length <= 2048 && char.IsAsciiLetter(value[0])
            && !value.AsSpan(0, colon).ContainsAnyExcept(SchemeCharacters) && !value.AsSpan().ContainsAny(Forbidden) && !value.Any(char.IsControl);
    }

    /// <exception cref="NgsiLdException">It is none (BadRequestData).</exception>
    public static string Require(string? value, string member) =>
        value is not null && IsUri(value) ? value : throw NgsiLdException.BadRequestData($"{member}: '{value}' is not a URI.");

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");
    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create(" <>\"{}|\\^`");
}
