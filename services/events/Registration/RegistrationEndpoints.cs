using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Registration;

/// <summary>Who comes along.</summary>
/// <param name="Companions">Names; together with the caller they get seats together, or wait together. Ten at most.</param>
internal sealed record RegistrationRequest(IReadOnlyList<string>? Companions = null);

internal sealed record SwitchTarget(string To);

/// <summary>What people do with their own seats.</summary>
internal static class RegistrationEndpoints
{
    public static void MapRegistrations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").RequireAuthorization(Access.SignedIn).WithTags("Registration");
        group.MapPost("/sessions/{session}/registrations", RegisterAsync).Produces<RegistrationView>(201).Produces<RegistrationView>()
            .WithSummary("A seat for the caller, or a place in the queue when all are taken. Registering again answers the same registration; so does the same Idempotency-Key.");
        group.MapGet("/registrations", ListAsync).WithSummary("The caller's seats and places in queues.");
        group.MapDelete("/registrations/{id:guid}", CancelAsync).Produces(204).WithSummary("Gives a seat back, or leaves a queue.");
        group.MapPost("/registrations/{id:guid}/switch", SwitchAsync).Produces<RegistrationView>(201)
            .WithSummary("Goes to another session. Where that is full the seat stays until one is free there: nobody is without in between.");
        routes.MapSubstitution();
        routes.MapParticipants();
        routes.MapPreferences();
        routes.MapGuests();
        routes.MapInvitations();
        routes.MapDesk();
        routes.MapLog();
        routes.MapAgenda();
    }

    private static async Task<IResult> RegisterAsync(
        string session, RegistrationRequest? request, Caller caller, HttpContext context, SessionDirectory sessions, RegistrationDesk desk, CancellationToken cancellationToken)
    {
        var companions = request?.Companions ?? [];
        new Validation()
            .Rule(companions.Count <= 10, "companions", "must not be more than ten")
            .Rule(companions.All(name => name?.Trim().Length is > 0 and <= 200), "companions", "must be names of 1 to 200 characters")
            .ThrowIfInvalid();
        var visitor = Visitors.Of(context, caller);
        var (eventId, owner) = await sessions.FindAsync(session, cancellationToken);
        return (await desk.AskAsync(eventId, owner, new RegisterRequest(session, companions) { Visitor = visitor, Key = Visitors.KeyOf(context.Request, caller, string.Join('\n', companions)) }, cancellationToken)).Created();
    }

    private static async Task<Ok<IReadOnlyList<RegistrationView>>> ListAsync(Caller caller, Database database, CancellationToken cancellationToken) =>
        TypedResults.Ok(await OwnRegistrations.OfAsync(database, caller.RequiredCity, caller.Subject, cancellationToken));

    private static async Task<IResult> CancelAsync(Guid id, Caller caller, HttpContext context, Database database, RegistrationDesk desk, CancellationToken cancellationToken)
    {
        var (eventId, owner) = await OwnRegistrations.EventOfAsync(database, caller.RequiredCity, id, cancellationToken);
        return (await desk.AskAsync(eventId, owner, new CancelRequest(id, false) { Visitor = Visitors.Of(context, caller), Key = Visitors.KeyOf(context.Request, caller, "") }, cancellationToken)).NoContent();
    }

    private static async Task<IResult> SwitchAsync(Guid id, SwitchTarget target, Caller caller, HttpContext context, Database database, RegistrationDesk desk, CancellationToken cancellationToken)
    {
        var (eventId, owner) = await OwnRegistrations.EventOfAsync(database, caller.RequiredCity, id, cancellationToken);
        return (await desk.AskAsync(eventId, owner, new SwitchRequest(id, target.To) { Visitor = Visitors.Of(context, caller), Key = Visitors.KeyOf(context.Request, caller, target.To) }, cancellationToken)).Created();
    }
}
