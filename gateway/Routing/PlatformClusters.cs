using LivingCity.Gateway.Incoming;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace LivingCity.Gateway.Routing;

/// <summary>Where each service's replicas are, from the variables <c>services__{name}__{http|https}__{index}</c> that the AppHost injects.</summary>
internal static class PlatformClusters
{
    private static readonly string[] Endpoints = ["http", "https"];

    public static IReadOnlyList<ClusterConfig> From(IConfiguration configuration, LimitSettings limits) =>
        [.. PlatformRoutes.Services.Select(service => Cluster(service, Addresses(configuration, service), limits))];

    private static string[] Addresses(IConfiguration configuration, string service) => Endpoints
        .Select(endpoint => configuration.GetSection($"services:{service}:{endpoint}").GetChildren().Select(child => child.Value).OfType<string>().ToArray())
        .FirstOrDefault(addresses => addresses.Length > 0) ?? [];

    private static ClusterConfig Cluster(string service, string[] addresses, LimitSettings limits) => new()
    {
        ClusterId = service,
        LoadBalancingPolicy = "PowerOfTwoChoices",
        Destinations = addresses.Select((address, index) => (Name: $"{service}-{index}", address))
            .ToDictionary(replica => replica.Name, replica => new DestinationConfig { Address = replica.address }),
        HealthCheck = new HealthCheckConfig
        {
            // With every replica marked down, one that has just come back is found by trying, not by waiting for the next probe.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Path = "/health/ready",
                Interval = limits.ProbeInterval,
                Timeout = TimeSpan.FromSeconds(2),
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
            },
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = true,
                Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate,
                ReactivationPeriod = TimeSpan.FromSeconds(10),
            },
        },
        // Cleartext inside the platform is HTTP/1.1; asking for 2 would only be negotiated down on each request.
        HttpRequest = new ForwarderRequestConfig { Version = new Version(1, 1), VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = limits.Idle },
    };
}
