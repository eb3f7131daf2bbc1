using Microsoft.Extensions.Configuration;

namespace LivingCity.AppHost.Embedded;

/// <summary>A value from the configuration key <c>Parameters:{name}</c>.</summary>
public sealed class ParameterResource(string name, bool secret, Func<string> value) : Resource(name), IValueProvider
{
    public bool Secret => secret;

    public string GetValue() => value();

    internal override ILifecycle? CreateLifecycle(Stack stack) => null;
}

/// <summary>A connection string from the configuration key <c>ConnectionStrings:{name}</c>: a server that is run elsewhere.</summary>
public sealed class ConnectionStringResource(string name, Func<string?> value) : Resource(name), IResourceWithConnectionString
{
    public bool IsConfigured => !string.IsNullOrEmpty(value());

    public ReferenceExpression ConnectionStringExpression =>
        new(() => value() is { Length: > 0 } text ? text : throw new ResourceFailedException($"{Name}: set ConnectionStrings__{Name}."));

    internal override ILifecycle? CreateLifecycle(Stack stack) => null;
}

public static class ParameterExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, secret, () =>
            builder.Configuration[$"Parameters:{name}"] ?? throw new ResourceFailedException($"{name}: set Parameters__{name}.")));

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, secret, () => value));

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConnectionStringResource(name, () =>
            environmentVariableName is null ? builder.Configuration.GetConnectionString(name) : builder.Configuration[environmentVariableName]));
}
