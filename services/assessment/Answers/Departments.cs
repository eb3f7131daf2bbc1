using Dapper;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Answers;

/// <summary>A department that answers a part.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parts">What it answers: ids of dimensions, indicators or questions.</param>
/// <param name="Contact">Whom to ask, for people.</param>
internal sealed record DepartmentRequest(string Name, IReadOnlyList<string> Parts, string? Contact = null);

/// <summary>A department with how far it is.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Contact">Whom to ask.</param>
/// <param name="Parts">What it answers.</param>
/// <param name="Questions">How many questions it is asked.</param>
/// <param name="Open">Which of them need an answer.</param>
internal sealed record DepartmentView(string Id, string Name, string? Contact, IReadOnlyList<string> Parts, int Questions, IReadOnlyList<string> Open);

/// <summary>Several departments answer one assessment. Who answers what is an agreement among colleagues, not a barrier: anybody of the staff may still answer.</summary>
internal static class Departments
{
    public static RouteGroupBuilder MapDepartments(this RouteGroupBuilder group)
    {
        group.MapGet("/{id:guid}/departments", ListAsync).Transactional().WithSummary("The departments with how far each is.");
        group.MapPut("/{id:guid}/departments/{department}", PutAsync).Transactional().WithSummary("Names a department and the dimensions, indicators and questions that it answers.");
        group.MapDelete("/{id:guid}/departments/{department}", DeleteAsync).Transactional().WithSummary("Takes a department off the assessment; its answers stay.");
        return group;
    }

    private static async Task<Results<Ok<IEnumerable<DepartmentView>>, ProblemHttpResult>> ListAsync(Guid id, Work work, QuestionnaireLibrary library, CancellationToken cancellationToken)
    {
        if (await StoredAssessment.FindAsync(work, id, alone: false, cancellationToken) is not { } assessment)
        {
            return StoredAssessment.NoSuch(id);
        }

        var questionnaire = (await library.GetAsync(work, assessment.QuestionnaireId, cancellationToken)).Structure;
        var view = assessment.View(questionnaire);
        var rows = await work.Connection.QueryAsync<(string Id, string Name, string? Contact, string[] Parts)>(new CommandDefinition(
            "SELECT id, name, contact, parts FROM department WHERE tenant = @Tenant AND assessment_id = @id ORDER BY id", new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Ok(rows.Select(row =>
        {
            var questions = QuestionsOf(questionnaire, row.Parts).Except(view.Hidden).ToArray();
            return new DepartmentView(row.Id, row.Name, row.Contact, row.Parts, questions.Length, [.. questions.Intersect(view.Open)]);
        }));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PutAsync(Guid id, string department, DepartmentRequest request, Work work, QuestionnaireLibrary library, CancellationToken cancellationToken)
    {
        if (await StoredAssessment.FindAsync(work, id, alone: false, cancellationToken) is not { } assessment)
        {
            return StoredAssessment.NoSuch(id);
        }

        var questionnaire = (await library.GetAsync(work, assessment.QuestionnaireId, cancellationToken)).Structure;
        var validation = new Validation()
            .Rule(department.Length <= 60, "department", "must not be longer than 60 characters")
            .Rule(request.Name.Trim().Length is > 0 and <= 200, "name", "must have 1 to 200 characters")
            .Rule(request.Contact is not { Length: > 200 }, "contact", "must not be longer than 200 characters")
            .Rule(request.Parts.Count is > 0 and <= 500, "parts", "must name at least one dimension, indicator or question");
        foreach (var unknown in request.Parts.Where(part => !QuestionsOf(questionnaire, [part]).Any()))
        {
            validation.Rule(false, "parts", $"{unknown} is no part of {questionnaire.Id}");
        }

        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        await using var put = work.Command("""
            INSERT INTO department (tenant, assessment_id, id, name, contact, parts) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant, assessment_id, id) DO UPDATE SET name = excluded.name, contact = excluded.contact, parts = excluded.parts
            """, work.Tenant, id, department, request.Name.Trim(), request.Contact, request.Parts.ToArray());
        await put.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, string department, Work work, CancellationToken cancellationToken)
    {
        await using var delete = work.Command("DELETE FROM department WHERE tenant = $1 AND assessment_id = $2 AND id = $3", work.Tenant, id, department);
        return await delete.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.NoContent() : Problem.NotFound.Because($"There is no department {department}.");
    }

    private static IEnumerable<string> QuestionsOf(Questionnaire questionnaire, IReadOnlyList<string> parts) =>
        from dimension in questionnaire.Dimensions
        from indicator in dimension.Indicators
        from question in indicator.Questions
        where parts.Contains(dimension.Id) || parts.Contains(indicator.Id) || parts.Contains(question.Id)
        select question.Id;
}
