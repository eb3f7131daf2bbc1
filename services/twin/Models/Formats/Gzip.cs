using System.IO.Compression;

namespace LivingCity.Twin.Models.Formats;

/// <summary>Recognises gzip by its first two bytes, so that a caller need not know how a file was stored.</summary>
internal static class Gzip
{
    public static Stream Unwrap(Stream stream)
    {
        var buffered = stream.CanSeek ? stream : new MemoryStream(ReadAll(stream));
        var start = buffered.Position;
        int first = buffered.ReadByte(), second = buffered.ReadByte();
        buffered.Position = start;
        return first == 0x1f && second == 0x8b ? new GZipStream(buffered, CompressionMode.Decompress, leaveOpen: true) : buffered;
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
