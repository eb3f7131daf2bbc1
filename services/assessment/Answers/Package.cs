using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Scoring;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Assessment.Answers;

/// <summary>
/// What was submitted, as one document with a signature (JSON Web Signature, RFC 7515, flattened JSON, ES256). The signature is over the very bytes of the payload, so nothing is
/// canonicalised. <c>eng/verify-assessment.mjs</c> verifies it without the platform.
/// </summary>
internal static class Package
{
    private const string Format = "living-city-assessment/1";

    private static readonly JsonSerializerOptions Json = new(StoredAssessment.Json) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<string> MakeAsync(Work work, StoredAssessment assessment, Questionnaire questionnaire, Score score, DateTimeOffset now, SigningKey keys, CancellationToken cancellationToken)
    {
        var evidence = await work.Connection.QueryAsync<(Guid Id, string Question, string Name, long Size, string Sha256)>(new CommandDefinition(
            "SELECT id, question, name, size, sha256 FROM evidence WHERE tenant = @Tenant AND assessment_id = @Id ORDER BY id", new { work.Tenant, assessment.Id }, work.Transaction, cancellationToken: cancellationToken));
        var approval = await work.Connection.QueryFirstOrDefaultAsync<(string Name, DateTime At)>(new CommandDefinition(
            "SELECT decided_name, decided_at FROM review WHERE tenant = @Tenant AND assessment_id = @Id AND decision = 'approved' ORDER BY id DESC LIMIT 1",
            new { work.Tenant, assessment.Id }, work.Transaction, cancellationToken: cancellationToken));
        var payload = JsonSerializer.SerializeToUtf8Bytes(new
        {
            format = Format,
            city = work.Tenant,
            assessmentId = assessment.Id,
            questionnaire = new { id = questionnaire.Id, engine = questionnaire.Engine, sha256 = Digest(JsonSerializer.SerializeToUtf8Bytes(questionnaire, QuestionnaireCatalogue.Json)) },
            submittedAt = now,
            scoredOn = DateOnly.FromDateTime(now.UtcDateTime),
            reviewedBy = approval.Name,
            reviewedAt = approval.Name is null ? (DateTime?)null : approval.At,
            answersSha256 = AnswersDigest(assessment),
            answers = Ordered(assessment),
            evidence = evidence.Select(file => new { file.Id, file.Question, file.Name, file.Size, file.Sha256 }),
            score,
        }, Json);
        var key = await keys.GetAsync(cancellationToken);
        var header = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new { alg = "ES256", typ = "JOSE+JSON", kid = key.Id, jwk = new { kty = key.Public.Kty, crv = key.Public.Crv, x = key.Public.X, y = key.Public.Y } }));
        var body = Base64Url.EncodeToString(payload);
        var signature = key.Key.SignData(Encoding.ASCII.GetBytes($"{header}.{body}"), HashAlgorithmName.SHA256);
        return JsonSerializer.Serialize(new { payload = body, @protected = header, signature = Base64Url.EncodeToString(signature) });
    }

    /// <summary>A digest of the answers, by which a sign-off names what it approved.</summary>
    public static string AnswersDigest(StoredAssessment assessment) => Digest(JsonSerializer.SerializeToUtf8Bytes(Ordered(assessment), Json));

    private static SignedAnswer[] Ordered(StoredAssessment assessment) => [.. assessment.Answers.OrderBy(answer => answer.Key, StringComparer.Ordinal)
        .Select(answer => new SignedAnswer(answer.Key, answer.Value.Value, answer.Value.NotApplicable, answer.Value.Version, answer.Value.Measured))];

    private static string Digest(byte[] octets) => Convert.ToHexStringLower(SHA256.HashData(octets));

    private sealed record SignedAnswer(string Question, JsonElement? Value, bool NotApplicable, long Version, string? Measured);
}
