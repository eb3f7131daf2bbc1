namespace LivingCity.AppHost.Embedded;

/// <summary>Finds installed programs.</summary>
internal static class Programs
{
    /// <summary>The program's full path: the given folders first, then PATH.</summary>
    /// <exception cref="ResourceFailedException">It is not there; the message says how to install it.</exception>
    public static string Find(string name, string package, params IEnumerable<string> folders) =>
        TryFind(name, folders) ?? throw Missing(name, package);

    /// <summary>A program that anything may need, by its name alone.</summary>
    /// <exception cref="ResourceFailedException">It is not there; the message says how to install it.</exception>
    public static string FindOnPath(string name) => Find(name, name == "node" ? "nodejs 20.19 or later" : name);

    public static string? TryFind(string name, params IEnumerable<string> folders) =>
        folders.Concat(SearchPath).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    public static ResourceFailedException Missing(string what, string package) => new($"{what} is not installed: run eng/setup.sh (or install {package}).");

    /// <summary>Folders matching a parent, then the highest version first: <c>/usr/lib/postgresql/*/bin</c>.</summary>
    public static IEnumerable<string> Versions(string parent, string pattern, string subfolder) =>
        !Directory.Exists(parent)
            ? []
            : Directory.EnumerateDirectories(parent, pattern)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder).Split('@', '-')[^1].Split('.')[0], out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, subfolder));

    private static string[] SearchPath =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
