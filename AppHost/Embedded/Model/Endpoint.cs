using System.Globalization;

namespace LivingCity.AppHost.Embedded;

/// <summary>A place where a resource listens: one port per replica, on loopback.</summary>
internal sealed class Endpoint(string name, string scheme, int? port = null, string host = "localhost")
{
    private int[] ports = [];

    public string Name { get; } = name;

    public string Scheme { get; } = scheme;

    public int? FixedPort { get; } = port;

    public bool IsExternal { get; set; }

    public int Count => ports.Length;

    /// <summary>Ports are chosen once per run, so that a process which crashed comes back where it was.</summary>
    public void Allocate(params int[] chosen) => ports = chosen;

    public int Port(int replica = 0) =>
        replica < ports.Length ? ports[replica] : throw new InvalidOperationException($"Endpoint '{Name}' has no port before the application starts.");

    public string Url(int replica = 0) => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{host}:{Port(replica)}");
}

/// <summary>A resource's endpoint, as another resource refers to it.</summary>
public sealed class EndpointReference : IValueProvider
{
    private readonly Resource resource;
    private readonly string? name;

    internal EndpointReference(Resource resource, string? name) => (this.resource, this.name) = (resource, name);

    /// <summary>Scheme, host and port; throws before the application starts.</summary>
    public string Url => resource.Endpoint(name).Url();

    public int Port => resource.Endpoint(name).Port();

    internal Endpoint Endpoint => resource.Endpoint(name);

    internal Resource Resource => resource;

    public string GetValue() => Url;
}
