using LivingCity.Events.Programme;
using QRCoder;

namespace LivingCity.Events.Exports;

/// <summary>A badge: whose, and the code of the ticket.</summary>
internal sealed record Badge(string Name, string? Organisation, string Ticket);

/// <summary>What is printed: programme, badges, letters. Sizes in points.</summary>
internal static class Documents
{
    private const double Margin = 48;

    public static byte[] Programme(Event item, IReadOnlyList<string> languages)
    {
        var page = new Flow(item.Title.In(languages).Value);
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

        return page.Save();
    }

    /// <summary>Badges of 90 × 55 mm, eight on a page.</summary>
    public static byte[] Badges(string title, IReadOnlyList<Badge> badges)
    {
        const double BadgeWidth = 255;
        const double BadgeHeight = 156;
        var file = new PdfFile(title);
        file.AddPage();
        for (var number = 0; number < badges.Count; number++)
        {
            if (number > 0 && number % 8 == 0)
            {
                file.AddPage();
            }

            var (x, y) = (40 + (number % 2 * (BadgeWidth + 5)), 40 + (number % 8 / 2 * (BadgeHeight + 12)));
            file.Frame(x, y, BadgeWidth, BadgeHeight);
            var top = y + 32;
            foreach (var (text, size, bold) in new[] { (badges[number].Name, 15.0, true), (badges[number].Organisation ?? "", 10.0, false), (title, 8.0, false) })
            {
                foreach (var line in Lines(file, text, size, bold, BadgeWidth - 110))
                {
                    file.Text(x + 12, top, size, bold, line);
                    top += size * 1.3;
                }

                top += 6;
            }

            DrawCode(file, badges[number].Ticket, x + BadgeWidth - 94, y + 36, 82);
        }

        return file.Save();
    }

    /// <summary>A letter of one page.</summary>
    public static byte[] Letter(string title, IReadOnlyList<string> paragraphs)
    {
        var page = new Flow(title);
        page.Write(title, 16, bold: true);
        foreach (var paragraph in paragraphs)
        {
            page.Gap(10);
            page.Write(paragraph, 11);
        }

        return page.Save();
    }

    private static List<string> Lines(PdfFile file, string text, double size, bool bold, double width)
    {
        var lines = new List<string>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && file.WidthOf($"{lines[^1]} {word}", size, bold) <= width)
            {
                lines[^1] = $"{lines[^1]} {word}";
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines;
    }

    private static void DrawCode(PdfFile file, string code, double x, double y, double size)
    {
        var modules = QrCode.Modules(code);
        var module = size / modules.Count;
        for (var row = 0; row < modules.Count; row++)
        {
            for (var column = 0; column < modules.Count; column++)
            {
                if (modules[row][column])
                {
                    file.Fill(x + (column * module), y + (row * module), module, module);
                }
            }
        }
    }

    /// <summary>Text from top to bottom, on as many pages as it takes.</summary>
    private sealed class Flow
    {
        private readonly PdfFile file;
        private double top = Margin;

        public Flow(string title)
        {
            file = new PdfFile(title);
            file.AddPage();
        }

        public void Gap(double points) => top += points;

        public byte[] Save() => file.Save();

        public void Write(string text, double size, bool bold = false, double indent = 0)
        {
            foreach (var line in Lines(file, text.ReplaceLineEndings(" "), size, bold, PdfFile.Width - (2 * Margin) - indent))
            {
                if (top + (size * 1.4) > PdfFile.Height - Margin)
                {
                    file.AddPage();
                    top = Margin;
                }

                file.Text(Margin + indent, top + size, size, bold, line);
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
