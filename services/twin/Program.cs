using LivingCity.Contracts.Assessment;
using LivingCity.Contracts.Ingestion;
using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;
using LivingCity.Twin.Recommendations;
using LivingCity.Twin.Register;
using LivingCity.Twin.Stations;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("twin");
builder.AddDatabase(typeof(Program).Assembly);
builder.AddMessaging(typeof(ObservationsRecorded).Assembly, handlers => handlers
    .Add<ObservationsRecorded, LiveState>("live-state")
    .Add<AssessmentCompleted, NeedsToModels>("needs-to-models", concurrency: 1));
builder.Services.AddModelRegister();

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();

var api = app.MapGroup("/api/twin/v1");
api.MapStations();
api.MapModelRegister();
api.MapRecommendations();

app.Run();
