using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Declaration;

/// <param name="StartsOn">The first day in office; without one the day after the election closed, by the clock of its zone.</param>
internal sealed record ResultRequest(DateOnly? StartsOn = null);

/// <summary>From votes to a mandate.</summary>
internal static class ElectionResult
{
    private static readonly Problem NotYet = new("election-not-closed", StatusCodes.Status409Conflict, "The election cannot be decided.");
    private static readonly Problem Tie = new("election-tie", StatusCodes.Status409Conflict, "The election has no one winner.");

    public static async Task<Results<Created<Mandate>, ProblemHttpResult>> DeclareAsync(Guid id, ResultRequest? request, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var close = work.Command("""
            UPDATE election SET decided_at = $3 WHERE id = $1 AND owner = $2 AND closes_at <= $3 AND decided_at IS NULL RETURNING office, (closes_at AT TIME ZONE time_zone)::date + 1
            """, id, caller.RequiredCity, time.GetUtcNow().ToUniversalTime());
        string office;
        DateOnly next;
        await using (var row = await close.ExecuteReaderAsync(cancellationToken))
        {
            if (!await row.ReadAsync(cancellationToken))
            {
                return NotYet.Because("It is decided once, after it is closed, by the organiser who called it.");
            }

            (office, next) = (row.GetString(0), row.GetFieldValue<DateOnly>(1));
        }

        var first = (await work.Connection.QueryAsync<(Guid Signatory, string Person, int Votes)>(new CommandDefinition("""
            SELECT c.signatory_id, c.person, v.votes FROM candidacy c JOIN vote v ON v.election_id = c.election_id AND v.candidate = c.signatory_id WHERE c.election_id = @id ORDER BY v.votes DESC LIMIT 2
            """, new { id }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        // Who chairs is not for a program to draw: with a tie, or without a vote, the network votes again.
        if (first.Count == 0 || (first.Count == 2 && first[0].Votes == first[1].Votes))
        {
            return Tie.Because(first.Count == 0 ? "Nobody was voted for." : "Two have the same number of votes: call another election.");
        }

        var mandate = await ChairEndpoints.InsertAsync(work, new MandateRequest(first[0].Person, office, request?.StartsOn ?? next, first[0].Signatory), cancellationToken);
        return TypedResults.Created((string?)null, mandate!);
    }
}
