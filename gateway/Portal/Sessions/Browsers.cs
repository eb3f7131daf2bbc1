namespace LivingCity.Gateway.Portal.Sessions;

/// <summary>Tells a person his own browsers apart, and keeps no more of them than that needs.</summary>
internal static class Browsers
{
    private static readonly (string Mark, string Name)[] Programs = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chromium"), ("Safari/", "Safari")];
    private static readonly (string Mark, string Name)[] Systems = [("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")];

    public static string Describe(string? userAgent) => $"{Find(Programs, userAgent)}, {Find(Systems, userAgent)}";

    private static string Find((string Mark, string Name)[] known, string? userAgent) =>
        known.FirstOrDefault(entry => userAgent?.Contains(entry.Mark, StringComparison.Ordinal) == true).Name ?? "?";
}
