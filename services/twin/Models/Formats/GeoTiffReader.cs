using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Formats;

/// <summary>The reading half of <see cref="GeoTiff"/>.</summary>
internal sealed class GeoTiffReader(ReadOnlyMemory<byte> bytes, string name)
{
    private readonly Dictionary<ushort, double[]> _tags = [];
    private readonly Dictionary<ushort, string> _texts = [];
    private bool _littleEndian;

    public Raster Read()
    {
        ReadDirectory();
        int width = (int)One(GeoTiffTags.Width, 0), height = (int)One(GeoTiffTags.Height, 0);
        var bits = (int)One(GeoTiffTags.BitsPerSample, 1);
        var format = (int)One(GeoTiffTags.SampleFormat, GeoTiffTags.Unsigned);
        var samples = (int)One(GeoTiffTags.SamplesPerPixel, 1);
        var compression = (int)One(GeoTiffTags.Compression, 1);
        Require(width > 0 && height > 0 && (long)width * height < int.MaxValue / 2, "the image size is missing or too large.");
        Require(compression is GeoTiffTags.Uncompressed or GeoTiffTags.AdobeDeflate or GeoTiffTags.Deflate, $"compression {compression} is not read here: store it uncompressed or as deflate.");
        Require(bits is 8 or 16 or 32 or 64 && (format == GeoTiffTags.Float ? bits >= 32 : bits <= 32) && format is >= 1 and <= 3, $"samples of {bits} bits in format {format} are not read here.");
        Require(One(GeoTiffTags.PlanarConfiguration, 1) == 1 || samples == 1, "bands in separate planes are not read here.");

        var tiled = _tags.ContainsKey(GeoTiffTags.TileWidth);
        var blockWidth = tiled ? (int)One(GeoTiffTags.TileWidth, 0) : width;
        var blockHeight = tiled ? (int)One(GeoTiffTags.TileLength, 0) : (int)Math.Min(One(GeoTiffTags.RowsPerStrip, height), height);
        var offsets = Many(tiled ? GeoTiffTags.TileOffsets : GeoTiffTags.StripOffsets);
        var counts = Many(tiled ? GeoTiffTags.TileByteCounts : GeoTiffTags.StripByteCounts);
        var across = (width + blockWidth - 1) / blockWidth;
        var values = new double[width * height];
        for (var block = 0; block < offsets.Length; block++)
        {
            int left = block % across * blockWidth, top = block / across * blockHeight;
            var rows = tiled ? blockHeight : Math.Min(blockHeight, height - top);
            var data = Unpack(bytes.Slice((int)offsets[block], (int)counts[block]), compression, blockWidth * rows * samples * bits / 8);
            GeoTiffPredictor.Undo((int)One(GeoTiffTags.Predictor, 1), data, blockWidth, samples, bits / 8, _littleEndian);
            var big = !_littleEndian && One(GeoTiffTags.Predictor, 1) != 3;
            for (var y = 0; y < rows && top + y < height; y++)
            {
                for (var x = 0; x < blockWidth && left + x < width; x++)
                {
                    values[(top + y) * width + left + x] = Sample(data.AsSpan((y * blockWidth + x) * samples * bits / 8), bits, format, big);
                }
            }
        }

        MarkNoData(values);
        var (west, south, size) = Place(height);
        return new Raster(width, height, size, west, south, values, Epsg());
    }

    private static double Sample(ReadOnlySpan<byte> at, int bits, int format, bool big) => (format, bits) switch
    {
        (GeoTiffTags.Float, 32) => big ? BinaryPrimitives.ReadSingleBigEndian(at) : BinaryPrimitives.ReadSingleLittleEndian(at),
        (GeoTiffTags.Float, _) => big ? BinaryPrimitives.ReadDoubleBigEndian(at) : BinaryPrimitives.ReadDoubleLittleEndian(at),
        (GeoTiffTags.Signed, 8) => (sbyte)at[0],
        (GeoTiffTags.Signed, 16) => big ? BinaryPrimitives.ReadInt16BigEndian(at) : BinaryPrimitives.ReadInt16LittleEndian(at),
        (GeoTiffTags.Signed, _) => big ? BinaryPrimitives.ReadInt32BigEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at),
        (_, 8) => at[0],
        (_, 16) => big ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at),
        _ => big ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at),
    };

    private static byte[] Unpack(ReadOnlyMemory<byte> data, int compression, int size)
    {
        var plain = new byte[size];
        if (compression == GeoTiffTags.Uncompressed)
        {
            data.Span[..size].CopyTo(plain);
            return plain;
        }

        using var inflate = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
        return inflate.ReadAtLeast(plain, size, false) == size ? plain : throw new InvalidDataException("A block is shorter than its size.");
    }

    private void ReadDirectory()
    {
        var data = bytes.Span;
        Require(data.Length >= 8 && (data[..4].SequenceEqual("II*\0"u8) || data[..4].SequenceEqual("MM\0*"u8)), "the bytes are not TIFF (BigTIFF is not read here).");
        _littleEndian = data[0] == 'I';
        var at = (int)U32(data[4..]);
        var count = U16(data[at..]);
        for (var i = 0; i < count; i++)
        {
            var entry = data.Slice(at + 2 + 12 * i, 12);
            ushort tag = U16(entry), type = U16(entry[2..]);
            var values = (int)U32(entry[4..]);
            if (type == 0 || type >= GeoTiffTags.TypeSize.Length)
            {
                continue;
            }

            var size = checked(values * GeoTiffTags.TypeSize[type]);
            var content = size <= 4 ? entry.Slice(8, size) : data.Slice((int)U32(entry[8..]), size);
            if (type == 2)
            {
                _texts[tag] = Encoding.ASCII.GetString(content).TrimEnd('\0', ' ');
            }
            else if (type is 1 or 3 or 4 or 12)
            {
                var numbers = new double[values];
                for (var v = 0; v < values; v++)
                {
                    numbers[v] = type switch
                    {
                        1 => content[v],
                        3 => U16(content[(2 * v)..]),
                        4 => U32(content[(4 * v)..]),
                        _ => _littleEndian ? BinaryPrimitives.ReadDoubleLittleEndian(content[(8 * v)..]) : BinaryPrimitives.ReadDoubleBigEndian(content[(8 * v)..]),
                    };
                }

                _tags[tag] = numbers;
            }
        }
    }

    private (double West, double South, double Size) Place(int height)
    {
        // A tie point may stand for the centre of its cell instead of its corner (raster type 2, "pixel is point").
        var shift = Key(GeoTiffTags.RasterType) == 2 ? 0.5 : 0;
        if (_tags.TryGetValue(GeoTiffTags.PixelScale, out var scale) && _tags.TryGetValue(GeoTiffTags.TiePoint, out var tie))
        {
            Require(Math.Abs(scale[0] - scale[1]) <= 1e-6 * scale[0], "cells must be square.");
            return (tie[3] - (tie[0] + shift) * scale[0], tie[4] + (tie[1] + shift) * scale[0] - height * scale[0], scale[0]);
        }

        if (_tags.TryGetValue(GeoTiffTags.Transformation, out var matrix))
        {
            Require(matrix[1] == 0 && matrix[4] == 0 && Math.Abs(matrix[0] + matrix[5]) <= 1e-6 * matrix[0], "the image must be north-up with square cells.");
            return (matrix[3] - shift * matrix[0], matrix[7] + (shift - height) * matrix[0], matrix[0]);
        }

        throw new InputFormatException(name, 0, "the TIFF has no georeference.");
    }

    private void MarkNoData(double[] values)
    {
        if (_texts.TryGetValue(GeoTiffTags.NoData, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var missing) && double.IsFinite(missing))
        {
            var single = (double)(float)missing;
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = values[i] == missing || values[i] == single ? double.NaN : values[i];
            }
        }
    }

    private int? Epsg() => Key(GeoTiffTags.ProjectedCode) is > 0 and < 32767 and var projected ? projected : Key(GeoTiffTags.GeographicCode) is > 0 and < 32767 and var geographic ? geographic : null;

    private int Key(ushort key)
    {
        if (_tags.TryGetValue(GeoTiffTags.GeoKeyDirectory, out var keys))
        {
            for (var i = 4; i + 3 < keys.Length; i += 4)
            {
                if ((ushort)keys[i] == key && keys[i + 1] == 0)
                {
                    return (int)keys[i + 3];
                }
            }
        }

        return 0;
    }

    private double One(ushort tag, double otherwise) => _tags.TryGetValue(tag, out var values) ? values[0] : otherwise;

    private double[] Many(ushort tag) => _tags.TryGetValue(tag, out var values) ? values : throw new InputFormatException(name, 0, $"tag {tag} is missing.");

    private ushort U16(ReadOnlySpan<byte> at) => _littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private uint U32(ReadOnlySpan<byte> at) => _littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);

    private void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InputFormatException(name, 0, message);
        }
    }
}
