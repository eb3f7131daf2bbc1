using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Processes;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Ledger;

/// <summary>A ledger entry, as it is exported. Hashes are hexadecimal.</summary>
internal sealed record LedgerEntryView(long Number, DateTimeOffset At, string Kind, JsonNode? Body, string Previous, string Hash)
{
    public static LedgerEntryView From(LedgerEntry entry) => new(entry.Number, entry.At, entry.Kind, JsonNode.Parse(entry.Body), Convert.ToHexStringLower(entry.Previous), Convert.ToHexStringLower(entry.Hash));
}

/// <summary>Whether a ledger is whole.</summary>
/// <param name="Whole">True when no entry was changed, taken out or put in.</param>
/// <param name="Entries">How many there are.</param>
/// <param name="Break">Where it breaks, in words.</param>
internal sealed record LedgerCheck(bool Whole, long Entries, string? Break);

/// <summary>What both sides counted.</summary>
/// <param name="Agree">Whether the counts agree.</param>
/// <param name="Ours">Uses by our ledger.</param>
/// <param name="Theirs">Uses by theirs.</param>
/// <param name="Difference">The difference in words, where there is one.</param>
internal sealed record Reconciliation(bool Agree, long Ours, long Theirs, string? Difference);

/// <summary>One use of data, as a citizen sees it.</summary>
internal sealed record CitizenUse(string DatasetId, string Consumer, string? Purpose, DateOnly Day, long Times);

internal static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/agreements/{id}/ledger").RequireAuthorization(Access.DataOfficer).WithTags("Ledger");
        group.MapGet("/", ExportAsync).WithSummary("The ledger of an agreement, entry by entry (after, limit).");
        group.MapGet("/check", CheckAsync).WithSummary("Whether the ledger is whole.");
        group.MapPost("/reconciliation", ReconcileAsync).WithSummary("Compares our ledger with the other side's.");
        routes.MapGet("/usage", CitizenAsync).RequireAuthorization(Access.Public).WithTags("Ledger").WithSummary("Who used which of a city's data, on which day, for which purpose: for everybody to see.");
    }

    /// <summary>For the other side of an agreement: what we counted. An addition to the protocol, under its address, so that peers need no second one.</summary>
    public static void MapPeerLedger(this IEndpointRouteBuilder routes) =>
        routes.MapProtocol("/ledgers", ErrorType.Transfer).MapGet("/{id}", ShowAsync).WithSummary("What this side has counted under an agreement, for the other side of it.");

    private static async Task<IResult> ShowAsync(string id, HttpContext http, Database database)
    {
        var stop = http.RequestAborted;
        var peer = await http.RequirePeerAsync();
        var tenant = await ProcessRows.TenantOfAsync(database, "agreement", id, peer.Id, stop) ?? throw ProtocolException.NotFound("agreement");
        await using var work = await database.BeginAsync(tenant, stop);
        var head = await work.FindHeadAsync(id, stop) ?? new LedgerHead();
        return ProtocolGroup.Message(new JsonObject { ["agreement"] = id, ["uses"] = head.Granted, ["refusals"] = head.Refused, ["entries"] = head.Number, ["hash"] = Convert.ToHexStringLower(head.Hash) });
    }

    private static async Task<Results<Ok<IEnumerable<LedgerEntryView>>, ProblemHttpResult>> ExportAsync(string id, long? after, int? limit, Caller caller, Database database, CancellationToken cancellationToken)
    {
        new Validation().Rule(limit is null or (>= 1 and <= 10_000), "limit", "must be from 1 to 10000").ThrowIfInvalid();
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        return await work.FindAgreementAsync(id, cancellationToken) is null ? Problem.NotFound.Because($"There is no agreement {id}.")
            : TypedResults.Ok((await work.ReadLedgerAsync(id, after ?? 0, limit ?? 100, cancellationToken)).Select(LedgerEntryView.From));
    }

    private static async Task<Results<Ok<LedgerCheck>, ProblemHttpResult>> CheckAsync(string id, Caller caller, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        if (await work.FindAgreementAsync(id, cancellationToken) is null)
        {
            return Problem.NotFound.Because($"There is no agreement {id}.");
        }

        var head = await work.FindHeadAsync(id, cancellationToken) ?? new LedgerHead();
        var at = LedgerChain.Break(id, await work.ReadLedgerAsync(id, 0, int.MaxValue, cancellationToken), head.Number, head.Hash);
        return TypedResults.Ok(new LedgerCheck(at is null, head.Number, at));
    }

    private static async Task<Results<Ok<Reconciliation>, ProblemHttpResult>> ReconcileAsync(string id, Caller caller, Database database, PeerClient peers, CancellationToken cancellationToken)
    {
        AgreementRow? agreement;
        LedgerHead head;
        string? address;
        await using (var work = await database.BeginAsync(caller.RequiredCity, cancellationToken))
        {
            agreement = await work.FindAgreementAsync(id, cancellationToken);
            head = await work.FindHeadAsync(id, cancellationToken) ?? new LedgerHead();
            address = await work.AddressOfPeerAsync(agreement, cancellationToken);
        }

        if (agreement is null || address is null)
        {
            return Problem.NotFound.Because($"There is no agreement {id}.");
        }

        var answer = await peers.GetAsync(agreement.Peer, address, $"/ledgers/{Uri.EscapeDataString(id)}", cancellationToken);
        if (answer is not { IsDone: true, Body: { } body } || (long?)body["uses"] is not { } theirs)
        {
            return DataPlane.DataEndpoints.NoSource.Because($"The other side does not show its ledger: {answer.Reason}");
        }

        var more = agreement.Role == Role.Provider ? "granted" : "used";
        return TypedResults.Ok(new Reconciliation(theirs == head.Granted, head.Granted, theirs, theirs == head.Granted ? null : $"We {more} {head.Granted} times, the other side counts {theirs}: {Math.Abs(theirs - head.Granted)} {(theirs > head.Granted ? "are missing here" : "are missing there")}."));
    }

    private static async Task<Ok<IEnumerable<CitizenUse>>> CitizenAsync(string city, Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        new Validation().Rule(city.Length is > 0 and <= 63 && city.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-'), "city", "must be a city's short name").ThrowIfInvalid();
        await using var work = await database.BeginAsync(city, cancellationToken);
        var rows = await work.Connection.QueryAsync<(string Dataset, string Consumer, string? Purpose, DateTime Day, long Times)>(new CommandDefinition("""
            SELECT body::jsonb ->> 'dataset', body::jsonb ->> 'consumer', body::jsonb ->> 'purpose', (at AT TIME ZONE 'UTC')::date::timestamp, count(*)
            FROM ledger_entry WHERE tenant = @city AND kind = 'granted' AND at > @since GROUP BY 1, 2, 3, 4 ORDER BY 4 DESC, 5 DESC LIMIT 1000
            """, new { city, since = time.GetUtcNow().UtcDateTime.AddDays(-90) }, work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Ok(rows.Select(row => new CitizenUse(row.Dataset, row.Consumer, row.Purpose, DateOnly.FromDateTime(row.Day), row.Times)));
    }
}
