using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;

namespace LivingCity.Assessment.Procurement;

/// <summary>Writes the needs as PDF. The font is DejaVu Sans of the machine (<c>Procurement:Fonts</c>, else where Debian keeps it), which has all letters of the Union, and is embedded.</summary>
internal sealed class PdfPages(IConfiguration configuration)
{
    private const double Margin = 56;
    private const double Leading = 1.35;

    private readonly Lock one = new();

    /// <returns>Null where the font is not installed.</returns>
    public byte[]? Write(NeedsDocument needs)
    {
        var folder = configuration["Procurement:Fonts"] ?? "/usr/share/fonts/truetype/dejavu";
        if (!File.Exists(Path.Combine(folder, "DejaVuSans.ttf")))
        {
            return null;
        }

        // The library's fonts are of the whole process.
        lock (one)
        {
            GlobalFontSettings.FontResolver ??= new DejaVu(folder);
            using var document = new PdfDocument();
            document.Info.Title = needs.Title;
            document.Language = needs.Language;
            new Writer(document, NeedsLibrary.Current.Label("page", needs.Language)).Write(needs);
            using var memory = new MemoryStream();
            document.Save(memory);
            return memory.ToArray();
        }
    }

    private sealed class DejaVu(string folder) : IFontResolver
    {
        public byte[] GetFont(string faceName) => File.ReadAllBytes(Path.Combine(folder, faceName));

        public FontResolverInfo ResolveTypeface(string familyName, bool bold, bool italic) => new(bold ? "DejaVuSans-Bold.ttf" : "DejaVuSans.ttf", mustSimulateBold: false, mustSimulateItalic: italic);
    }

    private sealed class Writer(PdfDocument document, string pageWord)
    {
        private static readonly XFont Title = new("DejaVu", 20, XFontStyleEx.Bold);
        private static readonly XFont Heading = new("DejaVu", 14, XFontStyleEx.Bold);
        private static readonly XFont Text = new("DejaVu", 10);
        private static readonly XFont Origin = new("DejaVu", 8, XFontStyleEx.Italic);

        private PdfPage? page;
        private XGraphics? graphics;
        private double y;

        public void Write(NeedsDocument needs)
        {
            Paragraph(needs.Title, Title, XBrushes.Black, 10);
            Paragraph(needs.Introduction, Text, XBrushes.Black, 8);
            foreach (var part in needs.Parts)
            {
                y += 14;
                Paragraph(part.Title, Heading, XBrushes.Black, 6, keep: 60);
                foreach (var line in part.Lines)
                {
                    Paragraph(line.Text, Text, XBrushes.Black, 1, keep: 30);
                    Paragraph($"{NeedsLibrary.Current.Label("follows", needs.Language)}: {line.Origin}", Origin, XBrushes.DimGray, 7);
                }
            }

            graphics!.Dispose();
        }

        private void Paragraph(string text, XFont font, XBrush brush, double after, double keep = 0)
        {
            if (graphics is not null && y + keep > page!.Height.Point - Margin)
            {
                NextPage();
            }

            foreach (var line in Lines(text, font))
            {
                if (graphics is null || y + (font.Size * Leading) > page!.Height.Point - Margin)
                {
                    NextPage();
                }

                graphics!.DrawString(line, font, brush, new XPoint(Margin, y + font.Size));
                y += font.Size * Leading;
            }

            y += after;
        }

        private void NextPage()
        {
            graphics?.Dispose();
            page = document.AddPage();
            page.Size = PdfSharp.PageSize.A4;
            graphics = XGraphics.FromPdfPage(page);
            y = Margin;
            graphics.DrawString($"{pageWord} {document.PageCount}", Origin, XBrushes.DimGray, new XPoint(page.Width.Point - Margin - 50, page.Height.Point - (Margin / 2)));
        }

        private List<string> Lines(string text, XFont font)
        {
            if (graphics is null)
            {
                NextPage();
            }

            var width = page!.Width.Point - (2 * Margin);
            var lines = new List<string>();
            var line = "";
            foreach (var word in text.Split(' '))
            {
                var longer = line.Length == 0 ? word : $"{line} {word}";
                if (line.Length > 0 && graphics!.MeasureString(longer, font).Width > width)
                {
                    lines.Add(line);
                    longer = word;
                }

                line = longer;
            }

            lines.Add(line);
            return lines;
        }
    }
}
