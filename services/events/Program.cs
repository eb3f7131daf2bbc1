using LivingCity.Contracts.Assessment;
using LivingCity.Events.Demonstration;
using LivingCity.Events.People;
using LivingCity.Events.Programme;
using LivingCity.Events.Recommendations;
using LivingCity.Events.Registration;
using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("events");
builder.AddDatabase(typeof(Program).Assembly);
builder.AddMessaging(typeof(AssessmentCompleted).Assembly, handlers => handlers.Add<AssessmentCompleted, NeedsToSessions>("needs-to-sessions", concurrency: 1));
builder.Services.AddSingleton<ProgrammeCache>().AddSingleton<SessionDirectory>().AddSingleton<RegistrationDesk>();
DemonstrationProgramme.Add(builder.Services, builder.Configuration, builder.Environment);

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();

var api = app.MapGroup("/api/events/v1");
api.MapProgramme();
api.MapPeople();
api.MapRegistrations();
api.MapRecommendations();

app.Run();
