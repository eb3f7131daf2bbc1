using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LivingCity.Portal.Tests;

/// <summary>Another gateway with the same database and realm, on a port of its own.</summary>
internal sealed class Replica : IDisposable
{
    private readonly Process process;

    private Replica(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<Replica> StartAsync(RunningPortal portal, params (string Name, string Value)[] settings)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var address = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        // The tests' own output is tests/Portal.Tests/bin/{configuration}/{framework}.
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var folder = Path.GetFullPath(Path.Combine(output.FullName, "../../../../../gateway"));
        var start = new ProcessStartInfo("dotnet", Path.Combine(folder, "bin", output.Parent!.Name, output.Name, "LivingCity.Gateway.dll")) { WorkingDirectory = folder };
        foreach (var (name, value) in portal.App.GetEnvironment("gateway"))
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = address;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var replica = new Replica(Process.Start(start)!, new Uri(address));
        using var client = portal.Connect(replica.Address);
        await Eventually.TrueAsync(
            async () => (await client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken)).IsSuccessStatusCode, "the replica is ready");
        return replica;
    }

    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }
}
