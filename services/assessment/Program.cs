using LivingCity.Assessment.Answers;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Contracts.Assessment;
using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("assessment");
builder.AddDatabase(typeof(Program).Assembly);
builder.AddMessaging(typeof(AssessmentCompleted).Assembly);
builder.Services.AddQuestionnaires();

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();

var api = app.MapGroup("/api/assessment/v1");
api.MapQuestionnaires();
api.MapAssessments();

app.Run();
