using LivingCity.Contracts.Ingestion;
using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;
using LivingCity.Twin.Stations;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("twin");
builder.AddDatabase(typeof(Program).Assembly);
builder.AddMessaging(typeof(ObservationsRecorded).Assembly, handlers => handlers.Add<ObservationsRecorded, LiveState>("live-state"));

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapGroup("/api/twin/v1").MapStations();
app.Run();
