using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LivingCity.AppHost.Tests;

/// <summary>The AppHost as a command: what it starts, says, and leaves behind.</summary>
public sealed partial class HostProcessTests
{
    private const int Kill = 9;
    private const int Terminate = 15;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_KilledAloneOrWithItsGroup_LeavesNoProcessBehind(bool withItsGroup)
    {
        using var folder = new TestFolder();
        await using var host = HostProcess.Start(["run", "--data", folder.Path]);
        await host.WaitForAsync("postgres      | is healthy", "messaging     | is healthy", "keycloak      | is healthy", "ingestion     | is starting");
        var started = Processes.Tree(host.Id);
        Assert.All((string[])["postgres", "beam.smp", "server.mjs"], program => Assert.Contains(started, id => Processes.CommandLine(id).Contains(program, StringComparison.Ordinal)));

        _ = kill(withItsGroup ? -host.Id : host.Id, Kill);

        await Eventually.EqualAsync(0, () => Task.FromResult(started.Count(Processes.IsAlive)));
        Assert.Empty(Processes.Mentioning(folder.Path));
    }

    [Theory]
    [InlineData(Kill)]
    [InlineData(Terminate)]
    public async Task Run_EndedWhileTheClusterIsMade_LeavesNoProcessBehind(int signal)
    {
        using var folder = new TestFolder();
        await using var host = HostProcess.Start(["run", "--data", folder.Path]);
        await Eventually.TrueAsync(() => Task.FromResult(Processes.Mentioning(folder.File("postgres.new")).Any(id => Processes.CommandLine(id).Contains("/initdb\0", StringComparison.Ordinal))), "initdb runs");

        _ = kill(host.Id, signal);

        _ = await host.ExitAsync();
        if (signal == Kill)
        {
            await Eventually.EqualAsync(0, () => Task.FromResult(Processes.Mentioning(folder.Path).Count));
        }

        Assert.Empty(Processes.Mentioning(folder.Path));
    }

    [Fact]
    public async Task Down_OfARunningStack_StopsInReverseOrderAndKeepsTheData()
    {
        using var folder = new TestFolder();
        await using var host = HostProcess.Start(["run", "--data", folder.Path]);
        await host.WaitForAsync("messaging     | is healthy", "ingestion     | is starting");
        var started = Processes.Tree(host.Id);

        var second = await HostProcess.RunAsync(["run", "--data", folder.Path]);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"Another stack is running on {folder.Path}", second.Output, StringComparison.Ordinal);

        var down = await HostProcess.RunAsync(["down", "--data", folder.Path]);
        Assert.Equal((0, "Stopped."), down);
        Assert.Equal(0, await host.ExitAsync());
        Assert.True(host.LineOf("gateway", "stopped") < host.LineOf("ingestion", "stopped"));
        Assert.True(host.LineOf("ingestion", "stopped") < host.LineOf("postgres", "stopped"));
        Assert.True(host.LineOf("twin", "stopped") < host.LineOf("messaging", "stopped"));
        Assert.DoesNotContain(started, Processes.IsAlive);

        Assert.Equal((1, $"Nothing runs on {folder.Path}."), await HostProcess.RunAsync(["status", "--data", folder.Path]));
        Assert.True(Directory.Exists(folder.File("postgres")));
        var reset = await HostProcess.RunAsync(["reset", "--data", folder.Path]);
        Assert.Equal(0, reset.ExitCode);
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public async Task Run_Terminated_EndsWithCode0AndDeletesEphemeralData()
    {
        await using var host = HostProcess.Start(["run", "--ephemeral"]);
        await host.WaitForAsync("Data: ", "postgres      | is healthy");
        var started = Processes.Tree(host.Id);
        var data = started.Select(id => Processes.CommandLine(id)).First(line => line.Contains("/postgres\0-D\0", StringComparison.Ordinal)).Split('\0').SkipWhile(part => part != "-D").ElementAt(1);
        Assert.True(Directory.Exists(data));

        _ = kill(host.Id, Terminate);

        Assert.Equal(0, await host.ExitAsync());
        Assert.DoesNotContain(started, Processes.IsAlive);
        Assert.False(Directory.Exists(Path.GetDirectoryName(data)));
    }

    [Fact]
    public async Task Run_WithPort8080Taken_UsesAnotherAndSaysSo()
    {
        using var folder = new TestFolder();
        using var holder = TakePort8080();
        await using var host = HostProcess.Start(["run", "--data", folder.Path]);

        await host.WaitForAsync("gateway       | port 8080 is taken; using ");
    }

    [Fact]
    public async Task Run_WithoutNode_IsOneLineThatSaysHowToInstallIt()
    {
        using var folder = new TestFolder();

        var (exitCode, output) = await HostProcess.RunAsync(["run", "--data", folder.Path], path: "/nowhere");

        Assert.Equal(1, exitCode);
        var lines = output.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains(lines, line => line.StartsWith("Engine: embedded", StringComparison.Ordinal));
        Assert.Contains("node is not installed: run eng/setup.sh (or install nodejs 20.19 or later).", lines);
    }

    [Fact]
    public async Task Run_WithAnUnknownArgument_SaysWhichAndHowItIsMeant()
    {
        var (exitCode, output) = await HostProcess.RunAsync(["--ephemerel"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("'--ephemerel' is not understood.", output.Split('\n')); // on the error stream, which has no order with the other
        Assert.Contains("AppHost -- [run|down|reset|status]", output, StringComparison.Ordinal);
    }

    /// <summary>Null when somebody else has it already, which serves as well.</summary>
    private static TcpListener? TakePort8080()
    {
        try
        {
            var listener = new TcpListener(IPAddress.Loopback, 8080);
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
