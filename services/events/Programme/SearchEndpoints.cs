using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Programme;

/// <summary>A session that a search found.</summary>
internal sealed record Found(string Session, string Title, string Event, DateTimeOffset? Start, double Likeness);

/// <summary>
/// Finds sessions by words of their event, people, place and text. Accents and case do not matter, and a spelling that shares most letter triples with a word is taken for it
/// (Millenium, Luisa, Matosihnos).
/// </summary>
internal static class SearchEndpoints
{
    private const int Most = 50;

    public static void MapSearch(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/search", SearchAsync).RequireAuthorization(Access.Public).WithTags("Programme").WithSummary("Sessions by words; each word must be like one of theirs.");

    private static async Task<Ok<IEnumerable<Found>>> SearchAsync(string? q, Database database, CancellationToken cancellationToken)
    {
        var words = (q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        new Validation()
            .Rule(words.Length > 0, "q", "must hold a word")
            .Rule(words.Length <= 8 && words.All(word => word.Length <= 60), "q", "must hold no more than 8 words of 60 letters")
            .ThrowIfInvalid();
        await using var work = await database.BeginAsync(null, cancellationToken);
        var rows = await work.Connection.QueryAsync<(string Session, string Title, string Event, DateTime? Start, double Likeness)>(new CommandDefinition("""
            SELECT s.id, s.title, s.event_id, s.starts_at, l.likeness::float8
            FROM session s
            JOIN event e ON e.id = s.event_id
            CROSS JOIN LATERAL (SELECT min(CASE WHEN position(folded(w) IN s.search) > 0 THEN 1 WHEN length(w) < 4 THEN 0 ELSE word_similarity(folded(w), s.search) END) AS likeness FROM unnest(@words) w) l
            WHERE NOT s.cancelled AND l.likeness >= 0.5
            ORDER BY l.likeness DESC, e.position DESC, s.position LIMIT @Most
            """, new { words, Most }, work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Ok(rows.Select(row => new Found(row.Session, row.Title, row.Event, row.Start, Math.Round(row.Likeness, 2))));
    }
}
