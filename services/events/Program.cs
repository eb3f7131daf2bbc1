using LivingCity.Contracts.Assessment;
using LivingCity.Events.CheckIn;
using LivingCity.Events.Declaration;
using LivingCity.Events.Demonstration;
using LivingCity.Events.Exports;
using LivingCity.Events.Hosts;
using LivingCity.Events.Imports;
using LivingCity.Events.Notifications;
using LivingCity.Events.People;
using LivingCity.Events.Programme;
using LivingCity.Events.Recommendations;
using LivingCity.Events.Registration;
using LivingCity.Events.Reports;
using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("events");
builder.AddDatabase(typeof(Program).Assembly, preparedStatements: 100);
builder.AddMessaging(typeof(AssessmentCompleted).Assembly, handlers => handlers.Add<AssessmentCompleted, NeedsToSessions>("needs-to-sessions", concurrency: 1));
builder.Services.AddSingleton<ProgrammeCache>().AddSingleton<SessionDirectory>().AddSingleton<RegistrationDesk>().AddSingleton<SigningKeys>().AddNotifications();
DemonstrationProgramme.Add(builder.Services, builder.Configuration, builder.Environment);

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();

var api = app.MapGroup("/api/events/v1");
api.MapProgramme();
api.MapPeople();
api.MapRegistrations();
api.MapExports();
api.MapImports();
api.MapCheckIn();
api.MapNotifications();
api.MapReports();
api.MapHosts();
api.MapDeclaration();
api.MapRecommendations();

app.Run();
