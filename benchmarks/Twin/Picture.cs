using System.Buffers.Binary;
using System.IO.Compression;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Benchmarks;

/// <summary>A small PNG of depth in blue over shaded terrain.</summary>
internal static class Picture
{
    public static byte[] Depth(Raster depth, Raster terrain)
    {
        var rows = new byte[depth.Rows * (1 + 3 * depth.Columns)];
        for (var y = 0; y < depth.Rows; y++)
        {
            for (var x = 0; x < depth.Columns; x++)
            {
                var (red, green, blue) = Colour(depth[x, y], Shade(terrain, x, y));
                var at = y * (1 + 3 * depth.Columns) + 1 + 3 * x;
                (rows[at], rows[at + 1], rows[at + 2]) = (red, green, blue);
            }
        }

        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, depth.Columns);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), depth.Rows);
        (header[8], header[9]) = (8, 2);
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Optimal, true))
        {
            deflate.Write(rows);
        }

        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static (byte, byte, byte) Colour(double depth, double shade)
    {
        var ground = 235 * shade;
        var share = depth > 0.05 ? 0.35 + 0.65 * Math.Min(1, depth / 5) : 0;
        return ((byte)(ground * (1 - share)), (byte)(ground * (1 - share) + 60 * share), (byte)(ground * (1 - share) + 190 * share));
    }

    private static double Shade(Raster terrain, int x, int y)
    {
        var slope = terrain[Math.Min(x + 1, terrain.Columns - 1), y] - terrain[Math.Max(x - 1, 0), y] + terrain[x, Math.Min(y + 1, terrain.Rows - 1)] - terrain[x, Math.Max(y - 1, 0)];
        return double.IsNaN(slope) ? 0.3 : Math.Clamp(0.8 - 0.08 * slope, 0.3, 1);
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] content = [.. type, .. data];
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(content));
        file.Write(number);
    }

    // CRC-32 of the PNG specification, bit by bit.
    private static uint Checksum(byte[] data)
    {
        var register = uint.MaxValue;
        foreach (var value in data)
        {
            register ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                register = (register & 1) != 0 ? 0xEDB88320 ^ (register >> 1) : register >> 1;
            }
        }

        return ~register;
    }
}
