using MassTransit;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>
/// A bus that is started when it is made and can be thrown away at any time. MassTransit 8.4 stops only what has started; a start ends with its token, but then waits for
/// the readiness of what it has just stopped, which may never come. So nobody waits for that here.
/// </summary>
internal sealed class RunningBus : IAsyncDisposable
{
    /// <summary>For messages under way.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource life = new();
    private readonly Task started;

    public RunningBus(Broker broker, Action<IRabbitMqBusFactoryConfigurator>? configure = null)
    {
        Bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            broker.Connect(rabbit);
            configure?.Invoke(rabbit);
        });
        started = Bus.StartAsync(life.Token);
    }

    public IBusControl Bus { get; }

    /// <summary>Returns when the broker has answered and every endpoint listens.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => started.WaitAsync(cancellationToken);

    /// <summary>Stops it, started or not.</summary>
    /// <exception cref="TimeoutException">It did not stop in time.</exception>
    public async ValueTask DisposeAsync()
    {
        if (started.IsCompletedSuccessfully)
        {
            await Bus.StopAsync(StopPatience).WaitAsync(2 * StopPatience);
        }
        else
        {
            await life.CancelAsync();
            _ = StopIfStartedAsync();
        }

        life.Dispose();
    }

    /// <summary>For a start that succeeds at the moment it is given up.</summary>
    private async Task StopIfStartedAsync()
    {
        await started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (started.IsCompletedSuccessfully)
        {
            await Bus.StopAsync(StopPatience);
        }
    }
}
