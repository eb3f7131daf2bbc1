using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Programme;

/// <summary>A session to begin others from.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What the organisers call it.</param>
/// <param name="Body">What a session begun from it says; its id and title are replaced.</param>
internal sealed record SessionTemplate(Guid Id, string Name, Session Body);

internal sealed record TemplateRequest(string Name, Session Body);

internal sealed record FromTemplate(Guid Template, string Id, Text Title);

/// <summary>Templates of a city's organisers.</summary>
internal static class TemplateEndpoints
{
    public static void MapTemplates(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/templates").RequireAuthorization(Access.Organiser).Transactional().WithTags("Editing");
        group.MapGet("/", async (Work work, Caller caller, CancellationToken cancellationToken) => TypedResults.Ok(await AllAsync(work, caller, cancellationToken))).WithSummary("The city's templates of sessions.");
        group.MapPost("/", AddAsync).WithSummary("Keeps a session as a template.");
        group.MapDelete("/{id:guid}", DeleteAsync).WithSummary("Removes a template.");
        routes.MapPost("/events/{id}/draft/sessions", UseAsync).RequireAuthorization(Access.Organiser).Transactional().WithTags("Editing").WithSummary("Adds a session made from a template to the draft.");
    }

    private static async Task<IEnumerable<SessionTemplate>> AllAsync(Work work, Caller caller, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<(Guid Id, string Name, string Body)>(new CommandDefinition(
            "SELECT id, name, body FROM session_template WHERE tenant = @city ORDER BY name, id", new { city = caller.RequiredCity }, work.Transaction, cancellationToken: cancellationToken)))
        .Select(row => new SessionTemplate(row.Id, row.Name, ProgrammeJson.Parse<Session>(row.Body)));

    private static async Task<Created<SessionTemplate>> AddAsync(TemplateRequest request, Caller caller, Work work, CancellationToken cancellationToken)
    {
        new Validation().Rule(request.Name.Trim().Length is > 0 and <= 200, "name", "must have 1 to 200 characters").ThrowIfInvalid();
        var template = new SessionTemplate(Guid.CreateVersion7(), request.Name, request.Body);
        await using var insert = work.Command("INSERT INTO session_template (tenant, id, name, body) VALUES ($1, $2, $3, $4::text::jsonb)", caller.RequiredCity, template.Id, template.Name, ProgrammeJson.Write(template.Body));
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Created($"/api/events/v1/templates/{template.Id}", template);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, Caller caller, Work work, CancellationToken cancellationToken)
    {
        await using var delete = work.Command("DELETE FROM session_template WHERE tenant = $1 AND id = $2", caller.RequiredCity, id);
        return await delete.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.NoContent() : Problem.NotFound.Because($"There is no template {id}.");
    }

    private static async Task<Ok<Event>> UseAsync(string id, FromTemplate request, Caller caller, HttpContext context, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        var template = (await AllAsync(work, caller, cancellationToken)).FirstOrDefault(found => found.Id == request.Template);
        new Validation().Rule(template is not null, "template", "is not one of this city's").ThrowIfInvalid();
        return await EditingEndpoints.EditAsync(id, caller, context, work, time,
            draft => draft with { Sessions = [.. draft.Sessions, template!.Body with { Id = request.Id, Title = request.Title, Guid = null }] }, cancellationToken);
    }
}
