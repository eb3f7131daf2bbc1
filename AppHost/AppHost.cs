using System.Security.Cryptography;

var builder = DistributedApplication.CreateBuilder(args);

var postgres = builder.AddPostgres("postgres").WithImage("postgis/postgis", "17-3.5").WithDataVolume("livingcity-postgres");
var messaging = builder.AddRabbitMQ("messaging").WithManagementPlugin().WithDataVolume("livingcity-messaging");
var keycloak = builder.AddKeycloak("keycloak").WithRealmImport("realms");
var clients = new Dictionary<string, IResourceBuilder<ParameterResource>>();
var realm = ReferenceExpression.Create($"{keycloak.GetEndpoint("http")}/realms/city");

var demo = builder.AddParameter("city-demo");
var ingestion = AddService("ingestion", "../services/ingestion/Ingestion.csproj")
    .WithEnvironment("City__Demo", demo);
var dataspace = AddService("dataspace", "../services/dataspace/Dataspace.csproj").WithReference(ingestion);
var twin = AddService("twin", "../services/twin/Twin.csproj");
var events = AddService("events", "../services/events/Events.csproj");
var assessment = AddService("assessment", "../services/assessment/Assessment.csproj")
    .WithEnvironment("City__Demo", demo)
    // Figures of groups of cities belong to none of them: the platform offers them in the catalogue.
    .WithEnvironment("Benchmark__Publisher", "platform");

var gateway = AddProject("gateway", "../gateway/Gateway.csproj")
    .WithHttpEndpoint(port: 8080)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health/ready")
    .WithReference(ingestion).WaitFor(ingestion)
    .WithReference(dataspace).WaitFor(dataspace)
    .WithReference(twin).WaitFor(twin)
    .WithReference(events).WaitFor(events)
    .WithReference(assessment).WaitFor(assessment);

if (builder.ExecutionContext.IsRunMode)
{
    // For development only: what the platform writes to people ends here, and is read on this resource's page.
    var mail = builder.AddExecutable("mail", "node", "Mail", "server.mjs").WithHttpEndpoint(env: "PORT").WithHttpEndpoint(name: "smtp", env: "SMTP_PORT").WithHttpHealthCheck("/health");
    events.WithReference(mail.GetEndpoint("smtp"));
}

AddClient("platform-operator");
foreach (var city in (string[])["sofia", "sant-boi"])
{
    // The connector reads a city's data as that city's own client.
    dataspace
        .WithEnvironment($"DataPlane__Clients__{city}__ClientId", $"integrator-{city}")
        .WithEnvironment($"DataPlane__Clients__{city}__ClientSecret", AddClient($"integrator-{city}"));
}

// --participants sofia,sant-boi: a connector of its own for each of these cities, to see two of them deal with each other.
// The platform's own connector, which the portal shows, is one more partner of theirs; like everything of the platform it is reached through the gateway.
var participants = (builder.Configuration["participants"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
var connectors = participants.Select(AddConnector).ToArray();
(string Name, string Client, IResourceBuilder<ProjectResource> Connector, IResourceBuilder<ProjectResource> Door)[] partners =
    connectors.Length == 0 ? [] : [.. participants.Select((city, index) => (city, $"integrator-{city}", connectors[index], connectors[index])), ("platform", "dataspace", dataspace, gateway)];
foreach (var (_, _, connector, door) in partners)
{
    connector.WithEnvironment("Participant__Address", door.GetEndpoint("http"))
        .WithEnvironment("Federation__Interval", "00:00:10")
        .WithEnvironment("Outgoing__AllowedNetworks__0", "127.0.0.0/8")
        .WithEnvironment("Outgoing__AllowedNetworks__1", "::1/128");
    for (var i = 0; i < partners.Length; i++)
    {
        connector
            .WithEnvironment($"Participant__Peers__{i}__Id", $"urn:living-city:participant:{partners[i].Name}")
            .WithEnvironment($"Participant__Peers__{i}__Name", partners[i].Name)
            .WithEnvironment($"Participant__Peers__{i}__Client", partners[i].Client)
            .WithEnvironment($"Participant__Peers__{i}__Address", ReferenceExpression.Create($"{partners[i].Door.GetEndpoint("http")}/dsp/2025-1"));
    }
}

// --conformance file: one more connector, which a conformance kit drives as the file says (services/dataspace/Conformance).
if (builder.Configuration["conformance"] is { Length: > 0 } profile)
{
    var driven = AddProject("connector-conformance", "../services/dataspace/Dataspace.csproj", "dataspace").WithHttpEndpoint(port: 8282).WithHttpHealthCheck("/health/ready");
    driven.WithEnvironment("Service__Name", "connector-conformance")
        .WithEnvironment("Conformance__File", Path.GetFullPath(profile))
        .WithEnvironment("Participant__Id", "CONNECTOR_UNDER_TEST")
        .WithEnvironment("Participant__Address", driven.GetEndpoint("http"))
        .WithEnvironment("Outgoing__AllowedNetworks__0", "127.0.0.0/8")
        .WithEnvironment("Outgoing__AllowedNetworks__1", "::1/128")
        // A kit in a container has a private address.
        .WithEnvironment("Outgoing__AllowedNetworks__2", "10.0.0.0/8")
        .WithEnvironment("Outgoing__AllowedNetworks__3", "172.16.0.0/12")
        .WithEnvironment("Outgoing__AllowedNetworks__4", "192.168.0.0/16")
        .WithEnvironment("Outgoing__AllowedNetworks__5", "fc00::/7")
        .WithEnvironment("RateLimits__Burst", "100000")
        .WithEnvironment("RateLimits__PerSecond", "100000");
}

#if ASPIRE
builder.AddDockerComposeEnvironment("compose");
#endif

builder.Build().Run();

IResourceBuilder<ProjectResource> AddService(string name, string project) =>
    AddProject(name, project).WithHttpEndpoint().WithHttpHealthCheck("/health/ready");

IResourceBuilder<ProjectResource> AddConnector(string city) =>
    AddProject($"connector-{city}", "../services/dataspace/Dataspace.csproj", $"integrator-{city}").WithHttpEndpoint().WithHttpHealthCheck("/health/ready")
        .WithReference(ingestion)
        .WithEnvironment("Service__Name", $"connector-{city}")
        .WithEnvironment("Participant__Id", $"urn:living-city:participant:{city}")
        .WithEnvironment("Participant__City", city)
        .WithEnvironment("Participant__Name", city);

// What the gateway and every service have: a database, the broker, the realm and a client of their own in it.
IResourceBuilder<ProjectResource> AddProject(string name, string project, string? client = null)
{
    var database = postgres.AddDatabase($"{name}-db");
    return builder.AddProject(name, project, options => options.ExcludeLaunchProfile = true)
        .WithReference(database, connectionName: "database").WaitFor(database)
        .WithReference(messaging).WaitFor(messaging)
        .WithEnvironment("Authentication__Authority", realm).WaitFor(keycloak)
        .WithEnvironment("Authentication__ClientId", client ?? name)
        .WithEnvironment("Authentication__ClientSecret", AddClient(client ?? name));
}

// The realm file names the secret and does not hold it: a fresh one for every run, known to the provider and to who signs in with it.
IResourceBuilder<ParameterResource> AddClient(string name)
{
    if (clients.TryGetValue(name, out var known))
    {
        return known;
    }

    var secret = builder.AddParameter($"{name}-secret", RandomNumberGenerator.GetHexString(48, lowercase: true), secret: true);
    keycloak.WithEnvironment($"{name.ToUpperInvariant().Replace('-', '_')}_SECRET", secret);
    return clients[name] = secret;
}
