namespace LivingCity.Twin.Models.Tests;

/// <summary>Published data sets beside the repository; a test that needs one is skipped where it is absent.</summary>
internal static class PublishedData
{
    public static string? Folder { get; } = Find();

    /// <summary>Full path of a file or folder of the data sets.</summary>
    public static string Path(string relative)
    {
        var path = Folder is null ? null : System.IO.Path.Combine(Folder, relative);
        if (path is null || !System.IO.Path.Exists(path))
        {
            Assert.Skip($"The published data set {relative} is not on this machine: put it into ../shared/data beside the repository or set LIVINGCITY_DATA.");
        }

        return path;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("LIVINGCITY_DATA") is { Length: > 0 } given)
        {
            return given;
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Platform.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.Parent is { } parent && System.IO.Path.Combine(parent.FullName, "shared", "data") is var data && Directory.Exists(data) ? data : null;
    }
}
