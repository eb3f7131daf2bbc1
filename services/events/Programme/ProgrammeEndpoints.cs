using System.Text.Json;
using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LivingCity.Events.Programme;

/// <summary>The programme, open to everybody.</summary>
internal static class ProgrammeEndpoints
{
    public static IServiceCollection AddProgramme(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration.GetValue("Programme:Demonstration", environment.IsDevelopment()))
        {
            services.TryAddSingleton<DemonstrationProgramme>();
            services.AddHostedService(provider => provider.GetRequiredService<DemonstrationProgramme>());
            services.AddHealthChecks().AddCheck<DemonstrationProgramme>("programme", tags: ["ready"]);
        }

        return services;
    }

    public static void MapProgramme(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/events").RequireAuthorization(Access.Public).WithTags("Programme");
        group.MapGet("/", async (Database database, CancellationToken cancellationToken) => TypedResults.Ok(await ReadAsync(database, null, cancellationToken)))
            .WithSummary("The events with their sessions, in order.");
        group.MapGet("/{id}", async Task<Results<Ok<Event>, ProblemHttpResult>> (string id, Database database, CancellationToken cancellationToken) =>
            (await ReadAsync(database, id, cancellationToken)).SingleOrDefault() is { } found ? TypedResults.Ok(found) : Problem.NotFound.Because($"There is no event {id}."))
            .WithSummary("One event.");
    }

    private static async Task<IReadOnlyList<Event>> ReadAsync(Database database, string? id, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var rows = await work.Connection.QueryAsync<(string Event, string Sessions)>(new CommandDefinition("""
            SELECT e.body, (SELECT json_agg(s.body ORDER BY s.position) FROM session s WHERE s.event_id = e.id)
            FROM event e WHERE @id::text IS NULL OR e.id = @id ORDER BY e.position
            """, new { id }, work.Transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(row => Parse<Event>(row.Event) with { Sessions = Parse<List<Session>>(row.Sessions ?? "[]") })];
    }

    private static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web)!;
}
