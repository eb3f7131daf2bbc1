using System.Diagnostics;
using System.Net;
using System.Text;

namespace LivingCity.Assessment.Procurement;

/// <summary>
/// Prints the needs as PDF: HTML in Chromium without a window (<c>Procurement:Browser</c>, else where Debian keeps it), which makes headings, tags and embedded fonts of every script. The PDF libraries
/// for .NET that are to be had are under licences that this one cannot take (PDFsharp 6.5: AGPL). One print at a time.
/// </summary>
internal sealed class PdfPages(IConfiguration configuration) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly SemaphoreSlim one = new(1);

    /// <returns>Null where there is no browser.</returns>
    /// <exception cref="InvalidOperationException">The browser printed nothing.</exception>
    public async Task<byte[]?> PrintAsync(NeedsDocument needs, CancellationToken cancellationToken)
    {
        var browser = configuration["Procurement:Browser"] ?? "/usr/bin/chromium";
        if (!File.Exists(browser))
        {
            return null;
        }

        await one.WaitAsync(cancellationToken);
        var folder = Directory.CreateTempSubdirectory("needs-");
        try
        {
            var (page, pdf) = (Path.Combine(folder.FullName, "needs.html"), Path.Combine(folder.FullName, "needs.pdf"));
            await File.WriteAllTextAsync(page, Html(needs), cancellationToken);
            await RunAsync(browser, folder.FullName, page, pdf, cancellationToken);
            return File.Exists(pdf) ? await File.ReadAllBytesAsync(pdf, cancellationToken) : throw new InvalidOperationException("The browser printed nothing.");
        }
        finally
        {
            folder.Delete(recursive: true);
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private static async Task RunAsync(string browser, string profile, string page, string pdf, CancellationToken cancellationToken)
    {
        // The page is our own; its policy lets nothing run and nothing load.
        var start = new ProcessStartInfo(browser, ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--no-pdf-header-footer",
            $"--user-data-dir={profile}/profile", $"--print-to-pdf={pdf}", .. Environment.IsPrivilegedProcess ? ["--no-sandbox"] : Array.Empty<string>(), new Uri(page).AbsoluteUri])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The browser does not start.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await Task.WhenAll(process.StandardError.ReadToEndAsync(patience.Token), process.StandardOutput.ReadToEndAsync(patience.Token), process.WaitForExitAsync(patience.Token));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string Html(NeedsDocument needs)
    {
        static string Plain(string text) => WebUtility.HtmlEncode(text);
        var html = new StringBuilder($$"""
            <!DOCTYPE html><html lang="{{needs.Language}}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>{{Plain(needs.Title)}}</title><style>
            @page { size: A4; margin: 20mm; @bottom-right { content: counter(page); font: 8pt sans-serif; } }
            body { font: 10pt/1.4 "DejaVu Sans", sans-serif; } h1 { font-size: 20pt; } h2 { font-size: 14pt; break-after: avoid; } li { break-inside: avoid; margin-bottom: 6pt; } small { color: #555; }
            </style></head><body><h1>{{Plain(needs.Title)}}</h1><p>{{Plain(needs.Introduction)}}</p>
            """);
        foreach (var part in needs.Parts)
        {
            html.Append("<h2>").Append(Plain(part.Title)).Append("</h2><ul>");
            foreach (var line in part.Lines)
            {
                html.Append("<li>").Append(Plain(line.Text)).Append("<br><small>").Append(Plain($"{NeedsLibrary.Current.Label("follows", needs.Language)}: {line.Origin}")).Append("</small></li>");
            }

            html.Append("</ul>");
        }

        return html.Append("</body></html>").ToString();
    }
}
