using System.IO.Pipelines;
using System.Security.Cryptography;
using Dapper;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace LivingCity.Assessment.Answers;

/// <summary>A file of evidence.</summary>
/// <param name="Id">An answer names it as <c>evidence:{id}</c>.</param>
/// <param name="Question">What it shows.</param>
/// <param name="Name">Its name.</param>
/// <param name="MediaType">Its kind, checked.</param>
/// <param name="Size">Octets.</param>
/// <param name="Sha256">Digest, in the signed package too.</param>
/// <param name="AddedAt">When.</param>
internal sealed record EvidenceView(Guid Id, string Question, string Name, string MediaType, long Size, string Sha256, DateTimeOffset AddedAt);

/// <summary>Files that show what an answer says: taken in pieces, limited, checked for their kind, given out as downloads only.</summary>
internal static class EvidenceFiles
{
    public const long Largest = 10 * 1024 * 1024;
    private const int PieceSize = 256 * 1024;
    private const int MostFiles = 200;

    private static readonly Problem TooLarge = new("evidence-too-large", StatusCodes.Status413PayloadTooLarge, "A file of evidence has at most 10 MiB.");
    private static readonly Problem WrongType = new("evidence-type", StatusCodes.Status415UnsupportedMediaType, "A file of this kind is not taken, or it is not what it claims to be.");

    public static RouteGroupBuilder MapEvidence(this RouteGroupBuilder group)
    {
        group.MapGet("/{id:guid}/evidence", ListAsync).Transactional().WithSummary("The files of evidence.");
        group.MapPost("/{id:guid}/evidence", AddAsync).WithSummary("Adds a file: the body is the file, Content-Type its kind, ?question= and ?name= say the rest. At most 10 MiB.");
        group.MapGet("/{id:guid}/evidence/{file:guid}", GetAsync).WithSummary("A file of evidence, as a download.");
        group.MapDelete("/{id:guid}/evidence/{file:guid}", DeleteAsync).Transactional().WithSummary("Removes a file while the assessment is being answered.");
        return group;
    }

    private static async Task<Ok<IEnumerable<EvidenceView>>> ListAsync(Guid id, Work work, CancellationToken cancellationToken) =>
        TypedResults.Ok((await work.Connection.QueryAsync<(Guid Id, string Question, string Name, string MediaType, long Size, string Sha256, DateTime AddedAt)>(new CommandDefinition(
            "SELECT id, question, name, media_type, size, sha256, added_at FROM evidence WHERE tenant = @Tenant AND assessment_id = @id ORDER BY id", new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken)))
            .Select(row => new EvidenceView(row.Id, row.Question, row.Name, row.MediaType, row.Size, row.Sha256, row.AddedAt)));

    private static async Task<Results<Created<EvidenceView>, ProblemHttpResult>> AddAsync(
        Guid id, string? question, string? name, Caller caller, HttpRequest request, Database database, QuestionnaireLibrary library, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        await AnswerLock.TakeSharedAsync(work, id, cancellationToken);
        if (await StoredAssessment.FindAsync(work, id, alone: false, cancellationToken) is not { } assessment)
        {
            return StoredAssessment.NoSuch(id);
        }

        if (AnswerProblems.Closed(assessment.Status) is { } closed)
        {
            return closed.Because("Its evidence does not change any more.");
        }

        var questionnaire = (await library.GetAsync(work, assessment.QuestionnaireId, cancellationToken)).Structure;
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed.MediaType.Value!.ToLowerInvariant() : "";
        var count = await work.Connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM evidence WHERE tenant = @Tenant AND assessment_id = @id", new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));
        var validation = new Validation()
            .Rule(question is not null && questionnaire.Find(question) is not null, "question", $"must be a question of {questionnaire.Id}")
            .Rule(IsName(name), "name", "must be a file name of 1 to 200 characters")
            .Rule(count < MostFiles, "body", $"would be more than {MostFiles} files");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        if (!FileTypes.Known.Contains(type))
        {
            return WrongType.Because($"Content-Type must be one of {string.Join(", ", FileTypes.Known)}.");
        }

        if (request.ContentLength > Largest)
        {
            return TooLarge.Because($"This one has {request.ContentLength} octets.");
        }

        var fileId = Guid.CreateVersion7();
        var (size, digest, problem) = await StoreAsync(work, fileId, type, request.BodyReader, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var file = new EvidenceView(fileId, question!, name!, type, size, digest, time.GetUtcNow());
        await using var insert = work.Command(
            "INSERT INTO evidence (tenant, assessment_id, id, question, name, media_type, size, sha256, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            work.Tenant, id, file.Id, file.Question, file.Name, file.MediaType, file.Size, file.Sha256, caller.Subject, file.AddedAt);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/assessment/v1/assessments/{id}/evidence/{file.Id}", file);
    }

    private static async Task<(long Size, string Digest, ProblemHttpResult? Problem)> StoreAsync(Work work, Guid file, string type, PipeReader body, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = FileTypes.CheckerOf(type);
        var piece = new byte[PieceSize];
        var stream = body.AsStream();
        var size = 0L;
        for (var number = 0; ; number++)
        {
            var length = await stream.ReadAtLeastAsync(piece, PieceSize, throwOnEndOfStream: false, cancellationToken);
            var last = length < PieceSize;
            size += length;
            if (size > Largest)
            {
                return (size, "", TooLarge.Because("The body is longer."));
            }

            if ((number == 0 && (length == 0 || !FileTypes.Begins(type, piece.AsSpan(0, length)))) || text?.Accepts(piece.AsSpan(0, length), last) == false)
            {
                return (size, "", WrongType.Because($"The body is no {type}."));
            }

            if (length > 0)
            {
                hash.AppendData(piece, 0, length);
                await using var insert = work.Command("INSERT INTO evidence_piece (tenant, evidence_id, number, content) VALUES ($1, $2, $3, $4)", work.Tenant, file, number, piece.AsMemory(0, length));
                await insert.ExecuteNonQueryAsync(cancellationToken);
            }

            if (last)
            {
                return (size, Convert.ToHexStringLower(hash.GetHashAndReset()), null);
            }
        }
    }

    private static async Task<IResult> GetAsync(Guid id, Guid file, Caller caller, HttpContext http, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        var found = await work.Connection.QuerySingleOrDefaultAsync<(string Name, string MediaType, long Size)>(new CommandDefinition(
            "SELECT name, media_type, size FROM evidence WHERE tenant = @Tenant AND assessment_id = @id AND id = @file", new { work.Tenant, id, file }, work.Transaction, cancellationToken: cancellationToken));
        if (found.Name is null)
        {
            return Problem.NotFound.Because($"There is no file {file}.");
        }

        var response = http.Response;
        response.ContentType = found.MediaType;
        response.ContentLength = found.Size;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(found.Name);
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        await using var read = work.Command("SELECT content FROM evidence_piece WHERE tenant = $1 AND evidence_id = $2 ORDER BY number", work.Tenant, file);
        await using var rows = await read.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            await using var piece = await rows.GetStreamAsync(0, cancellationToken);
            await piece.CopyToAsync(response.Body, cancellationToken);
        }

        return Results.Empty;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, Guid file, Work work, CancellationToken cancellationToken)
    {
        await AnswerLock.TakeSharedAsync(work, id, cancellationToken);
        if (await StoredAssessment.FindAsync(work, id, alone: false, cancellationToken) is not { } assessment)
        {
            return StoredAssessment.NoSuch(id);
        }

        if (AnswerProblems.Closed(assessment.Status) is { } closed)
        {
            return closed.Because("Its evidence does not change any more.");
        }

        await using var delete = work.Command("""
            WITH gone AS (DELETE FROM evidence WHERE tenant = $1 AND assessment_id = $2 AND id = $3 RETURNING id)
            DELETE FROM evidence_piece WHERE tenant = $1 AND evidence_id IN (SELECT id FROM gone)
            """, work.Tenant, id, file);
        return await delete.ExecuteNonQueryAsync(cancellationToken) > 0 ? TypedResults.NoContent() : Problem.NotFound.Because($"There is no file {file}.");
    }

    private static bool IsName(string? name) => name is { Length: > 0 and <= 200 } && name.IndexOfAny(['/', '\\', '\r', '\n', '\0']) < 0 && name is not ("." or "..");
}
