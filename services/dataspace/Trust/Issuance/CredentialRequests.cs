using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.Options;

namespace LivingCity.Dataspace.Trust.Issuance;

/// <summary>A request for credentials, on the side of who asks.</summary>
internal sealed record CredentialRequest
{
    public required string HolderPid { get; init; }

    public required string Issuer { get; init; }

    public required string[] Types { get; init; }

    public required string Status { get; init; }

    public string? Reason { get; init; }

    public DateTime RequestedAt { get; init; }

    public DateTime? DecidedAt { get; init; }
}

/// <summary>Asks issuers for credentials about this participant, and takes what they deliver.</summary>
internal sealed class CredentialRequests(Database database, DidResolver dids, TrustClient client, IdTokens tokens, HeldCredentials held, IOptions<TrustSettings> settings, TimeProvider time)
{
    private const string Columns = "holder_pid, issuer, types, status, reason, requested_at, decided_at";

    /// <summary>Asks an issuer for credentials of these types.</summary>
    /// <exception cref="TrustException">It is not trusted for them, does not issue them, or does not take the request.</exception>
    public async Task<CredentialRequest> AskAsync(string issuer, IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        if (types.FirstOrDefault(type => !IsTrusted(issuer, type)) is { } strange)
        {
            throw new TrustException($"{issuer} is not trusted for {strange}.");
        }

        var (service, listed) = await ListedAsync(issuer, cancellationToken);
        return await AskAsync(service, issuer, types, [.. types.Select(type => listed.FirstOrDefault(one => one.Value == type).Key ?? throw new TrustException($"{issuer} does not issue {type}."))], cancellationToken);
    }

    /// <summary>Asks for what an issuer offers by its own ids.</summary>
    /// <exception cref="ProtocolException">It lists none by one of them (400).</exception>
    /// <exception cref="TrustException">It is not trusted for them, or does not take the request.</exception>
    public async Task<CredentialRequest> AskOfferedAsync(string issuer, string[] ids, CancellationToken cancellationToken)
    {
        var (service, listed) = await ListedAsync(issuer, cancellationToken);
        var types = ids.Select(id => listed.GetValueOrDefault(id) ?? throw ProtocolException.Invalid($"The issuer lists no credential {id}.")).ToArray();
        return types.FirstOrDefault(type => !IsTrusted(issuer, type)) is { } strange ? throw new TrustException($"{issuer} is not trusted for {strange}.")
            : await AskAsync(service, issuer, types, ids, cancellationToken);
    }

    private async Task<CredentialRequest> AskAsync(string service, string issuer, IReadOnlyList<string> types, string[] ids, CancellationToken cancellationToken)
    {
        var request = new CredentialRequest { HolderPid = Dsp.NewId(), Issuer = issuer, Types = [.. types], Status = "REQUESTED", RequestedAt = time.GetUtcNow().UtcDateTime };

        // First noted, then said: what is delivered at once finds the request.
        await using (var work = await database.BeginAsync(null, cancellationToken))
        {
            await work.Connection.ExecuteAsync(new CommandDefinition(
                "INSERT INTO credential_request (holder_pid, issuer, types, status, requested_at) VALUES (@HolderPid, @Issuer, @Types, @Status, @RequestedAt)", request, work.Transaction, cancellationToken: cancellationToken));
            await work.CommitAsync(cancellationToken);
        }

        try
        {
            var message = Dcp.Message("CredentialRequestMessage", ("holderPid", request.HolderPid), ("credentials", new JsonArray([.. ids.Select(id => (JsonNode)new JsonObject { ["id"] = id })])));
            await client.PostAsync($"{service}/credentials", "issuer", tokens.Make(issuer, tokens.GrantWriting(issuer)), message.ToJsonString(), cancellationToken);
            return request;
        }
        catch (TrustException refused)
        {
            await DecideAsync(request.HolderPid, issuer, Dcp.Rejected, null, refused.Message, cancellationToken);
            throw;
        }
    }

    public async Task<IReadOnlyList<CredentialRequest>> AllAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return (await work.Connection.QueryAsync<CredentialRequest>(new CommandDefinition($"SELECT {Columns} FROM credential_request ORDER BY requested_at DESC LIMIT 100", transaction: work.Transaction, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Takes what an issuer delivers, or its refusal. It must answer an open request to this issuer, with credentials of its own of the types that were asked for: all of them, or none is kept.</summary>
    /// <exception cref="ProtocolException">It does not (404, 400).</exception>
    /// <exception cref="TrustException">A credential is not as it must be.</exception>
    public async Task TakeAsync(string issuer, JsonObject message, CancellationToken cancellationToken)
    {
        var (issuerPid, holderPid) = (Dcp.Text(message, "issuerPid"), Dcp.Text(message, "holderPid"));
        var request = await FindOpenAsync(issuer, holderPid, cancellationToken) ?? throw ProtocolException.NotFound("open request");
        if (MessageCheck.Text(message, "status") == Dcp.Rejected)
        {
            await DecideAsync(holderPid, issuer, Dcp.Rejected, issuerPid, MessageCheck.Text(message, "rejectionReason") ?? "The issuer refused.", cancellationToken);
            return;
        }

        if (MessageCheck.Text(message, "status") != Dcp.Issued || message["credentials"] is not JsonArray { Count: > 0 and <= 20 } containers)
        {
            throw ProtocolException.Invalid("A CredentialMessage must be ISSUED with credentials, or REJECTED.");
        }

        var jwts = containers.OfType<JsonObject>().Where(container => MessageCheck.Text(container, "format") is Dcp.Profile or "jwt").Select(container => MessageCheck.Text(container, "payload")).OfType<string>().ToArray();
        var found = new List<Credential>();
        foreach (var jwt in jwts)
        {
            found.Add(await held.ReadAsync(jwt, cancellationToken));
        }

        if (found.Count != containers.Count || found.Any(credential => credential.Issuer != issuer) || !found.Select(credential => credential.Type).Order().SequenceEqual(request.Types.Order()))
        {
            throw ProtocolException.Invalid($"These are not the credentials that were asked for: {string.Join(", ", request.Types)}, each once, as {Dcp.Profile}.");
        }

        foreach (var credential in found)
        {
            await held.KeepAsync(credential, cancellationToken);
        }

        await DecideAsync(holderPid, issuer, Dcp.Issued, issuerPid, null, cancellationToken);
    }

    private bool IsTrusted(string issuer, string type) => settings.Value.Issuers.Any(candidate => candidate.Id == issuer && candidate.Types.Contains(type));

    /// <summary>Where an issuer takes requests, and the types that it lists, by their ids.</summary>
    private async Task<(string Service, IReadOnlyDictionary<string, string> Types)> ListedAsync(string issuer, CancellationToken cancellationToken)
    {
        var service = (await dids.ResolveAsync(issuer, cancellationToken)).Service("IssuerService")?.TrimEnd('/') ?? throw new TrustException("The issuer's DID document names no issuer service.");
        if (JsonNode.Parse(await client.GetAsync($"{service}/metadata", "issuer's metadata", cancellationToken), null, TrustClient.Json) is not JsonObject metadata || MessageCheck.Text(metadata, "issuer") != issuer)
        {
            throw new TrustException("The issuer's metadata are another's.");
        }

        return (service, ((metadata["credentialsSupported"] as JsonArray)?.OfType<JsonObject>() ?? []).Select(one => (Id: MessageCheck.Text(one, "id"), Type: MessageCheck.Text(one, "credentialType")))
            .Where(one => one.Id is not null && one.Type is not null).DistinctBy(one => one.Id).ToDictionary(one => one.Id!, one => one.Type!));
    }

    private async Task<CredentialRequest?> FindOpenAsync(string issuer, string holderPid, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return await work.Connection.QuerySingleOrDefaultAsync<CredentialRequest>(new CommandDefinition(
            $"SELECT {Columns} FROM credential_request WHERE holder_pid = @holderPid AND issuer = @issuer AND status = 'REQUESTED'", new { holderPid, issuer }, work.Transaction, cancellationToken: cancellationToken));
    }

    private async Task DecideAsync(string holderPid, string issuer, string status, string? issuerPid, string? reason, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await work.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE credential_request SET status = @status, issuer_pid = @issuerPid, reason = @reason, decided_at = @now WHERE holder_pid = @holderPid AND issuer = @issuer AND status = 'REQUESTED'",
            new { holderPid, issuer, status, issuerPid, reason, now = time.GetUtcNow().UtcDateTime }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
    }
}
