using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LivingCity.Events.Registration;

/// <summary>A seat in a session.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Session">The session.</param>
/// <param name="Name">Who attends.</param>
/// <param name="RegisteredAt">Since when.</param>
internal sealed record RegistrationView(Guid Id, string Session, string Name, DateTimeOffset RegisteredAt);

/// <summary>Registering for sessions: once for each, for one at most of those that exclude each other, never beyond capacity.</summary>
internal static class RegistrationEndpoints
{
    private static readonly Problem Full = new("session-full", StatusCodes.Status409Conflict, "This session is full.");
    private static readonly Problem Exclusive = new("exclusive-session", StatusCodes.Status409Conflict, "Of these sessions a person can attend only one.");

    public static void MapRegistrations(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sessions/{session}/registrations", RegisterAsync).RequireAuthorization(Access.SignedIn).Transactional().WithTags("Registration")
            .WithSummary("Registers the caller for a session. Registering again answers the same registration.");
        var own = routes.MapGroup("/registrations").RequireAuthorization(Access.SignedIn).Transactional().WithTags("Registration");
        own.MapGet("/", ListAsync).WithSummary("The caller's registrations.");
        own.MapDelete("/{id:guid}", CancelAsync).WithSummary("Gives a seat back.");
    }

    private static async Task<Results<Created<RegistrationView>, Ok<RegistrationView>, ProblemHttpResult>> RegisterAsync(
        string session, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        // The lock on the session lets registrations for it pass one by one, so that the count below is right when the row is inserted.
        var found = await work.Connection.QuerySingleOrDefaultAsync<(string Id, int? Capacity, string? ExclusiveGroup)?>(new CommandDefinition(
            "SELECT id, capacity, exclusive_group FROM session WHERE id = @session FOR NO KEY UPDATE", new { session }, work.Transaction, cancellationToken: cancellationToken));
        if (found is not { } wanted)
        {
            return Problem.NotFound.Because($"There is no session {session}.");
        }

        if ((await OwnAsync(work, caller, cancellationToken)).SingleOrDefault(registration => registration.Session == session) is { } existing)
        {
            return TypedResults.Ok(existing);
        }

        if (wanted.Capacity is { } seats && await work.Connection.ExecuteScalarAsync<int>("SELECT session_taken(@session)", new { session }, work.Transaction) >= seats)
        {
            return Full.Because($"All {seats} seats are taken.");
        }

        var view = new RegistrationView(Guid.CreateVersion7(), session, caller.Name, time.GetUtcNow());
        await using var insert = work.Command(
            "INSERT INTO registration (tenant, id, session_id, exclusive_group, person, name, registered_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            caller.RequiredCity, view.Id, session, wanted.ExclusiveGroup, caller.Subject, view.Name, view.RegisteredAt);
        try
        {
            await insert.ExecuteNonQueryAsync(cancellationToken);
            return TypedResults.Created($"/api/events/v1/registrations/{view.Id}", view);
        }
        catch (PostgresException exception) when (exception.ConstraintName == "registration_exclusive")
        {
            return Exclusive.Because("You are registered for another one of them. Give that seat back first.");
        }
    }

    private static async Task<Ok<IEnumerable<RegistrationView>>> ListAsync(Caller caller, Work work, CancellationToken cancellationToken) =>
        TypedResults.Ok(await OwnAsync(work, caller, cancellationToken));

    private static async Task<Results<NoContent, ProblemHttpResult>> CancelAsync(Guid id, Caller caller, Work work, CancellationToken cancellationToken)
    {
        await using var delete = work.Command("DELETE FROM registration WHERE tenant = $1 AND id = $2 AND person = $3", caller.RequiredCity, id, caller.Subject);
        return await delete.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.NoContent() : Problem.NotFound.Because($"There is no registration {id}.");
    }

    private static async Task<IEnumerable<RegistrationView>> OwnAsync(Work work, Caller caller, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<(Guid Id, string Session, string Name, DateTime At)>(new CommandDefinition(
            "SELECT id, session_id, name, registered_at FROM registration WHERE tenant = @city AND person = @person ORDER BY registered_at",
            new { city = caller.RequiredCity, person = caller.Subject }, work.Transaction, cancellationToken: cancellationToken)))
        .Select(row => new RegistrationView(row.Id, row.Session, row.Name, row.At));
}
