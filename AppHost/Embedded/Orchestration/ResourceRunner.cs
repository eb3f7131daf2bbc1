using System.Globalization;

namespace LivingCity.AppHost.Embedded;

/// <summary>Takes one resource from waiting through healthy to stopped.</summary>
internal sealed class ResourceRunner : IDisposable
{
    private static readonly TimeSpan HealthyPause = TimeSpan.FromSeconds(2);

    private readonly Resource resource;
    private readonly ILifecycle lifecycle;
    private readonly Stack stack;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim wake = new(0);
    private ProcessLoop[] loops = [];
    private Task run = Task.CompletedTask;

    // Counts what happened to the processes: the answer to a health question asked before an event says nothing about after it.
    private int generation;
    private bool wasHealthy;

    public ResourceRunner(Resource resource, ILifecycle lifecycle, Stack stack)
    {
        this.resource = resource;
        this.lifecycle = lifecycle;
        this.stack = stack;
        Notifications.Publish(new(resource.Name, resource.Kind, ResourceState.Waiting, Addresses(), []));
    }

    private ResourceNotificationService Notifications => stack.Notifications;

    /// <exception cref="ResourceFailedException">A program is missing.</exception>
    public void Locate() => lifecycle.Locate();

    public void Start() => run = Task.Run(() => RunAsync(stopping.Token));

    public LaunchPlan Plan(int replica) => lifecycle.Plan(replica);

    public async Task StopAsync()
    {
        Notifications.Update(resource.Name, before => before with { State = before.State is ResourceState.Failed ? before.State : ResourceState.Stopping });
        await stopping.CancelAsync();
        await run;
        Notifications.Update(resource.Name, before => before with { State = before.State is ResourceState.Failed ? before.State : ResourceState.Stopped, ProcessIds = [] });
    }

    public void Dispose()
    {
        stopping.Dispose();
        wake.Dispose();
    }

    public void Kill()
    {
        foreach (var loop in loops)
        {
            loop.Kill();
        }

        Interlocked.Increment(ref generation);
        Notifications.Update(resource.Name, before => before with { State = before.State is ResourceState.Healthy ? ResourceState.Restarting : before.State });
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Dependencies.WaitAsync(resource, Notifications, cancellationToken);

            Notifications.Update(resource.Name, before => before with { State = ResourceState.Starting });
            await lifecycle.PrepareAsync(cancellationToken);
            loops = [.. Enumerable.Range(0, lifecycle.Processes).Select(replica => new ProcessLoop(lifecycle, replica, Log, TimeProvider.System, Report))];
            await Task.WhenAll([.. loops.Select(loop => KeepAsync(loop, cancellationToken)), WatchHealthAsync(cancellationToken)]);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (ResourceFailedException failure)
        {
            Fail(failure.Message);
        }
        catch (Exception error)
        {
            Fail($"{resource.Name}: {error.Message}");
            Log(error.ToString());
        }
    }

    private async Task KeepAsync(ProcessLoop loop, CancellationToken cancellationToken)
    {
        try
        {
            await loop.RunAsync(cancellationToken);
        }
        catch (Exception)
        {
            // One process that cannot be started ends the whole resource.
            await stopping.CancelAsync();
            throw;
        }
    }

    private async Task WatchHealthAsync(CancellationToken cancellationToken)
    {
        var impatience = new Impatience();
        while (!cancellationToken.IsCancellationRequested && Notifications.Get(resource.Name).State is not ResourceState.Completed)
        {
            var asked = Volatile.Read(ref generation);
            var problem = await HealthQuestion.AskAsync(lifecycle, loops, initialize: !wasHealthy, cancellationToken);
            Notifications.Update(resource.Name, before => Judge(before, asked, problem));
            if (await wake.WaitAsync(problem is null ? HealthyPause : impatience.Next(), cancellationToken) || problem is null)
            {
                impatience = new();
            }
        }
    }

    private ResourceSnapshot Judge(ResourceSnapshot before, int asked, string? problem)
    {
        if (asked != Volatile.Read(ref generation) || before.State is ResourceState.Stopping or ResourceState.Stopped or ResourceState.Completed or ResourceState.Failed)
        {
            return before;
        }

        if (problem is null)
        {
            wasHealthy = true;
            return before with { State = ResourceState.Healthy, Message = null };
        }

        var state = before.State is ResourceState.Restarting ? before.State : wasHealthy ? ResourceState.Unhealthy : ResourceState.Starting;
        return before with { State = state, Message = problem };
    }

    private void Report(ProcessEvent happened)
    {
        Interlocked.Increment(ref generation);
        Notifications.Update(resource.Name, before => Apply(before, happened) with { ProcessIds = [.. loops.Select(loop => loop.ProcessId).OfType<int>()] });
        if (happened is ProcessCrashed crash)
        {
            Log(string.Create(CultureInfo.InvariantCulture, $"ended with code {crash.ExitCode}; starting again in {crash.Pause.TotalSeconds:0.##} s"));
        }

        wake.Release();
    }

    private static ResourceSnapshot Apply(ResourceSnapshot before, ProcessEvent happened) => happened switch
    {
        ProcessCrashed crash => before with { State = ResourceState.Restarting, Restarts = before.Restarts + 1, ExitCode = crash.ExitCode },
        ProcessCompleted => before with { State = ResourceState.Completed, ExitCode = 0 },
        _ => before,
    };

    private void Fail(string message)
    {
        Notifications.Update(resource.Name, before => before with { State = ResourceState.Failed, Message = message });
        Log(message);
    }

    private void Log(string line) => stack.Output.Append(resource.Name, line);

    private string[] Addresses() =>
        [.. resource.Endpoints.SelectMany(endpoint => Enumerable.Range(0, endpoint.Count).Select(endpoint.Url))];
}
