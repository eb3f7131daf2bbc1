using System.Diagnostics;
using System.Globalization;

namespace LivingCity.AppHost.Embedded;

/// <summary>A running process behind its <see cref="Guardian"/>.</summary>
internal sealed class ManagedProcess : IDisposable
{
    private readonly Process guardian;
    private readonly LaunchPlan plan;

    private ManagedProcess(Process guardian, LaunchPlan plan, int id, Task output)
    {
        this.guardian = guardian;
        this.plan = plan;
        Id = id;
        Exited = WaitAsync(output);
    }

    /// <summary>The process itself, which also names its process group.</summary>
    public int Id { get; }

    /// <summary>Ends with the exit code once nothing of the process is left.</summary>
    public Task<int> Exited { get; }

    public static async Task<ManagedProcess> StartAsync(LaunchPlan plan, Action<string> log)
    {
        var command = Guardian.CommandLine(plan.CommandLine);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = plan.WorkingDirectory,
        };
        CleanEnvironment.Apply(start.Environment, plan.Environment);
        var guardian = Process.Start(start)!;
        var first = await guardian.StandardOutput.ReadLineAsync();
        if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            guardian.Kill();
            throw new ResourceFailedException($"{plan.FileName} did not start: {first}");
        }

        return new(guardian, plan, id, PumpAsync(guardian.StandardOutput, log));
    }

    /// <summary>Asks the process to end, and kills it when it does not in time.</summary>
    public async Task StopAsync()
    {
        // Asked again and again: RabbitMQ forgets a signal that comes while it boots.
        for (var deadline = Stopwatch.StartNew(); !Exited.IsCompleted && deadline.Elapsed < plan.StopTimeout;)
        {
            Signals.Send(Id, plan.StopSignal);
            await Task.WhenAny(Exited, Task.Delay(TimeSpan.FromSeconds(1)));
        }

        if (!Exited.IsCompleted)
        {
            Kill();
        }

        await Exited;
    }

    public void Kill() => Signals.KillTree(Id);

    public void Dispose() => guardian.Dispose();

    private static async Task PumpAsync(StreamReader output, Action<string> log)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            log(line);
        }
    }

    private async Task<int> WaitAsync(Task output)
    {
        await guardian.WaitForExitAsync();
        Signals.KillTree(Id);

        // A helper that survives for a moment keeps the pipe open; the last lines are worth a short wait, not more.
        await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(2)));
        return guardian.ExitCode;
    }
}
