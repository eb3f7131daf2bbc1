using Dapper;
using LivingCity.Assessment.Answers;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Expressions;

/// <summary>Expressions of interest: a city asks, a consultant invites, the service runs for six weeks by its milestones, a report ends it.</summary>
internal static class ExpressionEndpoints
{
    private static readonly Problem Closed = new("phase-closed", StatusCodes.Status409Conflict, "This phase is not open.");
    private static readonly Problem Twice = new("expression-exists", StatusCodes.Status409Conflict, "The city has asked in this phase already.");
    private static readonly Problem WrongStep = new("expression-step", StatusCodes.Status409Conflict, "This step does not follow from where the expression stands.");

    public static void MapExpressions(this IEndpointRouteBuilder routes)
    {
        routes.MapPhases();
        var city = routes.MapGroup("/expressions").RequireAuthorization(Respondents.Policy).WithTags("Expressions of interest");
        city.MapGet("/", MineAsync).Transactional().WithSummary("The city's expressions of interest.");
        city.MapPost("/", AskAsync).Transactional().WithSummary("Asks for the service. The number of inhabitants leads to advice, never to a refusal.");
        var desk = routes.MapGroup("/helpdesk/expressions").RequireAuthorization(Helpdesk.Policy).WithTags("Helpdesk");
        desk.MapGet("/", AllAsync).WithSummary("The expressions of interest of all cities, the newest first.");
        desk.MapPost("/{id:guid}/invitation", InviteAsync).WithSummary("Invites the city: the six weeks begin.");
        desk.MapPost("/{id:guid}/milestones/{name}", ReachAsync).WithSummary("A step of the service is done.");
        desk.MapPost("/{id:guid}/outcome", CompleteAsync).WithSummary("What came of it. Every step must be done.");
    }

    private static async Task<Ok<IReadOnlyList<ExpressionView>>> MineAsync(Work work, CancellationToken cancellationToken) => TypedResults.Ok(await ReadAsync(work, null, cancellationToken));

    private static async Task<Results<Created<ExpressionView>, ProblemHttpResult>> AskAsync(ExpressionRequest request, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        var phase = (await PhaseEndpoints.AllAsync(work, cancellationToken)).FirstOrDefault(phase => phase.Id == request.Phase);
        var validation = new Validation()
            .Rule(phase is not null, "phase", "is none of those at /api/assessment/v1/expression-phases")
            .Rule(request.Population is > 0 and <= 50_000_000, "population", "must be from 1 to 50000000")
            .Rule(request.Contact.Trim().Length is > 0 and <= 200, "contact", "must have 1 to 200 characters")
            .Rule(request.Motivation.Trim().Length is > 0 and <= 4000, "motivation", "must have 1 to 4000 characters");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        var now = time.GetUtcNow();
        if (!phase!.IsOpen(now))
        {
            return Closed.Because($"{phase.Id} is open from {phase.Opens:yyyy-MM-dd} to the end of {phase.Deadline:yyyy-MM-dd} ({phase.Zone}).");
        }

        var id = Guid.CreateVersion7();
        await using var insert = work.Command("""
            INSERT INTO expression (tenant, id, phase, population, encouraged, contact, motivation, submitted_by, submitted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
            """, work.Tenant, id, phase.Id, request.Population, phase.Encourages(request.Population), request.Contact.Trim(), request.Motivation.Trim(), caller.Name, now);
        return await insert.ExecuteNonQueryAsync(cancellationToken) == 0
            ? Twice.Because($"In {phase.Id}.")
            : TypedResults.Created("/api/assessment/v1/expressions", (await ReadAsync(work, id, cancellationToken))[0]);
    }

    private static async Task<Ok<IReadOnlyList<ExpressionView>>> AllAsync(Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await Helpdesk.OpenAsync(work, cancellationToken);
        return TypedResults.Ok(await ReadAsync(work, null, cancellationToken));
    }

    private static Task<Results<Ok<ExpressionView>, ProblemHttpResult>> InviteAsync(Guid id, Caller caller, Database database, TimeProvider time, CancellationToken cancellationToken) =>
        StepAsync(id, database, async (work, expression) =>
        {
            if (expression.Status != ExpressionStatus.Submitted)
            {
                return WrongStep.Because("It was invited before.");
            }

            var now = time.GetUtcNow();
            var phase = (await PhaseEndpoints.AllAsync(work, cancellationToken)).First(phase => phase.Id == expression.Phase);
            await using var invite = work.Command("UPDATE expression SET invited_at = $2, invited_by = $3 WHERE id = $1", id, now, caller.Name);
            await invite.ExecuteNonQueryAsync(cancellationToken);
            foreach (var (name, days) in Phase.Milestones)
            {
                await using var insert = work.Command("INSERT INTO expression_milestone (tenant, expression_id, name, due) VALUES ($1, $2, $3, $4)", expression.City, id, name, phase.DayOf(now).AddDays(days));
                await insert.ExecuteNonQueryAsync(cancellationToken);
            }

            return null;
        }, cancellationToken);

    private static Task<Results<Ok<ExpressionView>, ProblemHttpResult>> ReachAsync(
        Guid id, string name, MilestoneRequest request, Caller caller, Database database, TimeProvider time, CancellationToken cancellationToken) => StepAsync(id, database, async (work, expression) =>
        {
            if (expression.Status != ExpressionStatus.Invited || expression.Milestones.All(milestone => milestone.Name != name))
            {
                return WrongStep.Because($"There is no open step {name}.");
            }

            if (request.Link is { Length: > 2000 })
            {
                return new Validation().Rule(false, "link", "must not be longer than 2000 characters").ToResult();
            }

            await using var reach = work.Command("UPDATE expression_milestone SET done_at = coalesce(done_at, $3), done_by = coalesce(done_by, $4), link = coalesce($5, link) WHERE expression_id = $1 AND name = $2",
                id, name, time.GetUtcNow(), caller.Name, request.Link);
            reach.Parameters[4].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text;
            await reach.ExecuteNonQueryAsync(cancellationToken);
            return null;
        }, cancellationToken);

    private static Task<Results<Ok<ExpressionView>, ProblemHttpResult>> CompleteAsync(Guid id, OutcomeRequest request, Database database, TimeProvider time, CancellationToken cancellationToken) =>
        StepAsync(id, database, async (work, expression) =>
        {
            var open = expression.Milestones.Where(milestone => milestone.DoneAt is null && milestone.Name != "outcome-report").Select(milestone => milestone.Name).ToArray();
            if (expression.Status != ExpressionStatus.Invited || open.Length > 0)
            {
                return WrongStep.Because(open.Length > 0 ? $"Not done yet: {string.Join(", ", open)}." : "The service does not run.");
            }

            if (request.Report.Trim().Length is 0 or > 20_000)
            {
                return new Validation().Rule(false, "report", "must have 1 to 20000 characters").ToResult();
            }

            var now = time.GetUtcNow();
            await using var complete = work.Command("UPDATE expression SET report = $2, completed_at = $3 WHERE id = $1", id, request.Report.Trim(), now);
            await complete.ExecuteNonQueryAsync(cancellationToken);
            await using var last = work.Command("UPDATE expression_milestone SET done_at = coalesce(done_at, $2) WHERE expression_id = $1 AND name = 'outcome-report'", id, now);
            await last.ExecuteNonQueryAsync(cancellationToken);
            return null;
        }, cancellationToken);

    /// <summary>One step of the desk in its own transaction, in which it sees every city's expressions; the row is held meanwhile.</summary>
    private static async Task<Results<Ok<ExpressionView>, ProblemHttpResult>> StepAsync(Guid id, Database database, Func<Work, ExpressionView, Task<ProblemHttpResult?>> step, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await Helpdesk.OpenAsync(work, cancellationToken);
        await work.Connection.ExecuteAsync(new CommandDefinition("SELECT FROM expression WHERE id = @id FOR UPDATE", new { id }, work.Transaction, cancellationToken: cancellationToken));
        if (await ReadAsync(work, id, cancellationToken) is not [var expression])
        {
            return Problem.NotFound.Because($"There is no expression of interest {id}.");
        }

        if (await step(work, expression) is { } problem)
        {
            return problem;
        }

        var after = (await ReadAsync(work, id, cancellationToken))[0];
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(after);
    }

    private static async Task<IReadOnlyList<ExpressionView>> ReadAsync(Work work, Guid? id, CancellationToken cancellationToken)
    {
        var rows = (await work.Connection.QueryAsync<Row>(new CommandDefinition("""
            SELECT tenant, id, phase, population, encouraged, contact, motivation, submitted_at, invited_at, report, completed_at FROM expression WHERE @id::uuid IS NULL OR id = @id ORDER BY id DESC LIMIT 500
            """, new { id }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        var milestones = (await work.Connection.QueryAsync<(Guid Expression, string Name, DateTime Due, DateTime? DoneAt, string? DoneBy, string? Link)>(new CommandDefinition(
            "SELECT expression_id, name, due::timestamp, done_at, done_by, link FROM expression_milestone WHERE expression_id = ANY(@ids) ORDER BY due, name", new { ids = rows.Select(row => row.Id).ToArray() }, work.Transaction, cancellationToken: cancellationToken)))
            .ToLookup(row => row.Expression, row => new MilestoneView(row.Name, DateOnly.FromDateTime(row.Due), row.DoneAt, row.DoneBy, row.Link));
        return [.. rows.Select(row => new ExpressionView(
            row.Id, row.Tenant, row.Phase, row.Population, row.Encouraged, row.Contact, row.Motivation, row.SubmittedAt,
            row.CompletedAt is not null ? ExpressionStatus.Completed : row.InvitedAt is not null ? ExpressionStatus.Invited : ExpressionStatus.Submitted,
            row.InvitedAt, milestones[row.Id].Select(milestone => (DateOnly?)milestone.Due).LastOrDefault(), [.. milestones[row.Id]], row.Report, row.CompletedAt))];
    }

    private sealed record Row(
        string Tenant, Guid Id, string Phase, int Population, bool Encouraged, string Contact, string Motivation, DateTime SubmittedAt, DateTime? InvitedAt, string? Report, DateTime? CompletedAt);
}
