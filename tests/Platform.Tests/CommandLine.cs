using System.Diagnostics;

namespace LivingCity.Platform.Tests;

/// <summary>The command line tool, run as a user runs it.</summary>
internal static class CommandLine
{
    public static async Task<(int ExitCode, string Output)> RunAsync(Uri gateway, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "LivingCity.Cli.dll"), .. arguments, "--gateway", gateway.ToString()])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
