using LivingCity.Assessment.Answers;
using LivingCity.Assessment.Benchmark;
using LivingCity.Assessment.Exchange;
using LivingCity.Assessment.Expressions;
using LivingCity.Assessment.Measured;
using LivingCity.Assessment.Mims;
using LivingCity.Assessment.Procurement;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Registers;
using LivingCity.Assessment.Roadmaps;
using LivingCity.Contracts.Assessment;
using LivingCity.Contracts.Events;
using LivingCity.Contracts.Ingestion;
using LivingCity.Contracts.Twin;
using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("assessment");
builder.AddDatabase(typeof(Program).Assembly);
builder.AddMessaging(typeof(AssessmentCompleted).Assembly, handlers => handlers
    .Add<DatasetDescribed, DatasetsKnown>("datasets-known")
    .Add<ObservationsRecorded, SensorsHeard>("sensors-heard")
    .Add<ModelsRegistered, ModelsKnown>("models-known")
    .Add<DeclarationSigned, Membership>("membership"));
builder.Services.AddQuestionnaires().AddAssessments().AddBenchmark(builder.Configuration).AddProcurement().AddRegister().AddHelpdesk(builder.Configuration);

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();

var api = app.MapGroup("/api/assessment/v1");
api.MapQuestionnaires();
api.MapAssessments();
api.MapBenchmark();
api.MapMims();
api.MapRoadmaps();
api.MapProcurement();
api.MapExpressions();
api.MapExchange();
api.MapRegister();

app.Run();
