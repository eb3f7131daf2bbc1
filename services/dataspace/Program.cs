using LivingCity.Contracts.Assessment;
using LivingCity.Contracts.Dataspace;
using LivingCity.Contracts.Ingestion;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.DataPlane;
using LivingCity.Dataspace.Federation;
using LivingCity.Dataspace.Management;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Protocol;
using LivingCity.Dataspace.Recommendations;
using LivingCity.Dataspace.Transfer;
using LivingCity.Dataspace.Trust;
using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
// Two connectors on one broker have queues of their own (Service:Name).
builder.AddServiceDefaults(builder.Configuration["Service:Name"] ?? "dataspace");
builder.AddDatabase(typeof(Program).Assembly, preparedStatements: 100, connections: 12);
builder.AddMessaging(typeof(DatasetDescribed).Assembly, handlers => handlers
    .Add<DatasetDescribed, DatasetListing>("dataset-listing")
    .Add<ObservationsRecorded, CoverageUpdate>("coverage")
    .Add<AssessmentCompleted, NeedsToDatasets>("needs-to-datasets", concurrency: 1)
    .AddWorker<ObservationsRecorded, Streaming>("streams", concurrency: 2)
    .AddWorker<NegotiationAdvanced, NegotiationDriver>("negotiations", prefetch: 64, concurrency: 32)
    .AddWorker<TransferAdvanced, TransferDriver>("transfers", prefetch: 64, concurrency: 32));
builder.Services.AddConnector().AddTrust().AddDataPlane();

var app = builder.Build();
app.UseForgivingPaths();
app.UseConformance();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapConnector();
app.MapTrust();
var api = app.MapGroup("/api/dataspace/v1");
api.MapCatalogue();
api.MapManagement();
api.MapDataPlane();
api.MapFederation();
api.MapRecommendations();
api.MapTrustManagement();
app.Run();
