using System.Diagnostics;

namespace LivingCity.Assessment.Procurement;

/// <summary>
/// Prints the needs as PDF: HTML in Chromium without a window (<see cref="PrintBrowser"/>), which makes headings, tags and embedded fonts of every script. The PDF libraries
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
        if (PrintBrowser.Find(configuration["Procurement:Browser"]) is not { } browser)
        {
            return null;
        }

        await one.WaitAsync(cancellationToken);
        var folder = Directory.CreateTempSubdirectory("needs-");
        try
        {
            var (page, pdf) = (Path.Combine(folder.FullName, "needs.html"), Path.Combine(folder.FullName, "needs.pdf"));
            await File.WriteAllTextAsync(page, NeedsPage.Html(needs), cancellationToken);
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
}
