using System.Security.Cryptography;
using System.Text;

namespace LivingCity.AppHost.Embedded;

/// <summary>The folder a stack keeps its data in, held by one stack at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockFile = "stack.lock";
    private readonly FileStream claim;
    private readonly bool deleteAtEnd;

    private DataFolder(string path, FileStream claim, bool deleteAtEnd)
    {
        Path = path;
        this.claim = claim;
        this.deleteAtEnd = deleteAtEnd;
        Secrets = new(System.IO.Path.Combine(path, "secrets.json"));
    }

    public string Path { get; }

    public Secrets Secrets { get; }

    /// <exception cref="ResourceFailedException">Another stack holds the folder.</exception>
    public static DataFolder Open(StackOptions options)
    {
        var path = options.Ephemeral ? Directory.CreateTempSubdirectory("livingcity-").FullName : System.IO.Path.GetFullPath(options.DataFolder);
        Directory.CreateDirectory(path);
        if (!IsOurs(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new ResourceFailedException($"{path} holds something else than a stack's data: name an empty folder with --data.");
        }

        if (options.Ephemeral && !OperatingSystem.IsWindows())
        {
            // The servers run as users of their own and must be able to pass through; each of their folders is closed by itself.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        return new(path, TryClaim(path) ?? throw new ResourceFailedException(
            $"Another stack is running on {path}: stop it with 'AppHost -- down', or start this one with --ephemeral or --data <folder>."), options.Ephemeral);
    }

    /// <summary>The claim on the folder, or null while another process holds it. The system drops it when the holder dies.</summary>
    public static FileStream? TryClaim(string path)
    {
        try
        {
            return new(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (Directory.Exists(path))
        {
            return null;
        }
    }

    /// <summary>A server's folder. When its user cannot pass through the data folder (root's home, say), it lies under /var/lib instead.</summary>
    public async Task<string> ForServerAsync(string name, string user, CancellationToken cancellationToken)
    {
        var parent = await Unprivileged.CanEnterAsync(Path, user, cancellationToken) ? Path : Elsewhere(Path);
        Directory.CreateDirectory(parent);
        return System.IO.Path.Combine(parent, name);
    }

    /// <summary>Deletes what a stack has kept, and nothing that is not a stack's.</summary>
    public static void Delete(string path)
    {
        if (!IsOurs(path))
        {
            return;
        }

        foreach (var folder in new[] { path, Elsewhere(path) }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose()
    {
        claim.Dispose();
        if (deleteAtEnd)
        {
            Delete(Path);
        }
    }

    private static bool IsOurs(string path) => File.Exists(System.IO.Path.Combine(path, LockFile));

    private static string Elsewhere(string path) =>
        System.IO.Path.Combine("/var/lib/livingcity", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16]);
}
