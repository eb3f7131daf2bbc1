using System.Diagnostics;
using System.Text.Json;

namespace LivingCity.Assessment.Tests.Independent;

/// <summary>Runs a script of another language: JSON in, JSON out.</summary>
internal static class Script
{
    /// <summary>The repository, seen from the tests' output (tests/Assessment.Tests/bin/{configuration}/{framework}).</summary>
    public static readonly string Repository = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));

    public static readonly string Tests = Path.Combine(Repository, "tests/Assessment.Tests");

    public static async Task<JsonElement> RunAsync(string program, IEnumerable<string> arguments, object? input = null, JsonSerializerOptions? json = null)
    {
        var (code, output, error) = await TryAsync(program, arguments, input is null ? null : JsonSerializer.Serialize(input, json ?? JsonSerializerOptions.Web));
        Assert.True(code == 0, $"{program} ended with {code}: {error}");
        return JsonElement.Parse(output);
    }

    public static async Task<(int Code, string Output, string Error)> TryAsync(string program, IEnumerable<string> arguments, string? input = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
