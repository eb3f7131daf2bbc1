namespace LivingCity.Assessment.Procurement;

/// <summary>The browser that prints: the one that is configured, else the first of the Chromium family that this machine has.</summary>
internal static class PrintBrowser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome"];

    /// <summary>Where browsers are kept that no search path leads to.</summary>
    private static readonly string[] Places = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

    /// <param name="configured">The path of the browser, or null to look for one. What is configured is not looked for elsewhere.</param>
    /// <returns>Null where there is none.</returns>
    public static string? Find(string? configured) => configured is { Length: > 0 }
        ? File.Exists(configured) ? configured : null
        : Candidates().FirstOrDefault(File.Exists);

    private static IEnumerable<string> Candidates() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append("/usr/bin").Distinct()
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).Concat(Places);
}
