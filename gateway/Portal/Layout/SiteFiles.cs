using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace LivingCity.Gateway.Portal.Layout;

/// <summary>Files under <c>wwwroot</c>, named with a digest of their content so that browsers may keep them for good. Safe for concurrent use.</summary>
internal sealed class SiteFiles(IWebHostEnvironment environment)
{
    /// <summary>The parts of the design, in the order in which they apply.</summary>
    public static readonly IReadOnlyList<string> Styles = ["/css/tokens.css", "/css/base.css", "/css/layout.css", "/css/components.css", "/css/print.css"];

    private readonly ConcurrentDictionary<string, (DateTimeOffset Modified, string Address)> known = new();

    public bool Exists(string path) => environment.WebRootFileProvider.GetFileInfo(path).Exists;

    public string Address(string path)
    {
        var file = environment.WebRootFileProvider.GetFileInfo(path);
        if (!file.Exists)
        {
            return path;
        }

        if (known.TryGetValue(path, out var entry) && entry.Modified == file.LastModified)
        {
            return entry.Address;
        }

        using var stream = file.CreateReadStream();
        var address = $"{path}?v={Convert.ToHexStringLower(SHA256.HashData(stream))[..12]}";
        known[path] = (file.LastModified, address);
        return address;
    }
}
