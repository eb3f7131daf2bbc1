using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace LivingCity.Events.Exports;

/// <summary>
/// Pages of text and rectangles as PDF 1.7 (ISO 32000-1), with its fonts in it and a map back to letters, so that text can be searched and read out. Sizes in points, the origin at the top left of A4.
/// Stands in for PDFsharp, whose releases that can be had are AGPL, which this project is not. Not thread-safe.
/// </summary>
internal sealed class PdfFile(string title)
{
    public const double Width = 595;
    public const double Height = 842;

    private readonly (TrueTypeFont Regular, TrueTypeFont Bold) fonts = InstalledFont.Both;
    private readonly SortedDictionary<int, Rune>[] used = [[], []];
    private readonly List<StringBuilder> pages = [];

    public void AddPage() => pages.Add(new StringBuilder());

    public double WidthOf(string text, double size, bool bold) => (bold ? fonts.Bold : fonts.Regular).Width(text, size);

    /// <summary>Writes a line; <paramref name="y"/> is its base line.</summary>
    public void Text(double x, double y, double size, bool bold, string text)
    {
        var font = bold ? fonts.Bold : fonts.Regular;
        var glyphs = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var glyph = font.Glyph(rune);
            used[bold ? 1 : 0][glyph] = rune;
            glyphs.Append(CultureInfo.InvariantCulture, $"{glyph:X4}");
        }

        pages[^1].Append(CultureInfo.InvariantCulture, $"BT /F{(bold ? 1 : 0)} {size:0.##} Tf {x:0.##} {Height - y:0.##} Td <{glyphs}> Tj ET\n");
    }

    public void Fill(double x, double y, double width, double height) => pages[^1].Append(CultureInfo.InvariantCulture, $"{x:0.###} {Height - y - height:0.###} {width:0.###} {height:0.###} re f\n");

    public void Frame(double x, double y, double width, double height) => pages[^1].Append(CultureInfo.InvariantCulture, $"0.8 G {x:0.##} {Height - y - height:0.##} {width:0.##} {height:0.##} re S 0 G\n");

    public byte[] Save()
    {
        using var file = new MemoryStream();
        var offsets = new List<long>();
        void Write(string text) => file.Write(Encoding.Latin1.GetBytes(text));
        void Begin() // objects are numbered as they come
        {
            offsets.Add(file.Position);
            Write($"{offsets.Count} 0 obj\n");
        }

        void Object(string content)
        {
            Begin();
            Write($"{content}\nendobj\n");
        }

        void Stream(byte[] content, string more = "")
        {
            using var packed = new MemoryStream();
            using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                zip.Write(content);
            }

            Begin();
            Write($"<< /Length {packed.Length} /Filter /FlateDecode {more}>>\nstream\n");
            file.Write(packed.ToArray());
            Write("\nendstream\nendobj\n");
        }

        Write("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n");
        const int FontObjects = 5;
        var firstPage = 3 + (2 * FontObjects);
        Object("<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /DisplayDocTitle true >> >>");
        Object($"<< /Type /Pages /Count {pages.Count} /Kids [{string.Join(' ', pages.Select((_, number) => $"{firstPage + (2 * number)} 0 R"))}] >>");
        for (var number = 0; number < 2; number++)
        {
            var (font, at) = (number == 0 ? fonts.Regular : fonts.Bold, 3 + (number * FontObjects));
            var name = number == 0 ? "Text" : "TextBold";
            Object($"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{at + 1} 0 R] /ToUnicode {at + 4} 0 R >>");
            Object($"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {at + 2} 0 R /CIDToGIDMap /Identity "
                + $"/W [{string.Join(' ', used[number].Keys.Select(glyph => $"{glyph} [{font.Width(glyph)}]"))}] >>");
            int Scaled(int value) => value * 1000 / font.UnitsPerEm;
            Object($"<< /Type /FontDescriptor /FontName /{name} /Flags 32 /FontBBox [{string.Join(' ', font.Box.Select(Scaled))}] /ItalicAngle 0 /Ascent {Scaled(font.Ascent)} /Descent {Scaled(font.Descent)} /CapHeight {Scaled(font.Ascent)} "
                + $"/StemV 80 /FontFile2 {at + 3} 0 R >>");
            Stream(font.Data, $"/Length1 {font.Data.Length} ");
            Stream(Encoding.ASCII.GetBytes(ToUnicode(used[number])));
        }

        foreach (var page in pages)
        {
            Object($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {Width} {Height}] /Resources << /Font << /F0 3 0 R /F1 {3 + FontObjects} 0 R >> >> /Contents {offsets.Count + 2} 0 R >>");
            Stream(Encoding.ASCII.GetBytes(page.ToString()));
        }

        Object($"<< /Title <FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(title))}> /Creator (Living City) >>");
        var table = file.Position;
        Write($"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n{string.Concat(offsets.Select(offset => $"{offset:D10} 00000 n \n"))}trailer\n<< /Size {offsets.Count + 1} /Root 1 0 R /Info {offsets.Count} 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return file.ToArray();
    }

    private static string ToUnicode(SortedDictionary<int, Rune> glyphs)
    {
        var map = new StringBuilder("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Text def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n");
        foreach (var part in glyphs.Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{part.Length} beginbfchar\n");
            foreach (var (glyph, rune) in part)
            {
                map.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}> <{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(rune.ToString()))}>\n");
            }

            map.Append("endbfchar\n");
        }

        return map.Append("endcmap CMapName currentdict /CMap defineresource pop end end").ToString();
    }
}
