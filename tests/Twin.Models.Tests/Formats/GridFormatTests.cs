using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LivingCity.Twin.Models.Formats;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Tests.Formats;

public sealed class GridFormatTests
{
    [Theory]
    [InlineData(GeoTiffSample.Float32, true)]
    [InlineData(GeoTiffSample.Float32, false)]
    [InlineData(GeoTiffSample.Float64, true)]
    [InlineData(GeoTiffSample.Int16, true)]
    [InlineData(GeoTiffSample.Int32, false)]
    [InlineData(GeoTiffSample.Byte, true)]
    public void GeoTiff_WrittenAndRead_IsTheSame(GeoTiffSample sample, bool deflate)
    {
        var raster = Sample(37, 150, i => i % 11 == 0 ? double.NaN : i % 200);

        var read = GeoTiff.Read(GeoTiff.Write(raster, sample, deflate));

        Assert.True(read.SameCells(raster));
        Assert.Equal(25832, read.Epsg);
        Assert.Equal(raster.Values, read.Values);
    }

    [Fact]
    public void EsriAsciiGrid_DxAndDy_AreReadWhereTheyAgreeAndRefusedWhereNot()
    {
        static Raster Read(string dy) => EsriAsciiGrid.Read(new MemoryStream(System.Text.Encoding.ASCII.GetBytes($"ncols 2\nnrows 1\nxllcorner 0\nyllcorner -5\ndx 2.5\ndy {dy}\nNODATA_value -9999\n-3.25 -9999\n")));

        Assert.Equal(2.5, Read("2.5").CellSize);
        Assert.Equal([-3.25, double.NaN], Read("2.5").Values);
        Assert.Contains("not square", Assert.Throws<InputFormatException>(() => Read("5")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GeoTiff_GeographicReference_IsKept()
    {
        var read = GeoTiff.Read(GeoTiff.Write(new Raster(2, 2, 0.01, 23.3, 42.6, [1, 2, 3, 4], 4326)));

        Assert.Equal(4326, read.Epsg);
        Assert.Equal(23.3, read.West, 1e-9);
    }

    [Fact]
    public void GeoTiff_BigEndianTiledWithPredictor_IsRead()
    {
        var read = GeoTiff.Read(BigEndianTiles());

        Assert.Equal((20, 18), (read.Columns, read.Rows));
        Assert.All(Enumerable.Range(0, 360), i => Assert.Equal(i % 20 * 7 + i / 20, read.Values[i]));
        Assert.Equal(1000 + 18 * 2.0, read.North, 1e-9);
    }

    [Fact]
    public void GeoTiff_Damaged_SaysSo()
    {
        var bytes = GeoTiff.Write(Sample(20, 20, i => i));
        Assert.Throws<InputFormatException>(() => GeoTiff.Read(bytes.AsMemory(0, 60)));
        Assert.Throws<InputFormatException>(() => GeoTiff.Read("no picture at all"u8.ToArray()));
    }

    [Fact]
    public void GeoTiff_AnyFloats_SurviveBitForBit() => Prop.ForAll(ArbMap.Default.ArbFor<double[]>().Filter(a => a.Length > 0), values =>
    {
        var read = GeoTiff.Read(GeoTiff.Write(new Raster(values.Length, 1, 1, 0, 0, values), GeoTiffSample.Float64));
        return read.Values.Zip(values).All(p => p.First.Equals(p.Second));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EsriAsciiGrid_WrittenAndRead_IsTheSame(bool gzip)
    {
        var raster = Sample(7, 5, i => i == 3 ? double.NaN : Math.PI * i - 9);
        using var stream = new MemoryStream();
        if (gzip)
        {
            using var packed = new GZipStream(stream, CompressionLevel.Fastest, true);
            EsriAsciiGrid.Write(raster, packed);
        }
        else
        {
            EsriAsciiGrid.Write(raster, stream);
        }

        stream.Position = 0;
        var read = EsriAsciiGrid.Read(stream);

        Assert.True(read.SameCells(raster));
        Assert.Equal(raster.Values, read.Values);
    }

    [Fact]
    public void EsriAsciiGrid_CentresAndAnyLineBreaks_AreRead()
    {
        using var stream = new MemoryStream("NCOLS 2 NROWS 2\nXLLCENTER 5\nyllcenter 15 CELLSIZE 10\n1 2 3\r\n-9999\n"u8.ToArray());

        var read = EsriAsciiGrid.Read(stream);

        Assert.Equal((0, 10, 30), (read.West, read.South, read.North));
        Assert.Equal([1, 2, 3, double.NaN], read.Values);
    }

    [Theory]
    [InlineData("ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n1\n", "ends")]
    [InlineData("ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2 3\n", "more")]
    [InlineData("ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 x\n", "'x'")]
    [InlineData("nrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2\n", "ncols")]
    public void EsriAsciiGrid_Broken_SaysWhatIsWrong(string text, string expected)
    {
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(text));
        Assert.Contains(expected, Assert.Throws<InputFormatException>(() => EsriAsciiGrid.Read(stream)).Message, StringComparison.Ordinal);
    }

    private static Raster Sample(int columns, int rows, Func<int, double> value) =>
        new(columns, rows, 5, 500000, 5300000, [.. Enumerable.Range(0, columns * rows).Select(value)], 25832);

    // 20 × 18 cells of 16 bits in tiles of 16 × 16, horizontal differences, deflate, Motorola byte order.
    private static byte[] BigEndianTiles()
    {
        List<byte[]> tiles = [];
        for (var tile = 0; tile < 4; tile++)
        {
            var plain = new byte[512];
            for (var y = 0; y < 16; y++)
            {
                var before = 0;
                for (var x = 0; x < 16; x++)
                {
                    var value = (tile % 2 * 16 + x) * 7 + tile / 2 * 16 + y;
                    System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(plain.AsSpan((y * 16 + x) * 2), (ushort)(value - before));
                    before = value;
                }
            }

            using var packed = new MemoryStream();
            using (var deflate = new ZLibStream(packed, CompressionLevel.Optimal, true))
            {
                deflate.Write(plain);
            }

            tiles.Add(packed.ToArray());
        }

        using var file = new MemoryStream();
        void U16(int v) => file.Write([(byte)(v >> 8), (byte)v]);
        void U32(int v) => file.Write([(byte)(v >> 24), (byte)(v >> 16), (byte)(v >> 8), (byte)v]);
        void F64(double v) => file.Write(BitConverter.GetBytes(v).Reverse().ToArray());
        file.Write("MM\0*"u8);
        var offsets = new int[4];
        var at = 8;
        for (var i = 0; i < 4; i++)
        {
            offsets[i] = at;
            at += tiles[i].Length;
        }

        var extra = at;
        U32(extra + 4 * 4 + 4 * 4 + 3 * 8 + 6 * 8);
        tiles.ForEach(t => file.Write(t));
        Array.ForEach(offsets, U32);
        tiles.ForEach(t => U32(t.Length));
        foreach (var v in (double[])[2, 2, 0, 0, 0, 0, 100, 1036, 0])
        {
            F64(v);
        }

        (int Tag, int Type, int Count, int Value)[] tags =
        [
            (256, 4, 1, 20), (257, 4, 1, 18), (258, 3, 1, 16 << 16), (259, 3, 1, 8 << 16), (277, 3, 1, 1 << 16), (317, 3, 1, 2 << 16), (322, 3, 1, 16 << 16), (323, 3, 1, 16 << 16),
            (324, 4, 4, extra), (325, 4, 4, extra + 16), (339, 3, 1, 1 << 16), (33550, 12, 3, extra + 32), (33922, 12, 6, extra + 56),
        ];
        U16(tags.Length);
        foreach (var (tag, type, count, value) in tags)
        {
            U16(tag);
            U16(type);
            U32(count);
            U32(value);
        }

        U32(0);
        return file.ToArray();
    }
}
