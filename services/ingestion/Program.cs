using LivingCity.Contracts.Ingestion;
using LivingCity.Ingestion.AttributeOperations;
using LivingCity.Ingestion.Batch;
using LivingCity.Ingestion.Changes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Demonstration;
using LivingCity.Ingestion.Discovery;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Registrations;
using LivingCity.Ingestion.Snapshots;
using LivingCity.Ingestion.Subscriptions;
using LivingCity.Ingestion.Summary;
using LivingCity.Ingestion.Temporal;
using LivingCity.Ingestion.Tenants;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ingestion");
builder.AddDatabase(typeof(Program).Assembly, preparedStatements: 100);
builder.AddMessaging(typeof(ObservationsRecorded).Assembly);
builder.Services
    .AddNgsiLdProblems()
    .AddTenants(builder.Configuration)
    .AddContexts()
    .AddEntities()
    .AddChanges()
    .AddBatch()
    .AddQuery()
    .AddEntityMaps()
    .AddSnapshots()
    .AddTemporal()
    .AddSubscriptions()
    .AddRegistrations()
    .AddDiscovery()
    .AddDemonstrationCity(builder.Configuration);

var app = builder.Build();
app.UseServiceDefaults();
app.UseEncodedSlashes();
app.MapDefaultEndpoints();

var broker = app.MapGroup("/ngsi-ld/v1").Distributed();
broker.MapEntities();
broker.MapAttributes();
broker.MapBatch();
broker.MapQuery();
broker.MapEntityMaps();
broker.MapSnapshots();
broker.MapTemporal();
broker.MapSubscriptions();
broker.MapRegistrations();
broker.MapPurge();
broker.MapDiscovery();
broker.MapContexts();
app.MapGroup("/api/ingestion/v1").MapSummary();

app.Run();
