using System.Text.Json;
using Dapper;
using LivingCity.Events.Declaration;
using LivingCity.Events.People;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LivingCity.Events.Demonstration;

/// <summary>
/// Loads the assemblies and forums from 2023 to 2026 at start, where <c>Programme:Demonstration</c> asks for it (in Development it does by itself), owned by the city that
/// <c>Programme:Organiser</c> names. Loading again changes nothing; what people have edited stays theirs. Ready once loaded.
/// </summary>
internal sealed class DemonstrationProgramme(Database database, IConfiguration configuration, TimeProvider time) : BackgroundService, IHealthCheck
{
    private const string Author = "demonstration";
    private const long Lock = 5_560_107_323; // any constant: of several replicas one loads

    private volatile bool loaded;

    public static void Add(IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration.GetValue("Programme:Demonstration", environment.IsDevelopment()))
        {
            services.TryAddSingleton<DemonstrationProgramme>();
            services.AddHostedService(provider => provider.GetRequiredService<DemonstrationProgramme>());
            services.AddHealthChecks().AddCheck<DemonstrationProgramme>("programme", tags: ["ready"]);
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(loaded ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("loading"));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        var owner = configuration["Programme:Organiser"] ?? "sofia";
        await using var work = await database.BeginAsync(owner, stoppingToken);
        await work.Connection.ExecuteAsync(new CommandDefinition("SELECT pg_advisory_xact_lock(@Lock)", new { Lock }, work.Transaction, cancellationToken: stoppingToken));
        foreach (var person in Read<Person>("people.json"))
        {
            await PeopleStore.AddAsync(work, person, stoppingToken);
        }

        foreach (var item in Read<Event>("events.json"))
        {
            await LoadAsync(work, item, owner, stoppingToken);
        }

        await SignatoryStore.AddMissingAsync(work, Read<Signatory>("signatories.json"), time.GetUtcNow(), stoppingToken);
        await work.CommitAsync(stoppingToken);
        loaded = true;
    }

    internal static IReadOnlyList<T> Read<T>(string file)
    {
        using var stream = typeof(DemonstrationProgramme).Assembly.GetManifestResourceStream(file)!;
        return JsonSerializer.Deserialize<List<T>>(stream, ProgrammeJson.Options)!;
    }

    private async Task LoadAsync(Work work, Event item, string owner, CancellationToken cancellationToken)
    {
        EventCheck.Of(item).ThrowIfInvalid();
        var now = time.GetUtcNow();
        await ProgrammeStore.CreateAsync(work, item, owner, now, cancellationToken);
        var stored = (await ProgrammeStore.FindAsync(work, item.Id, cancellationToken))!;
        if (stored.Version == 0)
        {
            await ProgrammeStore.PublishAsync(work, stored, Author, null, now, cancellationToken);
        }
    }
}
