using System.Text;

namespace LivingCity.Assessment.Answers;

/// <summary>The kinds of files that may be evidence, recognised by what they hold and not by what they are called.</summary>
internal static class FileTypes
{
    private const string Csv = "text/csv";
    private const string Plain = "text/plain";

    private static readonly Dictionary<string, byte[]> Beginnings = new()
    {
        ["application/pdf"] = "%PDF-"u8.ToArray(),
        ["image/png"] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
        ["image/jpeg"] = [0xff, 0xd8, 0xff],
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"] = [0x50, 0x4b, 0x03, 0x04],
        ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = [0x50, 0x4b, 0x03, 0x04],
        ["application/vnd.oasis.opendocument.text"] = [0x50, 0x4b, 0x03, 0x04],
        ["application/vnd.oasis.opendocument.spreadsheet"] = [0x50, 0x4b, 0x03, 0x04],
    };

    /// <summary>The media types that are taken.</summary>
    public static IEnumerable<string> Known => Beginnings.Keys.Append(Csv).Append(Plain);

    /// <summary>Whether a file's first octets are those of its type.</summary>
    public static bool Begins(string mediaType, ReadOnlySpan<byte> first) =>
        Beginnings.TryGetValue(mediaType, out var beginning) ? first.StartsWith(beginning) : mediaType is Csv or Plain;

    /// <summary>Reads a text in pieces and says whether it is one: UTF-8 without control characters that no text has. Null for what is no text.</summary>
    public static TextCheck? CheckerOf(string mediaType) => mediaType is Csv or Plain ? new TextCheck() : null;

    internal sealed class TextCheck
    {
        private readonly Decoder decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
        private char[] characters = [];

        public bool Accepts(ReadOnlySpan<byte> piece, bool last)
        {
            if (characters.Length < piece.Length + 4)
            {
                characters = new char[piece.Length + 4];
            }

            try
            {
                var count = decoder.GetChars(piece, characters, last);
                return !characters.AsSpan(0, count).ContainsAnyInRange('\0', '\b');
            }
            catch (DecoderFallbackException)
            {
                return false;
            }
        }
    }
}
