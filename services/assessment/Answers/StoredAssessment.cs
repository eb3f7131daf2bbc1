using System.Text.Json;
using Dapper;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Scoring;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Answers;

/// <summary>An assessment with its answers, as it is stored.</summary>
internal sealed record StoredAssessment(Guid Id, string QuestionnaireId, Status Status, bool RequiresReview, DateTimeOffset StartedAt, DateTimeOffset? SubmittedAt, Score? Result, IReadOnlyDictionary<string, AnswerView> Answers, long Position)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>Reads an assessment of the work's city.</summary>
    /// <param name="work">The transaction.</param>
    /// <param name="id">The assessment.</param>
    /// <param name="alone">Whether nobody may answer until the transaction ends: for steps that look at all answers.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Null where there is none.</returns>
    public static async Task<StoredAssessment?> FindAsync(Work work, Guid id, bool alone, CancellationToken cancellationToken)
    {
        if (alone)
        {
            await AnswerLock.TakeAloneAsync(work, id, cancellationToken);
        }

        var row = await work.Connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition("""
            SELECT questionnaire, status, requires_review, started_at, submitted_at, result,
                   (SELECT coalesce(max(position), 0) FROM answer_change c WHERE c.tenant = a.tenant AND c.assessment_id = a.id) AS position
            FROM assessment a WHERE tenant = @Tenant AND id = @id
            """, new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));
        if (row is null)
        {
            return null;
        }

        var answers = await work.Connection.QueryAsync<AnswerRow>(new CommandDefinition(
            "SELECT question, value, not_applicable, version, answered_name, answered_at, measured FROM answer WHERE tenant = @Tenant AND assessment_id = @id",
            new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));
        return new StoredAssessment(
            id, row.Questionnaire, Enum.Parse<Status>(row.Status, ignoreCase: true), row.RequiresReview, row.StartedAt, row.SubmittedAt, row.Result is null ? null : JsonSerializer.Deserialize<Score>(row.Result, Json),
            answers.ToDictionary(answer => answer.Question, answer => answer.View()), row.Position);
    }

    /// <summary>The answers as the scorer takes them.</summary>
    public IReadOnlyDictionary<string, AnswerValue> Values(Questionnaire questionnaire) =>
        Answers.ToDictionary(answer => answer.Key, answer => AnswerValue.Stored(questionnaire, questionnaire.Find(answer.Key)!, answer.Value.Value, answer.Value.NotApplicable));

    public AssessmentView View(Questionnaire questionnaire)
    {
        var values = Values(questionnaire);
        var visible = Branching.Visible(questionnaire, values);
        return new AssessmentView(
            Id, QuestionnaireId, Status, RequiresReview, StartedAt, SubmittedAt, Answers, [.. visible.Where(question => !question.Optional && !values.ContainsKey(question.Id)).Select(question => question.Id)],
            [.. questionnaire.Questions.Except(visible).Select(question => question.Id)], Position, Result);
    }

    public static ProblemHttpResult NoSuch(Guid id) => Problem.NotFound.Because($"There is no assessment {id}.");

    private sealed record Row(string Questionnaire, string Status, bool RequiresReview, DateTime StartedAt, DateTime? SubmittedAt, string? Result, long Position);
}

/// <summary>An answer's row.</summary>
internal sealed record AnswerRow(string Question, string? Value, bool NotApplicable, long Version, string AnsweredName, DateTime AnsweredAt, string? Measured)
{
    public AnswerView View() => new(Value is null ? null : JsonElement.Parse(Value), NotApplicable, Version, AnsweredName, AnsweredAt, Measured);
}
