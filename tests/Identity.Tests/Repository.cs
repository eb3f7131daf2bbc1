namespace LivingCity.Identity.Tests;

/// <summary>Finds the repository's files from wherever the tests were built to.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string RealmFile => Path.Combine(Root, "AppHost", "realms", "city-realm.json");

    public static string ProviderFolder => Path.Combine(Root, "AppHost", "Embedded", "Identity");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Platform.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
