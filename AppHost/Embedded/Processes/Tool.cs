using System.Diagnostics;

namespace LivingCity.AppHost.Embedded;

/// <summary>Runs a short-lived program to its end.</summary>
internal static class Tool
{
    /// <exception cref="ResourceFailedException">The program ended with another code than 0; the message is its last line.</exception>
    public static async Task RunAsync(string fileName, IEnumerable<string> arguments, string? user = null, CancellationToken cancellationToken = default)
    {
        var (code, output) = await CaptureAsync(fileName, arguments, user, cancellationToken);
        if (code != 0)
        {
            throw new ResourceFailedException($"{Path.GetFileName(fileName)} failed: {output.Trim().Split('\n')[^1]}");
        }
    }

    public static async Task<int> ExitCodeAsync(string fileName, IEnumerable<string> arguments, string? user, CancellationToken cancellationToken) =>
        (await CaptureAsync(fileName, arguments, user, cancellationToken)).Code;

    private static async Task<(int Code, string Output)> CaptureAsync(
        string fileName, IEnumerable<string> arguments, string? user, CancellationToken cancellationToken)
    {
        string[] command = [.. Unprivileged.Prefix(user), fileName, .. arguments];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
