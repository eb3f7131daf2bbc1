using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Notifications;

/// <param name="Delivery"><c>at-once</c>, <c>daily</c> or <c>off</c>.</param>
/// <param name="Without">Kinds that are not wanted.</param>
internal sealed record NoticeSettings(string Delivery, IReadOnlyList<string>? Without = null);

internal static class NotificationEndpoints
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddOptions<MailSettings>().BindConfiguration("Mail").Configure<IConfiguration>((settings, configuration) =>
        {
            if (settings.Host is null && Uri.TryCreate(configuration["services:mail:smtp:0"], UriKind.Absolute, out var found))
            {
                (settings.Host, settings.Port) = (found.Host, found.Port);
            }
        }).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<Seals>().AddSingleton<NoticeQueue>().AddSingleton<NoticeMail>().AddHostedService<NoticeSender>().AddHostedService<DailyWork>();
    }

    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/events/{id}/notices/settings", SetAsync).RequireAuthorization(Access.SignedIn).Transactional().WithTags("Notifications").WithSummary("How the caller wants to be told.");
        routes.MapGet("/events/{id}/notices/settings", GetAsync).RequireAuthorization(Access.SignedIn).Transactional().WithTags("Notifications").WithSummary("How the caller is told.");
        routes.MapInterrupted();
        routes.MapPost("/unsubscribe/{token}", LeaveAsync).RequireAuthorization(Access.Public).WithTags("Notifications").WithSummary("Switches notices off, by the link in a message (RFC 8058).");
        routes.MapGet("/unsubscribe/{token}", AskAsync).RequireAuthorization(Access.Public).WithTags("Notifications").WithSummary("A page with the one button that switches notices off: a mere look at the link changes nothing.");
    }

    private static async Task<Results<Ok<NoticeSettings>, ProblemHttpResult>> SetAsync(string id, NoticeSettings settings, Caller caller, Work work, CancellationToken cancellationToken)
    {
        new Validation()
            .Rule(settings.Delivery is "at-once" or "daily" or "off", "delivery", "must be at-once, daily or off")
            .Rule((settings.Without ?? []).All(NoticeTexts.AllKinds.Contains), "without", $"must be of {string.Join(", ", NoticeTexts.AllKinds)}")
            .ThrowIfInvalid();
        await using var upsert = work.Command("""
            INSERT INTO notification_setting (tenant, participant, city, delivery, without) SELECT tenant, id, city, $4, $5 FROM participant WHERE event_id = $1 AND person = $2 AND city = $3
            ON CONFLICT (tenant, participant) DO UPDATE SET delivery = excluded.delivery, without = excluded.without
            """, id, caller.Subject, caller.RequiredCity, settings.Delivery, (settings.Without ?? []).ToArray());
        return await upsert.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.Ok(settings) : Problem.NotFound.Because("Register for a session first.");
    }

    private static async Task<Ok<NoticeSettings>> GetAsync(string id, Caller caller, Work work, CancellationToken cancellationToken)
    {
        var row = await work.Connection.QuerySingleOrDefaultAsync<(string Delivery, string[] Without)?>(new CommandDefinition("""
            SELECT s.delivery, s.without FROM notification_setting s JOIN participant p ON p.tenant = s.tenant AND p.id = s.participant WHERE p.event_id = @id AND p.person = @Subject AND p.city = @RequiredCity
            """, new { id, caller.Subject, caller.RequiredCity }, work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Ok(row is { } found ? new NoticeSettings(found.Delivery, found.Without) : new NoticeSettings("at-once", []));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> LeaveAsync(string token, Seals seals, Database database, CancellationToken cancellationToken)
    {
        if (await seals.ReadAsync(Seals.Unsubscribe, token, cancellationToken) is not { } found)
        {
            return Problem.NotFound.Because("This link is none of ours.");
        }

        await using var work = await database.BeginAsync(found.Tenant, cancellationToken);
        await using var upsert = work.Command("""
            INSERT INTO notification_setting (tenant, participant, city, delivery) SELECT tenant, id, city, 'off' FROM participant WHERE tenant = $1 AND id = $2
            ON CONFLICT (tenant, participant) DO UPDATE SET delivery = 'off'
            """, found.Tenant, found.Id);
        await upsert.ExecuteNonQueryAsync(cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> AskAsync(string token, Seals seals, CancellationToken cancellationToken) =>
        await seals.ReadAsync(Seals.Unsubscribe, token, cancellationToken) is null
            ? Problem.NotFound.Because("This link is none of ours.")
            : TypedResults.Content("""<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Living City</title><form method="post"><button>Stop these messages</button></form></html>""", "text/html; charset=utf-8");
}
