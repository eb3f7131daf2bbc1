using System.Reflection;
using System.Runtime.InteropServices;

namespace LivingCity.AppHost.Embedded;

/// <summary>Runs the platform until a signal ends it.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(DistributedApplication application, StackOptions options, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var signals = new EndingSignals(ending);
        var view = ConsoleView.Create(application, options);
        Console.WriteLine($"Engine: embedded ({EngineReason}): ordinary processes, no containers. With containers: dotnet run --project AppHost -p:Engine=aspire");
        await application.StartAsync(ending.Token);
        var folder = application.DataFolder!;
        RunningStack.Write(folder, new(Environment.ProcessId, application.Dashboard!));
        view.Say($"Dashboard: {application.Dashboard}");
        view.Say(options.Ephemeral ? "Data: kept until the end only" : $"Data: {folder}");
        var showing = view.ShowAsync();
        var failed = await WaitAsync(application, ending.Token);
        view.Say("Stopping ...");
        RunningStack.Clear(folder);
        await application.StopAsync(CancellationToken.None);
        await view.EndAsync(showing);
        return failed ? 1 : 0;
    }

    private static string EngineReason => typeof(RunCommand).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => metadata.Key == nameof(EngineReason))?.Value ?? "";

    /// <summary>Until a signal comes, or a resource cannot run: a platform with a hole in it helps nobody.</summary>
    private static async Task<bool> WaitAsync(DistributedApplication application, CancellationToken ending)
    {
        try
        {
            while (true)
            {
                var next = application.ResourceNotifications.Changed;
                if (application.ResourceNotifications.All.Any(resource => resource.State is ResourceState.Failed))
                {
                    return true;
                }

                await next.WaitAsync(ending);
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The first signal stops in good order; a second Ctrl+C at once, and the guardians clean up. (Service managers send SIGTERM twice at will.)</summary>
    private sealed class EndingSignals : IDisposable
    {
        private readonly PosixSignalRegistration[] registrations;

        public EndingSignals(CancellationTokenSource ending) => registrations =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = !(signal is PosixSignal.SIGINT && ending.IsCancellationRequested);
                ending.Cancel();
            })),
        ];

        public void Dispose() => Array.ForEach(registrations, registration => registration.Dispose());
    }
}
