namespace LivingCity.Twin.Benchmarks;

/// <summary>Published data sets beside the repository.</summary>
internal static class Data
{
    public static string? Folder(string name)
    {
        var candidates = new[] { Environment.GetEnvironmentVariable("LIVINGCITY_DATA"), Path.Combine("..", "shared", "data"), Path.Combine("..", "..", "..", "shared", "data") };
        var folder = candidates.Where(c => !string.IsNullOrEmpty(c)).Select(c => Path.Combine(c!, name)).FirstOrDefault(Directory.Exists);
        if (folder is null)
        {
            Console.WriteLine($"  skipped: the published data set {name} is not on this machine (../shared/data or LIVINGCITY_DATA)");
        }

        return folder;
    }
}
