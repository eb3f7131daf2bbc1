namespace LivingCity.AppHost.Embedded;

/// <summary>Where resources listen and how their health is asked for.</summary>
public static class EndpointExtensions
{
    /// <summary>
    /// Adds an HTTP endpoint on loopback. A fixed port gives way to a free one when it is taken; without one a free port is chosen.
    /// The process is told through <c>ASPNETCORE_URLS</c>, and in <paramref name="env"/> if named.
    /// </summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool isProxied = true)
        where T : IResourceWithEndpoints
    {
        // There is no proxy here: the process itself listens on the port, so a target port of its own has no meaning.
        var resource = builder.Description();
        var endpoint = new Endpoint(name ?? "http", "http", port ?? targetPort);
        resource.Endpoints.Add(endpoint);
        if (env is not null)
        {
            resource.Environment.Add(variables => variables[env] = $"{endpoint.Port()}");
        }

        return builder;
    }

    /// <summary>Marks the HTTP endpoints as the platform's public address.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        builder.Description().Endpoints.ForEach(endpoint => endpoint.IsExternal = true);
        return builder;
    }

    /// <summary>Counts the resource as healthy while a GET of the path answers with the status (200 unless given).</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var resource = builder.Description();
        _ = resource.Endpoint(endpointName);
        resource.HttpHealthChecks.Add(new(path ?? "/", statusCode ?? 200, endpointName));
        return builder;
    }

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Description(), name);
}
