namespace LivingCity.Gateway.Benchmarks;

/// <summary>Finds what is measured from wherever the benchmark was built to.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>The gateway, built in the same configuration as the benchmark.</summary>
    public static string Gateway => Path.Combine(Root, "gateway", "bin", Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "..", ".."), AppContext.BaseDirectory), "LivingCity.Gateway.dll");

    public static string Provider => Path.Combine(Root, "AppHost", "Embedded", "Identity", "server.mjs");

    public static string Realm => Path.Combine(Root, "AppHost", "realms", "city-realm.json");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Platform.sln is in no folder above the benchmark.");
        }

        return folder.FullName;
    }
}
