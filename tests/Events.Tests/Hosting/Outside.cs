using System.Diagnostics;
using System.Text.Json.Nodes;

namespace LivingCity.Events.Tests.Hosting;

/// <summary>Readers and validators that others wrote, and published data.</summary>
internal static class Outside
{
    public static async Task<JsonArray> ReadAsync(string program, string script, string input, params string[] arguments)
    {
        var path = Path.Combine(Repository, "tests", "Events.Tests", "Readers", script);
        Assert.SkipUnless(program != "node" || Directory.Exists(Path.Combine(Path.GetDirectoryName(path)!, "node_modules")), "npm packages of the readers are not there: run eng/setup.sh --tests.");
        Assert.SkipUnless(program != "/usr/bin/python3" || Directory.Exists("/usr/lib/python3/dist-packages/icalendar"), "python3-icalendar is not installed: run eng/setup.sh --tests.");
        using var process = Process.Start(new ProcessStartInfo(program, [path, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return JsonNode.Parse(await output)!.AsArray();
    }

    public static string Schedules
    {
        get
        {
            var folder = Path.Combine(Environment.GetEnvironmentVariable("LIVINGCITY_DATA") ?? Path.Combine(Repository, "..", "shared", "data"), "schedules");
            Assert.SkipUnless(Directory.Exists(folder), "The published schedules are not beside the repository: set LIVINGCITY_DATA to their folder.");
            return folder;
        }
    }

    private static string Repository
    {
        get
        {
            var at = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(at.FullName, "Platform.sln")))
            {
                at = at.Parent ?? throw new DirectoryNotFoundException("The repository is not around the tests.");
            }

            return at.FullName;
        }
    }
}
