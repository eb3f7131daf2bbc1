using LivingCity.Contracts.Ingestion;
using LivingCity.Dataspace.Catalogue;
using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("dataspace");
builder.AddDatabase(typeof(Program).Assembly);
builder.AddMessaging(typeof(DatasetDescribed).Assembly, handlers => handlers
    .Add<DatasetDescribed, DatasetListing>("dataset-listing")
    .Add<ObservationsRecorded, CoverageUpdate>("coverage"));

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapGroup("/api/dataspace/v1").MapCatalogue();
app.Run();
