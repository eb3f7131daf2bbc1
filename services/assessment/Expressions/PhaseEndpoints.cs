using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Expressions;

/// <summary>The phases in which cities may ask for the service.</summary>
internal static class PhaseEndpoints
{
    private static readonly Problem Overlap = new("phase-overlap", StatusCodes.Status409Conflict, "The times to ask of two phases overlap.");

    public static void MapPhases(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/expression-phases", ListAsync).RequireAuthorization(Access.Public).WithTags("Expressions of interest").WithSummary("The phases, the newest first.");
        routes.MapPost("/expression-phases", AddAsync).Transactional().RequireAuthorization(Access.PlatformAdmin).WithTags("Expressions of interest").WithSummary("A new phase.");
    }

    public static async Task<IReadOnlyList<Phase>> AllAsync(Work work, CancellationToken cancellationToken) =>
        [.. (await work.Connection.QueryAsync<(string Id, DateTime Opens, DateTime Deadline, DateTime Ends, string Zone, int Above, bool Demonstration)>(new CommandDefinition(
            "SELECT id, opens::timestamp, deadline::timestamp, ends::timestamp, zone, encouraged_above, demonstration FROM expression_phase ORDER BY opens DESC", transaction: work.Transaction, cancellationToken: cancellationToken)))
            .Select(row => new Phase(row.Id, DateOnly.FromDateTime(row.Opens), DateOnly.FromDateTime(row.Deadline), DateOnly.FromDateTime(row.Ends), row.Zone, row.Above, row.Demonstration))];

    private static async Task<Ok<IEnumerable<PhaseView>>> ListAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var phases = await AllAsync(work, cancellationToken);
        return TypedResults.Ok(phases.Select(phase => PhaseView.Of(phase, time.GetUtcNow())));
    }

    private static async Task<Results<Created<PhaseView>, ProblemHttpResult>> AddAsync(PhaseRequest request, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        var validation = new Validation()
            .Rule(request.Id.Length is > 0 and <= 60 && request.Id.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-'), "id", "must be lower-case letters, digits and hyphens")
            .Rule(request.Opens <= request.Deadline, "deadline", "must not lie before the opening")
            .Rule(request.Deadline <= request.Ends, "ends", "must not lie before the deadline")
            .Rule(TimeZoneInfo.TryFindSystemTimeZoneById(request.Zone, out _), "zone", "must be an IANA time zone like Europe/Brussels")
            .Rule(request.EncouragedAbove is >= 0 and <= 50_000_000, "encouragedAbove", "must be from 0 to 50000000");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        var phase = new Phase(request.Id, request.Opens, request.Deadline, request.Ends, request.Zone, request.EncouragedAbove);
        await work.Connection.ExecuteAsync(new CommandDefinition("LOCK TABLE expression_phase IN SHARE ROW EXCLUSIVE MODE", transaction: work.Transaction, cancellationToken: cancellationToken));
        if ((await AllAsync(work, cancellationToken)).FirstOrDefault(other => !other.Demonstration && (other.Id == phase.Id || other.Overlaps(phase))) is { } clash)
        {
            return Overlap.Because($"With {clash.Id}, which is open from {clash.Opens:yyyy-MM-dd} to {clash.Deadline:yyyy-MM-dd}.");
        }

        await using var insert = work.Command("INSERT INTO expression_phase (id, opens, deadline, ends, zone, encouraged_above) VALUES ($1, $2, $3, $4, $5, $6)",
            phase.Id, phase.Opens, phase.Deadline, phase.Ends, phase.Zone, phase.EncouragedAbove);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Created("/api/assessment/v1/expression-phases", PhaseView.Of(phase, time.GetUtcNow()));
    }
}
