using System.Diagnostics;

namespace LivingCity.Identity.Tests;

/// <summary>The provider as the AppHost runs it: a process of its own, on a free port.</summary>
internal sealed class ProviderProcess : IAsyncDisposable
{
    private const string ReadyLine = "identity: ready at ";
    private readonly Process process;
    private readonly TaskCompletionSource<string> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> errors = [];

    private ProviderProcess(Process process) => this.process = process;

    public string Issuer => ready.Task.Result;

    public int Id => process.Id;

    public Uri Endpoint(string name) => new($"{Issuer}/protocol/openid-connect/{name}");

    public static ProviderProcess Launch(IReadOnlyDictionary<string, string>? environment = null, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", ["server.mjs", .. arguments])
        {
            WorkingDirectory = Repository.ProviderFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var provider = new ProviderProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        provider.Start();
        return provider;
    }

    public static async Task<ProviderProcess> StartAsync(
        CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments)
    {
        var provider = Launch(environment, ["--realm", Repository.RealmFile, "--watch-stdin", .. arguments]);
        await provider.ready.Task.WaitAsync(cancellation);
        return provider;
    }

    /// <summary>Waits for the end by itself; gives the exit code and what it said on standard error.</summary>
    public async Task<(int Code, string Errors)> ExitAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, string.Join('\n', errors));
    }

    public void CloseInput() => process.StandardInput.Close();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private void Start()
    {
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith(ReadyLine, StringComparison.Ordinal) == true)
            {
                ready.TrySetResult(line.Data[ReadyLine.Length..]);
            }
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                errors.Add(line.Data);
            }
        };
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The provider ended with code {process.ExitCode}: {string.Join('\n', errors)}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }
}
