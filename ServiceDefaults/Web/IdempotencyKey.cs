using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.ServiceDefaults.Web;

/// <summary>
/// The key of a request that must not take effect twice (draft-ietf-httpapi-idempotency-key-header). Its first answer is kept in the transaction of the
/// effect, for two days, and given again to a repeat. Errors are not kept: nothing happened, so the key is free.
/// </summary>
internal sealed class IdempotencyKey
{
    private const string Header = "Idempotency-Key";
    private static readonly string[] KeptHeaders = ["Content-Type", "Location", "ETag"];

    private readonly string tenant;
    private readonly string caller;
    private readonly string key;
    private readonly byte[] fingerprint;

    private IdempotencyKey(string tenant, string caller, string key, byte[] fingerprint) => (this.tenant, this.caller, this.key, this.fingerprint) = (tenant, caller, key, fingerprint);

    /// <exception cref="ProblemException">The key is too long.</exception>
    public static async Task<IdempotencyKey?> ReadAsync(HttpContext context, Caller caller)
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length == 0)
        {
            return null;
        }

        new Validation().Rule(key.Length <= 200, Header, "must not be longer than 200 characters").ThrowIfInvalid();
        return new IdempotencyKey(caller.City ?? "", $"{caller.Client} {caller.Subject}", key, await FingerprintAsync(context));
    }

    /// <summary>Claims the key; a concurrent request with the same key waits here until the first one commits or rolls back.</summary>
    /// <returns>The first answer when there was one.</returns>
    public async Task<IResult?> ClaimAsync(Work work, HttpContext context)
    {
        await using var claim = work.Command(
            "INSERT INTO idempotency_key (tenant, caller, key, request_sha256, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            tenant, caller, key, fingerprint, context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        if (await claim.ExecuteNonQueryAsync(context.RequestAborted) == 1)
        {
            return null;
        }

        await using var read = work.Command("SELECT request_sha256, status, headers, body FROM idempotency_key WHERE tenant = $1 AND caller = $2 AND key = $3", tenant, caller, key);
        await using var row = await read.ExecuteReaderAsync(context.RequestAborted);
        await row.ReadAsync(context.RequestAborted);
        return row.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(fingerprint)
            ? new FirstAnswer(row.GetInt32(1), JsonSerializer.Deserialize<Dictionary<string, string?[]>>(row.GetString(2))!, row.GetFieldValue<byte[]>(3))
            : Problem.KeyReused.Because("Use a new key for a new request.");
    }

    public async Task KeepAsync(Work work, HttpResponse response, byte[] body, CancellationToken cancellationToken)
    {
        var headers = KeptHeaders.Where(response.Headers.ContainsKey).ToDictionary(name => name, name => response.Headers[name].ToArray());
        await using var keep = work.Command(
            "UPDATE idempotency_key SET status = $4, headers = $5::text::jsonb, body = $6 WHERE tenant = $1 AND caller = $2 AND key = $3",
            tenant, caller, key, response.StatusCode, JsonSerializer.Serialize(headers), body);
        await keep.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<byte[]> FingerprintAsync(HttpContext context)
    {
        var request = context.Request;
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(await SHA256.HashDataAsync(request.Body, context.RequestAborted));
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private sealed record FirstAnswer(int Status, Dictionary<string, string?[]> Headers, byte[] Body) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = Status;
            foreach (var (name, values) in Headers)
            {
                httpContext.Response.Headers[name] = values;
            }

            await httpContext.Response.Body.WriteAsync(Body, httpContext.RequestAborted);
        }
    }
}
