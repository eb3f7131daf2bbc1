namespace LivingCity.AppHost.Embedded;

/// <summary>A broker that is run elsewhere: only its health is watched.</summary>
internal sealed class ExternalRabbitMq(RabbitMQServerResource broker) : ILifecycle
{
    private const int DefaultPort = 5672;

    public int Processes => 0;

    public LaunchPlan Plan(int replica) => throw new InvalidOperationException($"{broker.Name} is run elsewhere.");

    public Task<string?> CheckAsync(int replica, CancellationToken cancellationToken)
    {
        var address = new Uri(broker.ConnectionStringExpression.GetValue());
        return AmqpHealth.CheckAsync(address.Host, address.Port > 0 ? address.Port : DefaultPort, cancellationToken);
    }
}
