using LivingCity.Events.Registration;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Programme;

/// <summary>A publication that is asked for.</summary>
/// <param name="Note">What people are told about it.</param>
internal sealed record PublicationRequest(string? Note = null);

/// <summary>A publication that was made.</summary>
internal sealed record Publication(int Version, IReadOnlyList<Change> Changes, IReadOnlyList<Clash> Clashes);

/// <summary>An event in an organiser's list.</summary>
/// <param name="Id">The event.</param>
/// <param name="Title">Its title in the draft.</param>
/// <param name="Version">The version that is published; 0 where none is yet.</param>
internal sealed record DraftEntry(string Id, Text Title, int Version);

/// <summary>Drafts, for the organisers of the city that owns the event. Edits name the revision that they change.</summary>
internal static class EditingEndpoints
{
    private static readonly Problem Exists = new("event-exists", StatusCodes.Status409Conflict, "There is an event of this id.");

    public static void MapEditing(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/drafts", DraftsAsync).RequireAuthorization(Access.Organiser).Transactional().WithTags("Editing").WithSummary("The events that the caller's city organises, published or not.");
        var events = routes.MapGroup("/events").RequireAuthorization(Access.Organiser).Transactional().WithTags("Editing");
        events.MapPost("/", CreateAsync).WithSummary("Begins an event as a draft, owned by the caller's city.");
        var draft = events.MapGroup("/{id}/draft");
        draft.MapGet("/", GetAsync).WithSummary("The draft, in all languages.");
        draft.MapPut("/", ReplaceAsync).WithSummary("Replaces the draft.");
        draft.MapPut("/sessions/{session}", PutSessionAsync).WithSummary("Adds or replaces a session of the draft.");
        draft.MapDelete("/sessions/{session}", DeleteSessionAsync).WithSummary("Takes a session out of the draft.");
        draft.MapGet("/clashes", ClashesAsync).WithSummary("What the draft plans twice at once: rooms, people, hosts.");
        draft.MapGet("/changes", ChangesAsync).WithSummary("What a publication of the draft would change.");
        events.MapPost("/{id}/publication", PublishAsync).WithSummary("Publishes the draft; whom a change concerns is told once.");
    }

    private static async Task<Ok<IEnumerable<DraftEntry>>> DraftsAsync(Caller caller, Work work, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ProgrammeStore.OwnAsync(work, caller.RequiredCity, cancellationToken));

    private static async Task<Results<Created<Event>, ProblemHttpResult>> CreateAsync(Event draft, Caller caller, HttpResponse response, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        EventCheck.Of(draft).ThrowIfInvalid();
        if (!await ProgrammeStore.CreateAsync(work, draft, caller.RequiredCity, time.GetUtcNow(), cancellationToken))
        {
            return Exists.Because($"Choose another id than {draft.Id}.");
        }

        response.SetVersion(1);
        return TypedResults.Created($"/api/events/v1/events/{draft.Id}/draft", draft);
    }

    private static async Task<Ok<Event>> GetAsync(string id, Caller caller, HttpResponse response, Work work, CancellationToken cancellationToken)
    {
        var stored = await ProgrammeStore.OfOrganiserAsync(work, id, caller, cancellationToken);
        response.SetVersion(stored.Revision);
        return TypedResults.Ok(stored.Draft);
    }

    private static Task<Ok<Event>> ReplaceAsync(string id, Event draft, Caller caller, HttpContext context, Work work, TimeProvider time, CancellationToken cancellationToken) =>
        EditAsync(id, caller, context, work, time, _ => draft, cancellationToken);

    private static Task<Ok<Event>> PutSessionAsync(string id, string session, Session body, Caller caller, HttpContext context, Work work, TimeProvider time, CancellationToken cancellationToken) =>
        EditAsync(id, caller, context, work, time, draft =>
        {
            new Validation().Rule(body.Id == session, "id", "must be the one of the address").ThrowIfInvalid();
            return draft.Sessions.Any(known => known.Id == session)
                ? draft with { Sessions = [.. draft.Sessions.Select(known => known.Id == session ? body : known)] }
                : draft with { Sessions = [.. draft.Sessions, body] };
        }, cancellationToken);

    private static Task<Ok<Event>> DeleteSessionAsync(string id, string session, Caller caller, HttpContext context, Work work, TimeProvider time, CancellationToken cancellationToken) =>
        EditAsync(id, caller, context, work, time, draft => draft.Sessions.Any(known => known.Id == session)
            ? draft with { Sessions = [.. draft.Sessions.Where(known => known.Id != session)] }
            : throw Problem.NotFound.Throw($"There is no session {session}."), cancellationToken);

    internal static async Task<Ok<Event>> EditAsync(string id, Caller caller, HttpContext context, Work work, TimeProvider time, Func<Event, Event> edit, CancellationToken cancellationToken)
    {
        var stored = await ProgrammeStore.OfOrganiserAsync(work, id, caller, cancellationToken);
        context.Request.RequireVersion(stored.Revision);
        var draft = edit(stored.Draft);
        EventCheck.Of(draft).Rule(draft.Id == id, "id", "must not change").ThrowIfInvalid();
        var saved = await ProgrammeStore.SaveAsync(work, stored, draft, time.GetUtcNow(), cancellationToken);
        context.Response.SetVersion(saved.Revision);
        return TypedResults.Ok(draft);
    }

    private static async Task<Ok<IReadOnlyList<Clash>>> ClashesAsync(string id, Caller caller, Work work, CancellationToken cancellationToken) =>
        TypedResults.Ok(Clashes.Of((await ProgrammeStore.OfOrganiserAsync(work, id, caller, cancellationToken)).Draft));

    private static async Task<Ok<IReadOnlyList<Change>>> ChangesAsync(string id, Caller caller, Work work, CancellationToken cancellationToken)
    {
        var stored = await ProgrammeStore.OfOrganiserAsync(work, id, caller, cancellationToken);
        return TypedResults.Ok(Changes.Between((await ProgrammeStore.PublishedAsync(work, id, cancellationToken))?.Event, stored.Draft));
    }

    private static async Task<Ok<Publication>> PublishAsync(string id, PublicationRequest? request, Caller caller, HttpContext context, Work work, RegistrationDesk desk, TimeProvider time, CancellationToken cancellationToken)
    {
        var stored = await ProgrammeStore.OfOrganiserAsync(work, id, caller, cancellationToken);
        EventCheck.Of(stored.Draft).ThrowIfInvalid();
        var changes = await ProgrammeStore.PublishAsync(work, stored, caller.Name, request?.Note, time.GetUtcNow(), cancellationToken);
        context.Response.OnCompleted(() => desk.PlanChangedAsync(id)); // more seats let people move up
        return TypedResults.Ok(new Publication(stored.Version + (changes.Count > 0 ? 1 : 0), changes, Clashes.Of(stored.Draft)));
    }
}
