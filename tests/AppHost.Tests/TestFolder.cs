using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace LivingCity.AppHost.Tests;

/// <summary>An empty folder that any user may pass through, deleted at the end.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"livingcity-test-{Guid.NewGuid():N}")).FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
