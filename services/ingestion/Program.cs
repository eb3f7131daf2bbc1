using LivingCity.Contracts.Ingestion;
using LivingCity.Ingestion.Batch;
using LivingCity.Ingestion.Demonstration;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Summary;
using LivingCity.Ingestion.Temporal;
using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("ingestion");
builder.AddDatabase(typeof(Program).Assembly);
builder.AddMessaging(typeof(ObservationsRecorded).Assembly);
builder.Services.AddBatch().AddDemonstrationCity(builder.Configuration);

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();

var context = app.MapGroup("/ngsi-ld/v1");
context.MapBatch();
context.MapEntities();
context.MapTemporal();
app.MapGroup("/api/ingestion/v1").MapSummary();

app.Run();
