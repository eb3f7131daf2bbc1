namespace LivingCity.AppHost.Embedded;

/// <summary>A server that is run elsewhere: only its health is watched.</summary>
internal sealed class ExternalPostgres(PostgresServerResource server) : ILifecycle
{
    public int Processes => 0;

    public LaunchPlan Plan(int replica) => throw new InvalidOperationException($"{server.Name} is run elsewhere.");

    public Task<string?> CheckAsync(int replica, CancellationToken cancellationToken) => PostgresHealth.CheckAsync(server, cancellationToken);
}
