using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Formats;

/// <summary>How the values of a GeoTIFF are stored.</summary>
public enum GeoTiffSample
{
    Float32,
    Float64,
    Int16,
    Int32,
    Byte,
}

/// <summary>
/// GeoTIFF 1.1 (OGC 19-008r4) with square, north-up cells: uncompressed or deflate, strips or tiles, either byte order, integers of 8 to 32 bits and floats of 32 and 64, with predictors 1 to 3.
/// BitMiracle.LibTiff.NET would take its place.
/// </summary>
public static class GeoTiff
{
    private const int RowsPerStrip = 64;

    /// <summary>Reads the first band.</summary>
    /// <exception cref="InputFormatException">The bytes are no GeoTIFF, or one of a kind that is not read here.</exception>
    public static Raster Read(ReadOnlyMemory<byte> bytes, string name = "grid")
    {
        try
        {
            return new GeoTiffReader(bytes, name).Read();
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or IndexOutOfRangeException or InvalidDataException or OverflowException)
        {
            throw new InputFormatException(name, 0, "the GeoTIFF is cut short or damaged.");
        }
    }

    /// <summary>Writes a grid, little-endian, in strips. Cells without a value become NaN, in integer files the least value of the type (255 for bytes), named in the no-data tag.</summary>
    public static byte[] Write(Raster raster, GeoTiffSample sample = GeoTiffSample.Float32, bool deflate = true)
    {
        var (bits, format) = sample switch
        {
            GeoTiffSample.Float32 => (32, GeoTiffTags.Float),
            GeoTiffSample.Float64 => (64, GeoTiffTags.Float),
            GeoTiffSample.Int16 => (16, GeoTiffTags.Signed),
            GeoTiffSample.Int32 => (32, GeoTiffTags.Signed),
            _ => (8, GeoTiffTags.Unsigned),
        };
        List<byte[]> strips = [];
        for (var row = 0; row < raster.Rows; row += RowsPerStrip)
        {
            var count = Math.Min(RowsPerStrip, raster.Rows - row) * raster.Columns;
            var plain = Encode(raster.Values.AsSpan(row * raster.Columns, count), sample, bits / 8);
            strips.Add(deflate ? Compress(plain) : plain);
        }

        var tags = new GeoTiffTagWriter();
        tags.Short(GeoTiffTags.BitsPerSample, bits);
        tags.Short(GeoTiffTags.Compression, deflate ? GeoTiffTags.AdobeDeflate : GeoTiffTags.Uncompressed);
        tags.Short(GeoTiffTags.Photometric, 1);
        tags.Short(GeoTiffTags.SamplesPerPixel, 1);
        tags.Short(GeoTiffTags.PlanarConfiguration, 1);
        tags.Short(GeoTiffTags.SampleFormat, format);
        tags.Long(GeoTiffTags.Width, [raster.Columns]);
        tags.Long(GeoTiffTags.Height, [raster.Rows]);
        tags.Long(GeoTiffTags.RowsPerStrip, [RowsPerStrip]);
        tags.Long(GeoTiffTags.StripByteCounts, [.. strips.Select(s => s.Length)]);
        tags.Double(GeoTiffTags.PixelScale, [raster.CellSize, raster.CellSize, 0]);
        tags.Double(GeoTiffTags.TiePoint, [0, 0, 0, raster.West, raster.North, 0]);
        tags.Short(GeoTiffTags.GeoKeyDirectory, GeoKeys(raster.Epsg));
        tags.Text(GeoTiffTags.NoData, NoData(sample).ToString(CultureInfo.InvariantCulture).ToLowerInvariant());
        return tags.Assemble(strips);
    }

    private static double NoData(GeoTiffSample sample) => sample switch
    {
        GeoTiffSample.Int16 => short.MinValue,
        GeoTiffSample.Int32 => int.MinValue,
        GeoTiffSample.Byte => byte.MaxValue,
        _ => double.NaN,
    };

    private static int[] GeoKeys(int? epsg) => epsg switch
    {
        null => [1, 1, 0, 1, GeoTiffTags.RasterType, 0, 1, 1],
        4326 or 4258 => [1, 1, 0, 3, GeoTiffTags.ModelType, 0, 1, 2, GeoTiffTags.RasterType, 0, 1, 1, GeoTiffTags.GeographicCode, 0, 1, epsg.Value],
        _ => [1, 1, 0, 3, GeoTiffTags.ModelType, 0, 1, 1, GeoTiffTags.RasterType, 0, 1, 1, GeoTiffTags.ProjectedCode, 0, 1, epsg.Value],
    };

    private static byte[] Encode(ReadOnlySpan<double> values, GeoTiffSample sample, int size)
    {
        var bytes = new byte[values.Length * size];
        for (var i = 0; i < values.Length; i++)
        {
            var target = bytes.AsSpan(i * size);
            var value = double.IsNaN(values[i]) ? NoData(sample) : values[i];
            switch (sample)
            {
                case GeoTiffSample.Float32: BinaryPrimitives.WriteSingleLittleEndian(target, (float)value); break;
                case GeoTiffSample.Float64: BinaryPrimitives.WriteDoubleLittleEndian(target, value); break;
                case GeoTiffSample.Int16: BinaryPrimitives.WriteInt16LittleEndian(target, checked((short)Math.Round(value))); break;
                case GeoTiffSample.Int32: BinaryPrimitives.WriteInt32LittleEndian(target, checked((int)Math.Round(value))); break;
                default: target[0] = checked((byte)Math.Round(value)); break;
            }
        }

        return bytes;
    }

    private static byte[] Compress(byte[] plain)
    {
        using var stream = new MemoryStream();
        using (var deflate = new ZLibStream(stream, CompressionLevel.Optimal))
        {
            deflate.Write(plain);
        }

        return stream.ToArray();
    }
}
