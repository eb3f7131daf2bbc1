using Dapper;
using LivingCity.Events.Registration;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LivingCity.Events.Notifications;

/// <summary>A message that was being handed to the mail server when the service died: it may have gone out.</summary>
internal sealed record InterruptedNotice(Guid Id, string Name, string Kind, string? Session, DateTimeOffset At);

/// <summary>What the service cannot decide by itself: sent twice or not at all would both be wrong, so an organiser looks at it.</summary>
internal static class InterruptedEndpoints
{
    public static void MapInterrupted(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/events/{id}/notices/interrupted").RequireAuthorization(Access.Organiser).Transactional().WithTags("Notifications");
        group.MapGet("/", ListAsync).WithSummary("Messages of which it is not known whether they went out.");
        group.MapPost("/{notice:guid}", AgainAsync).WithSummary("Sends one of them again.");
    }

    private static async Task<Ok<IEnumerable<InterruptedNotice>>> ListAsync(string id, Caller caller, SessionDirectory sessions, Database database, IOptions<MailSettings> settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        await using var work = await database.BeginAsync(owner, cancellationToken);
        var rows = await work.Connection.QueryAsync<(Guid Id, string Name, string Kind, string? Session, DateTime At)>(new CommandDefinition("""
            SELECT n.id, p.name, n.kind, n.session_id AS session, n.claimed_at AS at FROM notification n JOIN participant p ON p.tenant = n.tenant AND p.id = n.participant
            WHERE n.event_id = @id AND n.claimed_at < @before ORDER BY n.claimed_at LIMIT 200
            """, new { id, before = time.GetUtcNow().UtcDateTime - settings.Value.Patience }, work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Ok(rows.Select(row => new InterruptedNotice(row.Id, row.Name, row.Kind, row.Session, row.At)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AgainAsync(string id, Guid notice, Caller caller, SessionDirectory sessions, Work work, IOptions<MailSettings> settings, TimeProvider time, CancellationToken cancellationToken)
    {
        await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        await using var update = work.Command("UPDATE notification SET claimed_at = NULL WHERE event_id = $1 AND id = $2 AND claimed_at < $3", id, notice, time.GetUtcNow().ToUniversalTime() - settings.Value.Patience);
        return await update.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.NoContent() : Problem.NotFound.Because("There is no such message, or it is under way.");
    }
}
