namespace LivingCity.Ingestion.Tests;

/// <summary>Published data that lies beside the repository, not in it.</summary>
internal static class PublishedData
{
    /// <summary>The folder, or the test is skipped.</summary>
    public static string Folder()
    {
        var folder = Find();
        Assert.SkipUnless(Directory.Exists(folder), "The published data sets are not beside the repository: set LIVINGCITY_DATA to their folder.");
        return folder!;
    }

    /// <summary>Where the folder is, or would be.</summary>
    public static string? Find()
    {
        var folder = Environment.GetEnvironmentVariable("LIVINGCITY_DATA");
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); folder is null && at is not null; at = at.Parent)
        {
            folder = File.Exists(Path.Combine(at.FullName, "Platform.sln")) ? Path.Combine(at.FullName, "..", "shared", "data") : null;
        }

        return folder;
    }
}
