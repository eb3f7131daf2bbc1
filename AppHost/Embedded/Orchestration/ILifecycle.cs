namespace LivingCity.AppHost.Embedded;

/// <summary>What a resource does to run: prepared once, then processes that may come and go, then initialised once when first healthy.</summary>
internal interface ILifecycle
{
    /// <summary>Finds the programs that are needed, before anything is started.</summary>
    /// <exception cref="ResourceFailedException">Something is missing; the message says how to install it.</exception>
    void Locate()
    {
    }

    /// <summary>Writes settings, makes folders; runs after the dependencies are healthy.</summary>
    Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>How many processes there are; 0 for something that is run elsewhere or inside another process.</summary>
    int Processes => 1;

    /// <summary>A process that ends with code 0 is done, any other is started again.</summary>
    bool RunsToCompletion => false;

    LaunchPlan Plan(int replica);

    /// <summary>Null when healthy, else why not.</summary>
    Task<string?> CheckAsync(int replica, CancellationToken cancellationToken);

    /// <summary>Runs when the processes first answer and before anyone is told that they are healthy.</summary>
    Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
