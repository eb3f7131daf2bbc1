using System.Buffers.Binary;
using System.Text;

namespace LivingCity.Events.Exports;

/// <summary>What writing a text takes of a TrueType font: glyphs by letter and their widths (OpenType 1.9: cmap format 4, hhea, hmtx, head).</summary>
internal sealed class TrueTypeFont
{
    private readonly int cmap;
    private readonly int hmtx;
    private readonly int metrics;

    public TrueTypeFont(byte[] data)
    {
        Data = data;
        var head = Table("head");
        var hhea = Table("hhea");
        (UnitsPerEm, Ascent, Descent, metrics, hmtx) = (Short(head + 18), (short)Short(hhea + 4), (short)Short(hhea + 6), Short(hhea + 34), Table("hmtx"));
        Box = [(short)Short(head + 36), (short)Short(head + 38), (short)Short(head + 40), (short)Short(head + 42)];
        var table = Table("cmap");
        cmap = Enumerable.Range(0, Short(table + 2)).Select(number => table + Long(table + 4 + (8 * number) + 4)).FirstOrDefault(at => Short(at) == 4);
        if (cmap == 0)
        {
            throw new NotSupportedException("The font has no character map of format 4.");
        }
    }

    public byte[] Data { get; }

    public int UnitsPerEm { get; }

    public int Ascent { get; }

    public int Descent { get; }

    public int[] Box { get; }

    /// <summary>The glyph of a letter; 0, the box, for what the font does not have.</summary>
    public int Glyph(Rune rune)
    {
        if (rune.Value > 0xFFFF)
        {
            return 0;
        }

        var segments = Short(cmap + 6) / 2;
        var (ends, starts) = (cmap + 14, cmap + 16 + (2 * segments));
        for (var segment = 0; segment < segments; segment++)
        {
            if (Short(ends + (2 * segment)) < rune.Value)
            {
                continue;
            }

            var start = Short(starts + (2 * segment));
            if (start > rune.Value)
            {
                return 0;
            }

            var delta = Short(starts + (2 * segments) + (2 * segment));
            var offsetAt = starts + (4 * segments) + (2 * segment);
            var offset = Short(offsetAt);
            var glyph = offset == 0 ? rune.Value : Short(offsetAt + offset + (2 * (rune.Value - start)));
            return glyph == 0 ? 0 : (glyph + delta) & 0xFFFF;
        }

        return 0;
    }

    /// <summary>In thousandths of the size.</summary>
    public int Width(int glyph) => Short(hmtx + (4 * Math.Min(glyph, metrics - 1))) * 1000 / UnitsPerEm;

    public double Width(string text, double size) => text.EnumerateRunes().Sum(rune => Width(Glyph(rune))) * size / 1000;

    private int Table(string tag)
    {
        for (var at = 12; at < 12 + (16 * Short(4)); at += 16)
        {
            if (Encoding.ASCII.GetString(Data, at, 4) == tag)
            {
                return Long(at + 8);
            }
        }

        throw new NotSupportedException($"The font has no table {tag}.");
    }

    private int Short(int at) => BinaryPrimitives.ReadUInt16BigEndian(Data.AsSpan(at));

    private int Long(int at) => BinaryPrimitives.ReadInt32BigEndian(Data.AsSpan(at));
}

/// <summary>A typeface with Latin, Greek and Cyrillic letters that is installed.</summary>
internal static class InstalledFont
{
    private static readonly string[] Folders = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", @"C:\Windows\Fonts"];
    private static readonly (string Regular, string Bold)[] Known = [("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"), ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"), ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"), ("arial.ttf", "arialbd.ttf"), ("Arial.ttf", "Arial Bold.ttf")];
    private static readonly Lazy<(TrueTypeFont Regular, TrueTypeFont Bold)?> Found = new(Find);

    /// <exception cref="ServiceDefaults.Errors.ProblemException">No suitable typeface is installed (503).</exception>
    public static (TrueTypeFont Regular, TrueTypeFont Bold) Both => Found.Value ?? throw ServiceDefaults.Errors.Problem.Unavailable.Throw("Printing needs a typeface: install fonts-dejavu-core.");

    private static (TrueTypeFont, TrueTypeFont)? Find()
    {
        var all = Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.ttf", SearchOption.AllDirectories)).GroupBy(file => Path.GetFileName(file)).ToDictionary(group => group.Key, group => group.First());
        foreach (var (regular, bold) in Known)
        {
            if (all.TryGetValue(regular, out var first) && all.TryGetValue(bold, out var second))
            {
                return (new TrueTypeFont(File.ReadAllBytes(first)), new TrueTypeFont(File.ReadAllBytes(second)));
            }
        }

        return null;
    }
}
