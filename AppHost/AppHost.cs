var builder = DistributedApplication.CreateBuilder(args);

var postgres = builder.AddPostgres("postgres").WithImage("postgis/postgis", "17-3.5").WithDataVolume("livingcity-postgres");
var messaging = builder.AddRabbitMQ("messaging").WithManagementPlugin().WithDataVolume("livingcity-messaging");
var keycloak = builder.AddKeycloak("keycloak").WithRealmImport("realms");
var realm = ReferenceExpression.Create($"{keycloak.GetEndpoint("http")}/realms/city");
var demonstrationCity = builder.AddParameter("city-demo");

var ingestion = AddService("ingestion", "../services/ingestion/Ingestion.csproj").WithEnvironment("City__Demo", demonstrationCity);
var dataspace = AddService("dataspace", "../services/dataspace/Dataspace.csproj");
var twin = AddService("twin", "../services/twin/Twin.csproj");
var events = AddService("events", "../services/events/Events.csproj");
var assessment = AddService("assessment", "../services/assessment/Assessment.csproj");

AddProject("gateway", "../gateway/Gateway.csproj")
    .WithHttpEndpoint(port: 8080)
    .WithExternalHttpEndpoints()
    .WithReference(ingestion).WaitFor(ingestion)
    .WithReference(dataspace).WaitFor(dataspace)
    .WithReference(twin).WaitFor(twin)
    .WithReference(events).WaitFor(events)
    .WithReference(assessment).WaitFor(assessment)
    .WithHttpHealthCheck("/health/ready");

builder.Build().Run();

IResourceBuilder<ProjectResource> AddService(string name, string project) =>
    AddProject(name, project).WithHttpEndpoint().WithHttpHealthCheck("/health/ready");

// What the gateway and every service have: a database of its own, the broker, the realm.
IResourceBuilder<ProjectResource> AddProject(string name, string project)
{
    var database = postgres.AddDatabase($"{name}-db");
    return builder.AddProject(name, project, options => options.ExcludeLaunchProfile = true)
        .WithReference(database, connectionName: "database").WaitFor(database)
        .WithReference(messaging).WaitFor(messaging)
        .WithEnvironment("Authentication__Authority", realm).WaitFor(keycloak);
}
