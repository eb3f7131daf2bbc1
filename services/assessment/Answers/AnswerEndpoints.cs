using System.Text.Json;
using Dapper;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Answers;

/// <summary>
/// Each answer is saved by itself. An edit names the version that it replaces; if somebody was faster, it is refused with what stands there now, so that whoever types sees both and decides.
/// The first answer to a question needs no version.
/// </summary>
internal static class AnswerEndpoints
{
    private const int MostChanges = 500;

    public static void MapAnswers(this IEndpointRouteBuilder group)
    {
        group.MapPut("/{id:guid}/answers/{question}", SaveAsync).Transactional()
            .WithSummary("Saves one answer. Replacing an answer needs If-Match; a conflict (412) carries the answer that stands there now.");
        group.MapGet("/{id:guid}/changes", ChangesAsync).Transactional().WithSummary("Changes of answers after a position, at most 500: what colleagues do meanwhile, and the whole history from 0.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SaveAsync(
        Guid id, string question, AnswerRequest request, Caller caller, Work work, HttpContext http, QuestionnaireLibrary library, TimeProvider time, CancellationToken cancellationToken)
    {
        await AnswerLock.TakeSharedAsync(work, id, cancellationToken);
        var (questionnaireId, status, current) = await CurrentAsync(work, id, question, cancellationToken);
        if (questionnaireId is null)
        {
            return StoredAssessment.NoSuch(id);
        }

        if (AnswerProblems.Closed(Enum.Parse<Status>(status!, ignoreCase: true)) is { } closed)
        {
            return closed.Because(closed == AnswerProblems.Submitted ? "Start a new assessment to answer again." : "Ask the reviewer to return it.");
        }

        var questionnaire = (await library.GetAsync(work, questionnaireId, cancellationToken)).Structure;
        if (questionnaire.Find(question) is not { } asked)
        {
            return Problem.NotFound.Because($"There is no question {question} in {questionnaireId}.");
        }

        var validation = new Validation().Rule(request.Option is null || request.Value is null, "option", "must not stand beside value");
        var value = request.Option is { } option ? JsonSerializer.SerializeToElement(option) : request.Value;
        AnswerValue.Read(questionnaire, asked, value, request.NotApplicable, validation, request.Value is null && !request.NotApplicable ? "option" : "value");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        if (current is not null && current.NotApplicable == request.NotApplicable && Same(current.Value, value))
        {
            http.Response.SetVersion(current.Version); // a repeat, or two people of one mind: nothing to decide
            return TypedResults.NoContent();
        }

        if (current is not null && http.Request.Headers.IfMatch.Count == 0)
        {
            return WithCurrent(Problem.PreconditionRequired.Because("There is an answer already."), current);
        }

        if (http.Request.Headers.IfMatch.Count > 0 && Named(http.Request.Headers.IfMatch.ToString()) != (current?.Version ?? 0))
        {
            return WithCurrent(Problem.Stale.Because(current is null ? "There is no answer." : $"{current.AnsweredBy} answered meanwhile."), current);
        }

        if (await WriteAsync(work, id, question, request.NotApplicable ? null : value, request.NotApplicable, null, current?.Version ?? 0, caller.Subject, caller.Name, time.GetUtcNow(), cancellationToken) is not { } version)
        {
            var (_, _, winner) = await CurrentAsync(work, id, question, cancellationToken);
            return WithCurrent(Problem.Stale.Because($"{winner!.AnsweredBy} answered at the same moment."), winner);
        }

        http.Response.SetVersion(version);
        return TypedResults.NoContent();
    }

    /// <summary>Writes an answer over a version, 0 for none, and notes the change.</summary>
    /// <returns>The new version, or null when another was there.</returns>
    public static async Task<long?> WriteAsync(
        Work work, Guid id, string question, JsonElement? value, bool notApplicable, string? measured, long over, string by, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var save = work.Command("""
            WITH saved AS (
                INSERT INTO answer AS a (tenant, assessment_id, question, value, not_applicable, measured, version, answered_by, answered_name, answered_at)
                SELECT $1, $2, $3, $4::text::jsonb, $5, $6, 1, $8, $9, $10
                ON CONFLICT (tenant, assessment_id, question) DO UPDATE SET value = excluded.value, not_applicable = excluded.not_applicable, measured = excluded.measured, version = a.version + 1,
                    answered_by = excluded.answered_by, answered_name = excluded.answered_name, answered_at = excluded.answered_at
                WHERE a.version = $7
                RETURNING version
            )
            INSERT INTO answer_change (tenant, assessment_id, question, value, not_applicable, measured, version, changed_by, changed_name, changed_at)
            SELECT $1, $2, $3, $4::text::jsonb, $5, $6, version, $8, $9, $10 FROM saved
            RETURNING version
            """, work.Tenant, id, question, value?.GetRawText(), notApplicable, measured, over, by, name, now);
        save.Parameters[3].NpgsqlDbType = save.Parameters[5].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text;
        return (long?)await save.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<Results<Ok<IEnumerable<ChangeView>>, ProblemHttpResult>> ChangesAsync(Guid id, long? after, Work work, CancellationToken cancellationToken)
    {
        if (await work.Connection.ExecuteScalarAsync<Guid?>(new CommandDefinition("SELECT id FROM assessment WHERE tenant = @Tenant AND id = @id", new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken)) is null)
        {
            return StoredAssessment.NoSuch(id);
        }

        var rows = await work.Connection.QueryAsync<(long Position, string Question, string? Value, bool NotApplicable, long Version, string Name, DateTime At, string? Measured)>(new CommandDefinition($"""
            SELECT position, question, value, not_applicable, version, changed_name, changed_at, measured FROM answer_change
            WHERE tenant = @Tenant AND assessment_id = @id AND position > @after ORDER BY position LIMIT {MostChanges}
            """, new { work.Tenant, id, after = after ?? 0 }, work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Ok(rows.Select(row => new ChangeView(row.Position, row.Question, new AnswerRow(row.Question, row.Value, row.NotApplicable, row.Version, row.Name, row.At, row.Measured).View())));
    }

    private static async Task<(string? Questionnaire, string? Status, AnswerView? Current)> CurrentAsync(Work work, Guid id, string question, CancellationToken cancellationToken)
    {
        await using var read = work.Command("""
            SELECT a.questionnaire, a.status, q.value::text, q.not_applicable, q.version, q.answered_name, q.answered_at, q.measured
            FROM assessment a LEFT JOIN answer q ON q.tenant = a.tenant AND q.assessment_id = a.id AND q.question = $3 WHERE a.tenant = $1 AND a.id = $2
            """, work.Tenant, id, question);
        await using var row = await read.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return default;
        }

        var answer = row.IsDBNull(4) ? null : new AnswerRow(question, row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3), row.GetInt64(4), row.GetString(5), row.GetDateTime(6), row.IsDBNull(7) ? null : row.GetString(7)).View();
        return (row.GetString(0), row.GetString(1), answer);
    }

    private static bool Same(JsonElement? one, JsonElement? other) => one is null || other is null ? one is null && other is null : JsonElement.DeepEquals(one.Value, other.Value);

    private static long Named(string tag) => long.TryParse(tag.Trim('"'), out var version) ? version : -1;

    /// <summary>A refusal that shows what stands there now, so that a conflict is never silent.</summary>
    private static ProblemHttpResult WithCurrent(ProblemHttpResult problem, AnswerView? current)
    {
        problem.ProblemDetails.Extensions["current"] = current;
        return problem;
    }
}
