using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.Versioning;

namespace LivingCity.AppHost.Tests;

/// <summary>The AppHost as a person starts it: a process of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = [];

    private HostProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, data) => lines.Enqueue(data.Data ?? "");
        process.ErrorDataReceived += (_, data) => lines.Enqueue(data.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    /// <summary>What it has written so far, both streams, without empty lines.</summary>
    public IReadOnlyList<string> Lines => [.. lines.Where(line => line.Length > 0)];

    public static HostProcess Start(IReadOnlyList<string> arguments, string? path = null)
    {
        // Leads a group of its own, as a shell's job does, so that a test can kill the group without killing itself.
        var start = new ProcessStartInfo("/usr/bin/setsid", [DotNet, Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (path is not null)
        {
            start.Environment["PATH"] = path;
        }

        return new(Process.Start(start)!);
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> arguments, string? path = null)
    {
        await using var host = Start(arguments, path);
        var exitCode = await host.ExitAsync();
        return (exitCode, string.Join('\n', host.Lines));
    }

    public Task WaitForAsync(params string[] parts) =>
        Eventually.TrueAsync(() => Task.FromResult(Array.TrueForAll(parts, part => Lines.Any(line => line.Contains(part, StringComparison.Ordinal)))), string.Join(" and ", parts), TimeSpan.FromMinutes(2));

    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>Where in the output a resource reached a state.</summary>
    public int LineOf(string resource, string state)
    {
        var index = Lines.ToList().FindIndex(line => line.StartsWith(resource + " ", StringComparison.Ordinal) && line.EndsWith($"| is {state}", StringComparison.Ordinal));
        Assert.True(index >= 0, $"{resource} never was {state}");
        return index;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            var started = Processes.Tree(process.Id);
            process.Kill();
            await process.WaitForExitAsync();
            await Eventually.EqualAsync(0, () => Task.FromResult(started.Count(Processes.IsAlive)));
        }

        process.Dispose();
    }

    private static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "/usr/bin/dotnet";

    private static string Program
    {
        get
        {
            var tests = typeof(HostProcess).Assembly;
            var configuration = tests.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
            var framework = "net" + tests.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName.Split('v')[^1];
            return Path.Combine(CommandLine.FindHostDirectory(), "bin", configuration, framework, "LivingCity.AppHost.dll");
        }
    }
}
