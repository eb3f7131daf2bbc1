using System.Text.Json.Nodes;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Trust.Issuance;

/// <summary>Credentials to ask for.</summary>
/// <param name="Issuer">The issuer's DID.</param>
/// <param name="Types">The types of credential.</param>
internal sealed record CredentialsWanted(string Issuer, IReadOnlyList<string> Types);

/// <summary>What to say of a holder, by type of credential.</summary>
internal sealed record Attestation(IReadOnlyDictionary<string, JsonObject>? Claims = null);

/// <summary>Why credentials are not issued.</summary>
internal sealed record Refusal(string Reason);

/// <summary>A request for credentials, as this participant's people see it.</summary>
internal sealed record IssuanceView(string Id, string Holder, IReadOnlyList<string> Types, string Status, string? Reason, DateTimeOffset RequestedAt, bool IsDelivered, DateTimeOffset? RevokedAt)
{
    public static IssuanceView From(Issuance row) => new(row.IssuerPid, row.Holder, row.Types, row.Status, row.Reason, row.RequestedAt, row is { Status: not Dcp.Received, Message: null }, row.RevokedAt);
}

/// <summary>What this participant's administrators do with credentials: ask for them, and decide about those that others ask for.</summary>
internal static class IssuanceManagement
{
    public static void MapIssuanceManagement(this IEndpointRouteBuilder trust)
    {
        trust.MapPost("/requests", AskAsync).RequireAuthorization(Access.CityAdmin).WithSummary("Asks an issuer for credentials about this participant.");
        trust.MapGet("/requests", async (CredentialRequests requests, CancellationToken stop) => TypedResults.Ok(await requests.AllAsync(stop))).RequireAuthorization(Access.DataOfficer).WithSummary("What issuers were asked for, and what became of it.");
        trust.MapGet("/issuances", async (Issuer issuer, CancellationToken stop) => TypedResults.Ok((await issuer.AllAsync(stop)).Select(IssuanceView.From))).RequireAuthorization(Access.CityAdmin).WithSummary("The credentials that others have asked this participant for.");
        trust.MapPost("/issuances/{id}/approval", (string id, Attestation attestation, Issuer issuer, CancellationToken stop) => DecideAsync(id, issuer, attestation.Claims, null, stop)).RequireAuthorization(Access.CityAdmin).WithSummary("Issues what was asked for, with these claims.");
        trust.MapPost("/issuances/{id}/refusal", (string id, Refusal refusal, Issuer issuer, CancellationToken stop) => DecideAsync(id, issuer, null, refusal.Reason, stop)).RequireAuthorization(Access.CityAdmin).WithSummary("Refuses to issue what was asked for.");
        trust.MapPost("/issuances/{id}/revocation", RevokeAsync).RequireAuthorization(Access.CityAdmin).WithSummary("Takes back the credentials that were issued on a request.");
    }

    private static async Task<Results<Ok<CredentialRequest>, ProblemHttpResult>> AskAsync(CredentialsWanted wanted, CredentialRequests requests, CancellationToken cancellationToken)
    {
        var validation = new Validation().Rule(Did.IsWeb(wanted.Issuer), "issuer", "must be a did:web").Rule(wanted.Types.Count is > 0 and <= 20 && wanted.Types.Distinct().Count() == wanted.Types.Count, "types", "must name one to twenty types, each once");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        try
        {
            return TypedResults.Ok(await requests.AskAsync(wanted.Issuer, wanted.Types, cancellationToken));
        }
        catch (TrustException refused)
        {
            return new Validation().Rule(false, "issuer", refused.Message).ToResult();
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DecideAsync(string id, Issuer issuer, IReadOnlyDictionary<string, JsonObject>? claims, string? reason, CancellationToken cancellationToken)
    {
        var asked = (await issuer.FindAsync(id, cancellationToken))?.Types ?? [];
        if (asked.Length > 0 && claims?.Keys.FirstOrDefault(type => !asked.Contains(type)) is { } other)
        {
            return new Validation().Rule(false, "claims", $"{other} was not asked for").ToResult();
        }

        return await issuer.DecideAsync(id, claims, reason, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound.Because($"There is no undecided request {id}.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(string id, Issuer issuer, CancellationToken cancellationToken) =>
        await issuer.RevokeAsync(id, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound.Because($"Nothing that is in force was issued on request {id}.");
}
