using System.Text;
using LivingCity.Events.Programme;
using LivingCity.Events.Registration;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Exports;

/// <summary>A calendar address that shows a person's own sessions to whoever has it.</summary>
internal sealed record FeedAddress(string Address);

/// <summary>The programme in the formats of others.</summary>
internal static class ExportEndpoints
{
    private static readonly Problem NoDates = new("programme-without-dates", StatusCodes.Status409Conflict, "This format needs dates, and none are announced.");

    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/events/{id}").RequireAuthorization(Access.Public).WithTags("Exports");
        group.MapGet("/calendar.ics", (string id, HttpContext context, ProgrammeCache cache, CancellationToken stop) => SendAsync(id, context, cache, "text/calendar; charset=utf-8",
            (published, languages, site) => Encoding.UTF8.GetBytes(EventCalendar.Feed(published.Event.Title.In(languages).Value, EventCalendar.Entries(published), languages, site)), stop)).WithSummary("iCalendar (RFC 5545): a feed to subscribe to.");
        group.MapGet("/schedule.xml", (string id, HttpContext context, ProgrammeCache cache, CancellationToken stop) => SendAsync(id, context, cache, "application/vnd.c3voc.schedule+xml", ScheduleXml.Write, stop, needsDates: true))
            .WithSummary("schedule.xml, as conference apps read it.");
        group.MapGet("/schedule.json", (string id, HttpContext context, ProgrammeCache cache, CancellationToken stop) => SendAsync(id, context, cache, "application/json",
            (published, languages, site) => Encoding.UTF8.GetBytes(ScheduleJson.Write(published, languages, site).ToJsonString()), stop, needsDates: true)).WithSummary("schedule.json.");
        group.MapGet("/event.jsonld", (string id, HttpContext context, ProgrammeCache cache, CancellationToken stop) => SendAsync(id, context, cache, "application/ld+json",
            (published, languages, site) => Encoding.UTF8.GetBytes(LinkedData.Write(published, languages, site).ToJsonString()), stop)).WithSummary("schema.org Event.");
        group.MapGet("/programme.csv", (string id, HttpContext context, ProgrammeCache cache, CancellationToken stop) => SendAsync(id, context, cache, "text/csv; charset=utf-8", (published, languages, _) => ProgrammeCsv.Write(published.Event, languages), stop))
            .WithSummary("One line for each session.");
        group.MapGet("/programme.pdf", (string id, HttpContext context, ProgrammeCache cache, CancellationToken stop) => SendAsync(id, context, cache, "application/pdf", (published, languages, _) => Documents.Programme(published.Event, languages), stop))
            .WithSummary("The programme to print.");
        routes.MapPost("/events/{id}/feed", FeedAsync).RequireAuthorization(Access.SignedIn).Transactional().WithTags("Exports").WithSummary("A secret address of a calendar with the caller's own sessions.");
        routes.MapGet("/feeds/{code}.ics", OwnAsync).RequireAuthorization(Access.Public).WithTags("Exports").WithSummary("A person's own sessions, for who has the secret address.");
    }

    /// <summary>Where the pages are, as the caller reached us.</summary>
    public static string SiteOf(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> SendAsync(
        string id, HttpContext context, ProgrammeCache cache, string type, Func<Published, IReadOnlyList<string>, string, byte[]> write, CancellationToken cancellationToken, bool needsDates = false)
    {
        if (await cache.FindAsync(id, cancellationToken) is not { } published)
        {
            return Problem.NotFound.Because($"There is no event {id}.");
        }

        return needsDates && published.Event.Days.All(day => day.Date is null)
            ? NoDates.Because("The calendar, CSV and PDF show it without.")
            : TypedResults.File(write(published, ProgrammeJson.Preferred(context.Request), SiteOf(context.Request)), type);
    }

    private static async Task<Results<Created<FeedAddress>, ProblemHttpResult>> FeedAsync(string id, Caller caller, HttpContext context, Work work, CancellationToken cancellationToken)
    {
        await using var find = work.Command("SELECT tenant, id FROM participant WHERE event_id = $1 AND person = $2 AND city = $3", id, caller.Subject, caller.RequiredCity);
        string tenant;
        Guid participant;
        await using (var row = await find.ExecuteReaderAsync(cancellationToken))
        {
            if (!await row.ReadAsync(cancellationToken))
            {
                return Problem.NotFound.Because("Register for a session first.");
            }

            (tenant, participant) = (row.GetString(0), row.GetGuid(1));
        }

        var code = await Codes.MakeAsync(work, new Code { Tenant = tenant, Purpose = "feed", EventId = id, Participant = participant }, cancellationToken);
        var address = $"{SiteOf(context.Request)}/api/events/v1/feeds/{code}.ics";
        return TypedResults.Created(address, new FeedAddress(address));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> OwnAsync(string code, HttpContext context, Database database, ProgrammeCache cache, TimeProvider time, CancellationToken cancellationToken)
    {
        Code found;
        await using (var open = await database.BeginAsync(null, cancellationToken))
        {
            found = await Codes.FindAsync(open, code, "feed", time.GetUtcNow(), cancellationToken);
        }

        if (await cache.FindAsync(found.EventId, cancellationToken) is not { } published)
        {
            return Problem.NotFound.Because("The event is gone.");
        }

        await using var work = await database.BeginAsync(found.Tenant, cancellationToken);
        var own = await AgendaStore.SessionsAsync(work, found.Participant!.Value, cancellationToken);
        var languages = ProgrammeJson.Preferred(context.Request);
        var entries = EventCalendar.Entries(published).Where(entry => own.ContainsKey(entry.Session.Id))
            .Select(entry => entry with { Cancelled = entry.Cancelled || (own.TryGetValue(entry.Session.Id, out var state) && state == "cancelled") });
        return TypedResults.File(Encoding.UTF8.GetBytes(EventCalendar.Feed(published.Event.Title.In(languages).Value, entries, languages, SiteOf(context.Request))), "text/calendar; charset=utf-8");
    }
}
