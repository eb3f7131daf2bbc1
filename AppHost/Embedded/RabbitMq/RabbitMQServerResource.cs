using System.Globalization;

namespace LivingCity.AppHost.Embedded;

/// <summary>A RabbitMQ broker: AMQP on endpoint <c>tcp</c>, the management API on <c>management</c>, MQTT on <c>mqtt</c> (a few seconds after the broker is healthy).</summary>
public sealed class RabbitMQServerResource : Resource, IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithWaitSupport
{
    private readonly string? configured;
    private readonly ParameterResource? user;
    private readonly ParameterResource? password;
    private Secrets? secrets;

    internal RabbitMQServerResource(string name, string? configured, ParameterResource? user, ParameterResource? password, int? port)
        : base(name)
    {
        (this.configured, this.user, this.password) = (configured, user, password);
        if (!IsExternal)
        {
            Endpoints.Add(new("tcp", "amqp", port, "127.0.0.1"));
            Endpoints.Add(new("mqtt", "mqtt", host: "127.0.0.1"));
        }
    }

    /// <summary><c>amqp://user:password@host:port</c></summary>
    public ReferenceExpression ConnectionStringExpression => new(() => configured is { Length: > 0 }
        ? configured
        : string.Create(CultureInfo.InvariantCulture, $"amqp://{UserName}:{Password}@127.0.0.1:{Endpoint("tcp").Port()}"));

    internal bool IsExternal => !string.IsNullOrEmpty(configured);

    internal bool HasManagement => Endpoints.Any(endpoint => endpoint.Name == "management");

    internal string UserName => user?.GetValue() ?? "livingcity";

    internal string Password => password?.GetValue() ?? secrets!.Get(Name);

    internal override string Kind => "RabbitMQ";

    internal override ILifecycle CreateLifecycle(Stack stack)
    {
        secrets = stack.Data.Secrets;
        return IsExternal ? new ExternalRabbitMq(this) : new PrivateRabbitMq(this, stack);
    }
}

/// <summary>RabbitMQ in the words of Aspire.</summary>
public static class RabbitMQExtensions
{
    /// <summary>A private broker; or the one that <c>ConnectionStrings:{name}</c> points at, when it is configured.</summary>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        builder.AddResource(new RabbitMQServerResource(name, builder.Configuration[$"ConnectionStrings:{name}"], userName?.Resource, password?.Resource, port));

    /// <summary>Adds the management API and page, with the broker's own user and password.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder)
    {
        if (!builder.Resource.IsExternal && !builder.Resource.HasManagement)
        {
            builder.Resource.Endpoints.Add(new("management", "http", host: "127.0.0.1"));
        }

        return builder;
    }
}
