using System.Collections.Concurrent;
using System.Diagnostics;
using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests.Subscriptions;

/// <summary>The service in a process of its own, which can be killed.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();

    private ServiceProcess(Process process) => this.process = process;

    /// <summary>Starts it beside a host, as one more replica.</summary>
    public static async Task<ServiceProcess> StartAsync(Broker peer, Infrastructure infrastructure)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ConnectionStrings__database"] = peer.Host.ConnectionString,
            ["ConnectionStrings__messaging"] = peer.Host.Broker,
            ["Authentication__Authority"] = infrastructure.Issuer.Authority,
            ["Outgoing__AllowedNetworks__0"] = "127.0.0.0/8",
        })
        {
            start.Environment[name] = value;
        }

        var service = new ServiceProcess(new Process { StartInfo = start });
        service.process.OutputDataReceived += (_, line) => service.output.Enqueue(line.Data ?? "");
        service.process.ErrorDataReceived += (_, line) => service.output.Enqueue(line.Data ?? "");
        service.process.Start();
        service.process.BeginOutputReadLine();
        service.process.BeginErrorReadLine();
        await Eventually.TrueAsync(() => Task.FromResult(service.output.Any(line => line.Contains("Now listening on", StringComparison.Ordinal)) || service.process.HasExited), "the process listens");
        Assert.False(service.process.HasExited, string.Join('\n', service.output));
        return service;
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }
}
