using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Duties;
using LivingCity.Dataspace.Ledger;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Transfer;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.Features;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>The consumer's side of the data plane: fetch what may be fetched, take what is sent, and note both in the ledger.</summary>
internal static class Receiving
{
    private const int MaxPushed = 10 * 1024 * 1024;

    public static void MapReceiving(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/transfers/{id}/data", FetchAsync).RequireAuthorization(Access.DataOfficer).WithTags("Transfers").WithSummary("Fetches data from the provider under a started transfer. Path and query go on to its data plane.");
        routes.MapGet("/transfers/{id}/received", ReceivedAsync).RequireAuthorization(Access.DataOfficer).WithTags("Transfers").WithSummary("What the provider has sent: by push, or as a stream.");
        routes.MapPost("/received/{id}", TakeAsync).RequireAuthorization(Access.Public).WithTags("Data plane").WithSummary("Where a provider sends data, with the token of the transfer's request.");
    }

    private static async Task<IResult> FetchAsync(string id, string? path, HttpContext http, Caller caller, Database database, IHttpClientFactory clients, AddressGuard guard, TimeProvider time)
    {
        var stop = http.RequestAborted;
        TransferRow? row;
        await using (var work = await database.BeginAsync(caller.RequiredCity, stop))
        {
            row = await work.FindTransferAsync(id, stop);
        }

        if (row is not { Role: Role.Consumer })
        {
            return Problem.NotFound.Because($"There is no transfer {id} in which this side is the consumer.");
        }

        if (row.State != TransferState.Started || (string?)row.DataAddressJson?["endpoint"] is not { } endpoint || row.EndpointProperty("authorization") is not { } token)
        {
            return Management.NegotiationManagement.WrongState.Because($"The transfer is {row.State}, or has no address to fetch from.");
        }

        if (guard.Check(endpoint) is { } objection)
        {
            return DataEndpoints.NoSource.Because($"The provider's address {objection}.");
        }

        var query = string.Join('&', http.Request.Query.Where(parameter => parameter.Key != "path").SelectMany(parameter => parameter.Value, (parameter, value) => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(value ?? "")}"));
        try
        {
            using var client = clients.CreateClient(OutgoingHttpExtensions.Guarded);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{endpoint}{(path is null ? "" : "/" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString)))}{(query.Length == 0 ? "" : "?" + query)}");
            request.Headers.Authorization = new("Bearer", token);
            using var answer = await client.SendAsync(request, stop);
            var body = await answer.Content.ReadAsByteArrayAsync(stop);
            await using var work = await database.BeginAsync(caller.RequiredCity, stop);
            await work.AppendOneAsync(row.AgreementId, row.Peer, answer.IsSuccessStatusCode ? "used" : "denied", new JsonObject
            {
                ["transfer"] = row.Id, ["dataset"] = row.DatasetId, ["by"] = caller.Name, ["purpose"] = row.Purpose, ["status"] = (int)answer.StatusCode, ["bytes"] = body.Length,
            }.ToJsonString(), answer.IsSuccessStatusCode, time.GetUtcNow(), stop);
            if (answer.IsSuccessStatusCode)
            {
                await work.BeginDeletionAsync(row.AgreementId, time.GetUtcNow(), stop);
            }

            await work.CommitAsync(stop);
            if (answer.Headers.TryGetValues("Attribution", out var attribution))
            {
                http.Response.Headers["Attribution"] = attribution.First();
            }

            http.Response.StatusCode = (int)answer.StatusCode;
            return Results.Bytes(body, answer.Content.Headers.ContentType?.ToString());
        }
        catch (Exception exception) when (exception is HttpRequestException or Polly.ExecutionRejectedException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return DataEndpoints.NoSource.Because(exception.Message);
        }
    }

    private static async Task<IResult> ReceivedAsync(string id, long? after, Caller caller, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        var rows = await work.Connection.QueryAsync<(long Number, DateTime At, string Body)>(new CommandDefinition(
            "SELECT number, at, body FROM received WHERE tenant = @tenant AND transfer_id = @id AND number > @after ORDER BY number LIMIT 100", new { tenant = work.Tenant, id, after = after ?? 0 }, work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Json(rows.Select(row => new { number = row.Number, at = new DateTimeOffset(row.At), body = JsonNode.Parse(row.Body) }));
    }

    private static async Task<IResult> TakeAsync(string id, HttpContext http, Database database, TimeProvider time)
    {
        var stop = http.RequestAborted;
        var token = http.Request.Headers.Authorization.ToString() is { Length: > 7 and < 200 } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..] : "";
        var refusal = DataEndpoints.NoToken.Because("The token does not open this.");
        if (token.Split('.') is not [{ Length: > 0 } tenant, { Length: > 0 }])
        {
            return refusal;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxPushed;
        }

        await using var work = await database.BeginAsync(tenant, stop);
        if (await work.FindTransferAsync(id, stop) is not { Role: Role.Consumer, TokenSha256: { } expected } row || !CryptographicOperations.FixedTimeEquals(expected, TransferSteps.Sha256(token)))
        {
            return refusal;
        }

        if (row.State is not (TransferState.Started or TransferState.Requested))
        {
            return Management.NegotiationManagement.WrongState.Because($"The transfer is {row.State}.");
        }

        JsonNode? body;
        try
        {
            body = await JsonNode.ParseAsync(http.Request.Body, null, new JsonDocumentOptions { MaxDepth = 32 }, stop);
        }
        catch (JsonException exception)
        {
            return new Validation().Rule(false, "body", exception.Message).ToResult();
        }

        var now = time.GetUtcNow();
        await work.Connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO received (tenant, transfer_id, at, body) VALUES (@tenant, @id, @now, @body::jsonb)", new { tenant, id, now = now.UtcDateTime, body = body?.ToJsonString() ?? "null" }, work.Transaction, cancellationToken: stop));
        await work.AppendOneAsync(row.AgreementId, row.Peer, "received", new JsonObject { ["transfer"] = row.Id, ["dataset"] = row.DatasetId, ["purpose"] = row.Purpose }.ToJsonString(), counts: true, now, stop);
        await work.BeginDeletionAsync(row.AgreementId, now, stop);
        await work.CommitAsync(stop);
        return TypedResults.NoContent();
    }
}
