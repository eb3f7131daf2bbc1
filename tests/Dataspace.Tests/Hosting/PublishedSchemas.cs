using System.Diagnostics;
using System.Text.Json.Nodes;

namespace LivingCity.Dataspace.Tests.Hosting;

/// <summary>The published JSON Schemas of the protocol, asked through npm's ajv. Tests that need them are skipped where the schemas are not beside the repository.</summary>
public sealed class PublishedSchemas : IDisposable
{
    private readonly Process? process;
    private readonly SemaphoreSlim gate = new(1);

    public PublishedSchemas()
    {
        Folder = Find();
        var script = Path.Combine(Repository(), "tests", "Dataspace.Tests", "Schemas", "validate.mjs");
        if (Folder is not null && Directory.Exists(Path.Combine(Path.GetDirectoryName(script)!, "node_modules")))
        {
            process = Process.Start(new ProcessStartInfo("node", [script, Folder]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
    }

    /// <summary>The folder of the schemas, or null.</summary>
    public string? Folder { get; }

    /// <summary>What the schema of this type finds wrong with a message.</summary>
    public async Task<IReadOnlyList<string>> MistakesAsync(string type, JsonNode message)
    {
        Assert.SkipUnless(process is not null, "The published schemas (LIVINGCITY_DATA) or npm's ajv (eng/setup.sh) are not there.");
        await gate.WaitAsync();
        try
        {
            await process.StandardInput.WriteLineAsync(new JsonObject { ["type"] = type, ["message"] = message.DeepClone() }.ToJsonString());
            await process.StandardInput.FlushAsync();
            return [.. JsonNode.Parse((await process.StandardOutput.ReadLineAsync())!)!.AsArray().Select(mistake => (string)mistake!)];
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task ValidAsync(string type, JsonNode message) => Assert.True((await MistakesAsync(type, message)) is { Count: 0 }, $"{message.ToJsonString()}: {string.Join("; ", await MistakesAsync(type, message))}");

    public void Dispose()
    {
        process?.Kill();
        process?.Dispose();
        gate.Dispose();
    }

    public static string Repository()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Platform.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException("The repository is not around the tests.");
    }

    /// <summary>A folder of published data, or null where it is not there.</summary>
    public static string? Data(string name)
    {
        var root = Environment.GetEnvironmentVariable("LIVINGCITY_DATA") ?? Path.Combine(Repository(), "..", "shared", "data");
        return Directory.Exists(Path.Combine(root, name)) ? Path.Combine(root, name) : null;
    }

    private static string? Find() => Data("dataspace-protocol");
}
