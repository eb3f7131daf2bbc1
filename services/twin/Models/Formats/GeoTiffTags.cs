namespace LivingCity.Twin.Models.Formats;

/// <summary>Tag numbers of TIFF 6.0 and GeoTIFF 1.1 (OGC 19-008r4) in use here.</summary>
internal static class GeoTiffTags
{
    public const ushort Width = 256, Height = 257, BitsPerSample = 258, Compression = 259, Photometric = 262, StripOffsets = 273, SamplesPerPixel = 277, RowsPerStrip = 278,
        StripByteCounts = 279, PlanarConfiguration = 284, Predictor = 317, TileWidth = 322, TileLength = 323, TileOffsets = 324, TileByteCounts = 325, SampleFormat = 339,
        PixelScale = 33550, TiePoint = 33922, Transformation = 34264, GeoKeyDirectory = 34735, NoData = 42113;

    public const ushort ModelType = 1024, RasterType = 1025, GeographicCode = 2048, ProjectedCode = 3072;

    public const int Uncompressed = 1, AdobeDeflate = 8, Deflate = 32946;

    public const int Unsigned = 1, Signed = 2, Float = 3;

    /// <summary>Bytes of one value by TIFF field type (1 byte … 12 double).</summary>
    public static ReadOnlySpan<byte> TypeSize => [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
}
