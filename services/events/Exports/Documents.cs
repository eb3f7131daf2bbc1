using LivingCity.Events.Programme;
using PdfSharp.Drawing;
using PdfSharp.Drawing.Layout;
using PdfSharp.Fonts;
using PdfSharp.Pdf;
using QRCoder;

namespace LivingCity.Events.Exports;

/// <summary>A badge: whose, and the code of the ticket.</summary>
internal sealed record Badge(string Name, string? Organisation, string Ticket);

/// <summary>What is printed: programme, badges, letters. Sizes in points.</summary>
internal static class Documents
{
    private const double Margin = 48;
    private static readonly Lock Fonts = new();

    public static byte[] Programme(Event item, IReadOnlyList<string> languages)
    {
        using var document = Open(item.Title.In(languages).Value);
        var page = new Flow(document);
        page.Write(item.Title.In(languages).Value, 20, bold: true);
        page.Write(string.Join(" · ", ((string?[])[item.Theme?.In(languages).Value, item.City, item.Country, (item.Venues is [var first, ..] ? first : null)?.Name.In(languages).Value]).Where(part => part is not null)), 11);
        foreach (var day in item.Days.Select(day => (string?)day.Id).Append(null))
        {
            var sessions = item.Sessions.Where(session => session.Day == day).ToArray();
            if (sessions.Length == 0)
            {
                continue;
            }

            var known = item.Days.FirstOrDefault(candidate => candidate.Id == day);
            page.Gap(10);
            page.Write(string.Join(" – ", ((string?[])[known?.Title.In(languages).Value ?? "To be announced", known?.Date?.ToString("yyyy-MM-dd"), known?.Theme?.In(languages).Value]).Where(part => part is not null)), 14, bold: true);
            foreach (var session in sessions)
            {
                page.Write($"{(session.From is { } from ? $"{from:HH\\:mm}" + (session.To is { } to ? $"–{to:HH\\:mm}" : "") : "To be announced")}  {session.Title.In(languages).Value}{(session.Room is null ? "" : $"  ({session.Room})")}", 11);
                foreach (var more in ((string?[])[.. session.Steps.Select(step => $"{step.From:HH\\:mm}–{step.To:HH\\:mm} {step.Title.In(languages).Value}"), session.Note?.In(languages).Value, session.People.Count > 0 ? string.Join(", ", session.People.Select(part => part.Name)) : null]).Where(part => part is not null))
                {
                    page.Write(more!, 9, indent: 16);
                }
            }
        }

        return Save(document);
    }

    /// <summary>Badges of 90 × 55 mm, eight on a page.</summary>
    public static byte[] Badges(string title, IReadOnlyList<Badge> badges)
    {
        using var document = Open(title);
        var (width, height) = (XUnit.FromMillimeter(90).Point, XUnit.FromMillimeter(55).Point);
        XGraphics? graphics = null;
        for (var number = 0; number < badges.Count; number++)
        {
            if (number % 8 == 0)
            {
                graphics?.Dispose();
                graphics = XGraphics.FromPdfPage(document.AddPage());
            }

            var (x, y) = (40 + (number % 2 * (width + 12)), 40 + (number % 8 / 2 * (height + 12)));
            graphics!.DrawRectangle(XPens.LightGray, x, y, width, height);
            var text = new XTextFormatter(graphics);
            text.DrawString(badges[number].Name, Font(16, true), XBrushes.Black, new XRect(x + 12, y + 14, width - 110, 60));
            text.DrawString(badges[number].Organisation ?? "", Font(10, false), XBrushes.Black, new XRect(x + 12, y + 76, width - 110, 30));
            text.DrawString(title, Font(8, false), XBrushes.Black, new XRect(x + 12, y + height - 32, width - 110, 24));
            DrawCode(graphics, badges[number].Ticket, x + width - 92, y + 32, 82);
        }

        graphics?.Dispose();
        if (badges.Count == 0)
        {
            document.AddPage();
        }

        return Save(document);
    }

    /// <summary>A letter of one page.</summary>
    public static byte[] Letter(string title, IReadOnlyList<string> paragraphs)
    {
        using var document = Open(title);
        var page = new Flow(document);
        page.Write(title, 16, bold: true);
        foreach (var paragraph in paragraphs)
        {
            page.Gap(10);
            page.Write(paragraph, 11);
        }

        return Save(document);
    }

    private static void DrawCode(XGraphics graphics, string code, double x, double y, double size)
    {
        var modules = QrCode.Modules(code);
        var module = size / modules.Count;
        for (var row = 0; row < modules.Count; row++)
        {
            for (var column = 0; column < modules.Count; column++)
            {
                if (modules[row][column])
                {
                    graphics.DrawRectangle(XBrushes.Black, x + (column * module), y + (row * module), module, module);
                }
            }
        }
    }

    private static PdfDocument Open(string title)
    {
        lock (Fonts)
        {
            GlobalFontSettings.FontResolver ??= new InstalledFont();
        }

        var document = new PdfDocument();
        document.Info.Title = title;
        document.Info.Creator = "Living City";
        return document;
    }

    private static byte[] Save(PdfDocument document)
    {
        using var memory = new MemoryStream();
        document.Save(memory, false);
        return memory.ToArray();
    }

    private static XFont Font(double size, bool bold) => new(InstalledFont.Family, size, bold ? XFontStyleEx.Bold : XFontStyleEx.Regular);

    /// <summary>Text from top to bottom, on as many pages as it takes.</summary>
    private sealed class Flow(PdfDocument document)
    {
        private PdfPage page = document.AddPage();
        private double top = Margin;

        public void Gap(double points) => top += points;

        public void Write(string text, double size, bool bold = false, double indent = 0)
        {
            var font = Font(size, bold);
            var width = page.Width.Point - (2 * Margin) - indent;
            var lines = new List<string>();
            using (var measure = XGraphics.FromPdfPage(page))
            {
                foreach (var word in text.Split(' '))
                {
                    if (lines.Count > 0 && measure.MeasureString($"{lines[^1]} {word}", font).Width <= width)
                    {
                        lines[^1] = $"{lines[^1]} {word}";
                    }
                    else
                    {
                        lines.Add(word);
                    }
                }
            }

            foreach (var line in lines)
            {
                if (top + (size * 1.4) > page.Height.Point - Margin)
                {
                    (page, top) = (document.AddPage(), Margin);
                }

                using var graphics = XGraphics.FromPdfPage(page);
                graphics.DrawString(line, font, XBrushes.Black, new XPoint(Margin + indent, top + size));
                top += size * 1.4;
            }

            top += 2;
        }
    }
}

/// <summary>QR codes as modules, drawn by who needs them.</summary>
internal static class QrCode
{
    public static IReadOnlyList<System.Collections.BitArray> Modules(string content)
    {
        using var data = QRCodeGenerator.GenerateQrCode(content, QRCodeGenerator.ECCLevel.M);
        return [.. data.ModuleMatrix.Select(row => new System.Collections.BitArray(row))];
    }

    /// <summary>As an image that scales: one path, with the quiet zone that the standard asks for (ISO/IEC 18004, 5.3.8).</summary>
    public static string Svg(string content, string title)
    {
        var modules = Modules(content);
        var path = new System.Text.StringBuilder();
        for (var row = 0; row < modules.Count; row++)
        {
            for (var column = 0; column < modules.Count; column++)
            {
                if (modules[row][column])
                {
                    path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{column} {row}h1v1h-1z");
                }
            }
        }

        return $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {modules.Count} {modules.Count}" role="img" shape-rendering="crispEdges"><title>{System.Security.SecurityElement.Escape(title)}</title><rect width="100%" height="100%" fill="#fff"/><path d="{path}" fill="#000"/></svg>""";
    }
}

/// <summary>A typeface with Latin, Greek and Cyrillic letters that is installed: PDFsharp brings none that it may choose by itself outside of Windows.</summary>
internal sealed class InstalledFont : IFontResolver
{
    public const string Family = "Installed";

    private static readonly string[] Folders = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", @"C:\Windows\Fonts"];
    private static readonly (string Regular, string Bold)[] Known = [("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"), ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"), ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"), ("arial.ttf", "arialbd.ttf"), ("Arial.ttf", "Arial Bold.ttf")];

    private readonly Lazy<(string Regular, string Bold)?> files = new(() =>
    {
        var all = Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.ttf", SearchOption.AllDirectories)).GroupBy(file => Path.GetFileName(file)).ToDictionary(group => group.Key, group => group.First());
        return Known.Where(pair => all.ContainsKey(pair.Regular) && all.ContainsKey(pair.Bold)).Select(pair => ((string, string)?)(all[pair.Regular], all[pair.Bold])).FirstOrDefault();
    });

    public FontResolverInfo? ResolveTypeface(string familyName, bool isBold, bool isItalic) => new(isBold ? "bold" : "regular");

    /// <exception cref="ServiceDefaults.Errors.ProblemException">No suitable typeface is installed (503).</exception>
    public byte[]? GetFont(string faceName) => files.Value is { } found
        ? File.ReadAllBytes(faceName == "bold" ? found.Bold : found.Regular)
        : throw ServiceDefaults.Errors.Problem.Unavailable.Throw("Printing needs a typeface: install fonts-dejavu-core.");
}
