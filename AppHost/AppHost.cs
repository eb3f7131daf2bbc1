using System.Security.Cryptography;

var builder = DistributedApplication.CreateBuilder(args);

var postgres = builder.AddPostgres("postgres").WithImage("postgis/postgis", "17-3.5").WithDataVolume("livingcity-postgres");
var messaging = builder.AddRabbitMQ("messaging").WithManagementPlugin().WithDataVolume("livingcity-messaging");
var keycloak = builder.AddKeycloak("keycloak").WithRealmImport("realms");
var realm = ReferenceExpression.Create($"{keycloak.GetEndpoint("http")}/realms/city");

var ingestion = AddService("ingestion", "../services/ingestion/Ingestion.csproj")
    .WithEnvironment("City__Demo", builder.AddParameter("city-demo"));
var dataspace = AddService("dataspace", "../services/dataspace/Dataspace.csproj");
var twin = AddService("twin", "../services/twin/Twin.csproj");
var events = AddService("events", "../services/events/Events.csproj");
var assessment = AddService("assessment", "../services/assessment/Assessment.csproj");

AddProject("gateway", "../gateway/Gateway.csproj")
    .WithHttpEndpoint(port: 8080)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health/ready")
    .WithReference(ingestion).WaitFor(ingestion)
    .WithReference(dataspace).WaitFor(dataspace)
    .WithReference(twin).WaitFor(twin)
    .WithReference(events).WaitFor(events)
    .WithReference(assessment).WaitFor(assessment);

AddClient("integrator-sofia");
AddClient("integrator-sant-boi");
AddClient("platform-operator");

#if ASPIRE
builder.AddDockerComposeEnvironment("compose");
#endif

builder.Build().Run();

IResourceBuilder<ProjectResource> AddService(string name, string project) =>
    AddProject(name, project).WithHttpEndpoint().WithHttpHealthCheck("/health/ready");

// What the gateway and every service have: a database, the broker, the realm and a client of their own in it.
IResourceBuilder<ProjectResource> AddProject(string name, string project)
{
    var database = postgres.AddDatabase($"{name}-db");
    return builder.AddProject(name, project, options => options.ExcludeLaunchProfile = true)
        .WithReference(database, connectionName: "database").WaitFor(database)
        .WithReference(messaging).WaitFor(messaging)
        .WithEnvironment("Authentication__Authority", realm).WaitFor(keycloak)
        .WithEnvironment("Authentication__ClientId", name)
        .WithEnvironment("Authentication__ClientSecret", AddClient(name));
}

// The realm file names the secret and does not hold it: a fresh one for every run, known to the provider and to who signs in with it.
IResourceBuilder<ParameterResource> AddClient(string name)
{
    var secret = builder.AddParameter($"{name}-secret", RandomNumberGenerator.GetHexString(48, lowercase: true), secret: true);
    keycloak.WithEnvironment($"{name.ToUpperInvariant().Replace('-', '_')}_SECRET", secret);
    return secret;
}
