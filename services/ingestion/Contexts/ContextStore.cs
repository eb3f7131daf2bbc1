using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Ingestion.Contexts;

/// <summary>
/// Gives contexts by address or as they stand in a body. The core context is built in; others come from memory, the map of files, the contexts hosted here, the database's copies,
/// and last from the network, once, through the address guard. Thread-safe.
/// </summary>
internal sealed class ContextStore(Database database, IHttpClientFactory clients, AddressGuard guard, IConfiguration configuration, TimeProvider time)
{
    public const string HostedPath = "/ngsi-ld/v1/jsonldContexts/";

    private const int MostKept = 2000;
    private const int MostCharacters = 1_000_000;

    /// <summary>How long other replicas may go on with a context that was deleted or loaded anew.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Tenant, string Key), (LdContext Context, DateTimeOffset Until)> contexts = new();
    private readonly Dictionary<string, string> files = configuration.GetSection("Contexts:Map").GetChildren()
        .Select(entry => entry.GetChildren().Any() ? (Address: entry["Url"], File: entry["File"]) : (Address: entry.Key, File: entry.Value))
        .Where(entry => entry is { Address: not null, File: not null }).ToDictionary(entry => entry.Address!, entry => entry.File!);

    private readonly ConcurrentDictionary<(string Tenant, string Address), (long Count, DateTimeOffset Last)> uses = new();

    /// <summary>The context at an address.</summary>
    public ValueTask<LdContext> ResolveAsync(string tenant, string address, CancellationToken cancellationToken)
    {
        if (ContextReader.IsCore(address))
        {
            return ValueTask.FromResult(LdContext.Core);
        }

        return ResolveAsync(tenant, JsonSerializer.SerializeToElement(address), cancellationToken);
    }

    /// <summary>The context that stands in a body.</summary>
    /// <exception cref="NgsiLdException">Malformed (BadRequestData), or a part cannot be had (LdContextNotAvailable).</exception>
    public ValueTask<LdContext> ResolveAsync(string tenant, JsonElement member, CancellationToken cancellationToken)
    {
        var key = (tenant, member.GetRawText());
        Count(tenant, member);
        return contexts.TryGetValue(key, out var kept) && kept.Until > time.GetUtcNow() ? ValueTask.FromResult(kept.Context) : ReadAsync(key, member, cancellationToken);
    }

    /// <summary>The address by which an answer can name a context. One that was given inline is kept here for that (clause 5.13, implicitly created).</summary>
    public async ValueTask<string> AddressOfAsync(NgsiLdRequest request, LdContext context)
    {
        if (context.IsCore || context.Address is not null)
        {
            return context.Address ?? LdContext.CoreAddress;
        }

        var body = context.ToMember().ToJsonString();
        var id = IdOf(body);
        var address = request.BaseAddress + HostedPath + id;
        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        await InsertAsync(work, id, "ImplicitlyCreated", address, $"{{\"@context\":{body}}}", request.Aborted);
        await work.CommitAsync(request.Aborted);
        return address;
    }

    /// <summary>Forgets what is in memory about a tenant's contexts.</summary>
    public void Forget(string tenant)
    {
        foreach (var key in contexts.Keys.Where(key => key.Tenant == tenant))
        {
            contexts.TryRemove(key, out _);
        }
    }

    /// <summary>Adds to the database how often contexts were used since this process last told.</summary>
    public async Task FlushUsesAsync(Work work, CancellationToken cancellationToken)
    {
        foreach (var key in uses.Keys.Where(key => key.Tenant == work.Tenant).ToArray())
        {
            if (uses.TryRemove(key, out var use))
            {
                await using var command = work.Command("UPDATE jsonld_context SET hits = hits + $3, last_used_at = $4 WHERE tenant = $1 AND url = $2", key.Tenant, key.Address, use.Count, use.Last);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    public async Task InsertAsync(Work work, string id, string kind, string address, string body, CancellationToken cancellationToken)
    {
        await using var command = work.Command(
            "INSERT INTO jsonld_context (tenant, id, kind, url, body, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING", work.Tenant, id, kind, address, Sql.Json(body), time.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Fetches the document at an address, checks it, and returns it as a text with nothing but its <c>@context</c>.</summary>
    /// <exception cref="NgsiLdException">It cannot be had, or is no context (LdContextNotAvailable).</exception>
    public async Task<string> FetchAsync(string address, CancellationToken cancellationToken)
    {
        if (guard.Check(address) is { } reason)
        {
            throw NgsiLdException.LdContextNotAvailable($"The context {address} {reason}.");
        }

        try
        {
            using var client = clients.CreateClient(OutgoingHttpExtensions.Guarded);
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept", "application/ld+json, application/json;q=0.9" } } };
            using var response = await client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            return Read(await response.Content.ReadAsByteArrayAsync(cancellationToken), address);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or Polly.ExecutionRejectedException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw NgsiLdException.LdContextNotAvailable($"The context {address} cannot be fetched.");
        }
    }

    private void Count(string tenant, JsonElement member)
    {
        var now = time.GetUtcNow();
        foreach (var source in member.ValueKind == JsonValueKind.Array ? member.EnumerateArray().AsEnumerable() : [member])
        {
            if (source.ValueKind == JsonValueKind.String && uses.Count < MostKept)
            {
                uses.AddOrUpdate((tenant, source.GetString()!), (1, now), (_, use) => (use.Count + 1, now));
            }
        }
    }

    private async ValueTask<LdContext> ReadAsync((string Tenant, string Key) key, JsonElement member, CancellationToken cancellationToken)
    {
        var context = await new ContextReader((address, stop) => LoadAsync(key.Tenant, address, stop)).ReadAsync(member, cancellationToken);
        if (contexts.Count >= MostKept)
        {
            contexts.Clear();
        }

        contexts[key] = (context, time.GetUtcNow() + Freshness);
        return context;
    }

    private async ValueTask<JsonElement> LoadAsync(string tenant, string address, CancellationToken cancellationToken)
    {
        if (files.TryGetValue(address, out var file))
        {
            return Inner(Read(await File.ReadAllBytesAsync(file, cancellationToken), address));
        }

        await using (var work = await database.BeginAsync(tenant, cancellationToken))
        {
            var hosted = address.IndexOf(HostedPath, StringComparison.Ordinal) is var at and > 0 ? address[(at + HostedPath.Length)..] : null;
            await using var command = work.Command("SELECT body::text FROM jsonld_context WHERE tenant = $1 AND (url = $2 OR (id = $3 AND kind <> 'Cached'))", tenant, address, hosted ?? "");
            if (await command.ExecuteScalarAsync(cancellationToken) is string body)
            {
                return Inner(body);
            }
        }

        var fetched = await FetchAsync(address, cancellationToken);
        await using (var work = await database.BeginAsync(tenant, cancellationToken))
        {
            await InsertAsync(work, IdOf(address), "Cached", address, fetched, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        return Inner(fetched);
    }

    /// <summary>The same for the same text, so that replicas do not keep a thing twice.</summary>
    private static string IdOf(string text) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)).ToString();

    private static JsonElement Inner(string document) => JsonElement.Parse(document).GetProperty("@context");

    private static string Read(byte[] document, string address)
    {
        try
        {
            var json = JsonBody.Parse(document);
            return document.Length <= MostCharacters && json.ValueKind == JsonValueKind.Object && json.TryGetProperty("@context", out var context)
                ? $"{{\"@context\":{context.GetRawText()}}}"
                : throw NgsiLdException.LdContextNotAvailable($"What is at {address} is no JSON-LD context.");
        }
        catch (NgsiLdException wrong) when (wrong.Details.Status == StatusCodes.Status400BadRequest)
        {
            throw NgsiLdException.LdContextNotAvailable($"What is at {address} is not JSON.");
        }
    }
}
