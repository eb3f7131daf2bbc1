using LivingCity.Gateway.Security;
using LivingCity.ServiceDefaults.Security;
using Yarp.ReverseProxy.Configuration;

namespace LivingCity.Gateway.Routing;

/// <summary>What of the platform is reachable from outside, and who may reach it. Everything else does not exist for a caller.</summary>
internal static class PlatformRoutes
{
    public static readonly string[] Services = ["assessment", "dataspace", "events", "ingestion", "twin"];

    private static readonly string[] Reading = ["GET", "HEAD"];
    private static readonly string[] Writing = ["POST", "PUT", "PATCH", "DELETE"];

    private static readonly (string Name, string Service, string Path)[] Prefixes =
    [
        ("ngsi-ld", "ingestion", "/ngsi-ld/v1"),
        ("dsp", "dataspace", "/dsp"),
        ("dcp", "dataspace", "/dcp/v1.0"),
        ("did", "dataspace", "/.well-known/did.json"),
        ("dsp-version", "dataspace", "/.well-known/dspace-version"),
        .. Services.Select(service => ($"api-{service}", service, $"/api/{service}/v1")),
    ];

    private static readonly (string Name, string Path, string[] Methods)[] DataPlane =
        [("data-plane", "/api/dataspace/v1/data", Reading), ("data-plane-received", "/api/dataspace/v1/received", ["POST"])];

    /// <summary>
    /// Anyone may try to read: whether that is public is the service's decision. Who writes must be known. A token that is presented must be valid either way.
    /// </summary>
    public static IReadOnlyList<RouteConfig> All { get; } =
    [
        .. Prefixes.Select(prefix => Route($"{prefix.Name}-read", prefix.Service, $"{prefix.Path}/{{**rest}}", Reading, Access.Public)),
        .. Prefixes.Select(prefix => Route($"{prefix.Name}-write", prefix.Service, $"{prefix.Path}/{{**rest}}", Writing, prefix.Name is "dsp" or "dcp" ? ParticipantTokens.Policy : Access.SignedIn)),
        .. DataPlane.Select(plane => Route(plane.Name, "dataspace", $"{plane.Path}/{{**rest}}", plane.Methods, TransferTokens.Policy)),
        // A query too long for an address is sent with POST (ETSI GS CIM 009, 6.23); it reads all the same.
        Route("ngsi-ld-query", "ingestion", "/ngsi-ld/v1/entityOperations/query", ["POST"], Access.Public),
    ];

    /// <summary>Whether a path is one that the gateway passes on.</summary>
    public static bool IsExposed(string path) =>
        Prefixes.Any(prefix => path == prefix.Path || path.StartsWith($"{prefix.Path}/", StringComparison.Ordinal));

    /// <summary>Whether the service behind this path checks this request's token, which is not the realm's.</summary>
    public static bool HasTokensOfItsOwn(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        return DataPlane.Any(plane => path.StartsWith($"{plane.Path}/", StringComparison.Ordinal))
            || ((path.StartsWith("/dsp/", StringComparison.Ordinal) || path.StartsWith("/dcp/", StringComparison.Ordinal)) && ParticipantTokens.IsSelfIssued(http));
    }

    private static RouteConfig Route(string id, string service, string path, string[] methods, string policy) => new()
    {
        RouteId = id,
        ClusterId = service,
        AuthorizationPolicy = policy,
        Match = new RouteMatch { Path = path, Methods = methods },
    };
}
