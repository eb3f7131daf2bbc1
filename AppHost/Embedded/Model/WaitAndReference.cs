namespace LivingCity.AppHost.Embedded;

/// <summary>How resources depend on each other, in the words of Aspire.</summary>
public static class WaitAndReference
{
    /// <summary>Starts the resource only when the dependency is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport
    {
        builder.Description().Waits.Add(new(dependency.Description()));
        return builder;
    }

    /// <summary>Starts the resource only when the dependency has ended with this exit code.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport
    {
        builder.Description().Waits.Add(new(dependency.Description(), ForCompletion: true, exitCode));
        return builder;
    }

    /// <summary>Injects <c>ConnectionStrings__{connectionName}</c>; the name is the source's unless given.</summary>
    public static IResourceBuilder<T> WithReference<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where T : IResourceWithEnvironment
    {
        var resource = source.Resource;
        return builder.With(variables =>
        {
            if (resource is not ConnectionStringResource { IsConfigured: false } || !optional)
            {
                variables[$"ConnectionStrings__{connectionName ?? resource.Name}"] = resource.ConnectionStringExpression.GetValue();
            }
        });
    }

    /// <summary>Injects <c>services__{name}__{endpoint}__{index}</c> for every endpoint and replica of the source.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where T : IResourceWithEnvironment
    {
        var resource = source.Description();
        return builder.With(variables => resource.Endpoints.ForEach(endpoint => AddDiscovery(variables, resource, endpoint)));
    }

    /// <summary>Injects <c>services__{name}__{endpoint}__{index}</c> for one endpoint.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, EndpointReference endpoint)
        where T : IResourceWithEnvironment =>
        builder.With(variables => AddDiscovery(variables, endpoint.Resource, endpoint.Endpoint));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.With(variables => variables[name] = value ?? "");

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => builder.With(variables => variables[name] = value.GetValue());

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.With(variables => variables[name] = endpointReference.Url);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.With(variables => variables[name] = parameter.Resource.GetValue());

    private static IResourceBuilder<T> With<T>(this IResourceBuilder<T> builder, EnvironmentEntry entry)
        where T : IResource
    {
        builder.Description().Environment.Add(entry);
        return builder;
    }

    private static void AddDiscovery(IDictionary<string, string> variables, Resource resource, Endpoint endpoint)
    {
        for (var replica = 0; replica < endpoint.Count; replica++)
        {
            variables[$"services__{resource.Name}__{endpoint.Name}__{replica}"] = endpoint.Url(replica);
        }
    }
}
