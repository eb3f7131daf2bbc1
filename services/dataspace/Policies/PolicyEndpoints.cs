using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.DataPlane;
using LivingCity.Dataspace.Management;
using LivingCity.Dataspace.Trust;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Policies;

/// <summary>Sentences to turn into a policy.</summary>
internal sealed record PolicyText(IReadOnlyList<string> Sentences, string Language = "en");

/// <summary>A policy to put into sentences.</summary>
internal sealed record PolicyToExplain(JsonObject Policy, string Language = "en");

/// <summary>A policy in sentences.</summary>
/// <param name="Sentences">Null when the policy says more than the editor's sentences can.</param>
internal sealed record PolicyExplained(IReadOnlyList<Sentence>? Sentences, JsonObject Policy);

/// <summary>An offer in sentences; null where they would not say all of it.</summary>
internal sealed record OfferTerms(string Id, IReadOnlyList<Sentence>? Sentences);

/// <summary>Somebody who might use the data.</summary>
/// <param name="Name">Who, for the answer.</param>
/// <param name="Purpose">For what.</param>
/// <param name="Used">How often before.</param>
/// <param name="Claims">What its credentials say, by type (<c>active</c>) or <c>Type:name</c>.</param>
internal sealed record Candidate(string Name, string? Purpose = null, long Used = 0, IReadOnlyDictionary<string, string>? Claims = null);

/// <summary>A policy to try out.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Candidates">Who might come.</param>
/// <param name="AgreementId">An agreement whose past uses are asked again, against this policy.</param>
/// <param name="At">When; now without a word.</param>
internal sealed record DryRun(JsonObject Policy, IReadOnlyList<Candidate>? Candidates = null, string? AgreementId = null, DateTimeOffset? At = null);

internal sealed record Verdict(string Name, bool Permitted, IReadOnlyList<Reason> Reasons);

internal sealed record Replay(long Uses, long StillPermitted, IReadOnlyDictionary<string, long> RefusedBecause);

internal sealed record DryRunResult(IReadOnlyList<Verdict> Candidates, Replay? Replay);

/// <summary>Policies for people: sentences and ODRL, both ways, and a trial before anything is published.</summary>
internal static class PolicyEndpoints
{
    private const int MaxReplayed = 100_000;

    public static void MapPolicies(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/policies").WithTags("Policies");
        group.MapPost("/sentences", Explain).RequireAuthorization(Access.Public).WithSummary("A policy in plain sentences, each with what can be relied on.");
        group.MapPost("/odrl", Compose).RequireAuthorization(Access.Public).WithSummary("The policy that plain sentences say.");
        routes.MapGet("/datasets/{id}/terms", TermsAsync).RequireAuthorization(Access.Public).WithTags("Policies").WithSummary("A dataset's offers in plain sentences.");
        group.MapPost("/dry-run", TryAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Who could use data under a policy, and why not; and what of an agreement's past would not have been permitted.");
    }

    private static async Task<Results<Ok<IEnumerable<OfferTerms>>, ProblemHttpResult>> TermsAsync(string id, string? language, Database database, CancellationToken cancellationToken)
    {
        RequireLanguage(language ?? "en");
        await using var work = await database.BeginAsync(null, cancellationToken);
        return await work.FindDatasetAsync(id, cancellationToken) is null ? Problem.NotFound.Because($"There is no dataset {id}.")
            : TypedResults.Ok((await work.OffersOfAsync([id], cancellationToken)).Select(offer => new OfferTerms(offer.Id, PolicySentences.Write(PolicyJson.Read(offer.Policy), language ?? "en"))));
    }

    private static Ok<PolicyExplained> Explain(PolicyToExplain input)
    {
        RequireLanguage(input.Language);
        var understood = NegotiationManagement.Understood(input.Policy);
        return TypedResults.Ok(new PolicyExplained(PolicySentences.Write(PolicyJson.Read(understood), input.Language), understood));
    }

    private static Ok<PolicyExplained> Compose(PolicyText input)
    {
        RequireLanguage(input.Language);
        try
        {
            var policy = PolicyJson.Write(PolicySentences.Read(input.Sentences, input.Language));
            return TypedResults.Ok(new PolicyExplained(PolicySentences.Write(PolicyJson.Read(NegotiationManagement.Understood(policy)), input.Language), policy));
        }
        catch (FormatException exception)
        {
            throw new Validation().Rule(false, "sentences", exception.Message).ToException();
        }
    }

    private static async Task<Results<Ok<DryRunResult>, ProblemHttpResult>> TryAsync(DryRun input, Caller caller, Database database, Areas areas, ShownCredentials shown, TimeProvider time, CancellationToken cancellationToken)
    {
        var policy = PolicyJson.Read(NegotiationManagement.Understood(input.Policy));
        var facts = new Facts { Stage = Stage.Request, Now = input.At ?? time.GetUtcNow(), Areas = (await areas.AllAsync(cancellationToken)).Keys.ToHashSet() };
        var verdicts = (input.Candidates ?? []).Select(candidate =>
        {
            var decision = PolicyEvaluator.Evaluate(policy, facts with { Purpose = candidate.Purpose is null ? null : Iri.Value(candidate.Purpose), Used = candidate.Used, Claims = new Claims((candidate.Claims ?? new Dictionary<string, string>()).Select(claim => (claim.Key, claim.Value))) });
            return new Verdict(candidate.Name, decision.Permitted, decision.Reasons);
        }).ToArray();
        return TypedResults.Ok(new DryRunResult(verdicts, input.AgreementId is { } agreement ? await ReplayAsync(policy, facts, agreement, caller.RequiredCity, database, shown, cancellationToken) : null));
    }

    /// <summary>Asks each use that was granted again, at its own time and with the counts that this policy would have led to; of credentials counts what they say today.</summary>
    private static async Task<Replay> ReplayAsync(Policy policy, Facts facts, string agreement, string city, Database database, ShownCredentials shown, CancellationToken cancellationToken)
    {
        if (PolicyTerms.AsksForClaims(policy))
        {
            await using var reading = await database.BeginAsync(city, cancellationToken);
            var peer = (await reading.FindAgreementAsync(agreement, cancellationToken))?.Peer;
            await reading.DisposeAsync();
            facts = facts with { Claims = peer is null ? Claims.None : await shown.ClaimsOfAsync(peer, cancellationToken) };
        }

        await using var work = await database.BeginAsync(city, cancellationToken);
        var uses = await work.Connection.QueryAsync<(DateTime At, string Body)>(new CommandDefinition(
            "SELECT at, body FROM ledger_entry WHERE tenant = @city AND agreement_id = @agreement AND kind = 'granted' ORDER BY number LIMIT @MaxReplayed", new { city, agreement, MaxReplayed }, work.Transaction, cancellationToken: cancellationToken));
        var (total, permitted) = (0L, 0L);
        var minutes = new Dictionary<long, long>();
        var refused = new Dictionary<string, long>();
        foreach (var (at, body) in uses)
        {
            total++;
            var minute = at.Ticks / TimeSpan.TicksPerMinute;
            var decision = PolicyEvaluator.Evaluate(policy, facts with { Now = at, Purpose = (string?)JsonNode.Parse(body)!["purpose"], Used = permitted, UsedInLastMinute = minutes.GetValueOrDefault(minute) });
            if (decision.Permitted)
            {
                permitted++;
                minutes[minute] = minutes.GetValueOrDefault(minute) + 1;
            }
            else
            {
                var code = decision.Reasons[0].Code;
                refused[code] = refused.GetValueOrDefault(code) + 1;
            }
        }

        return new Replay(total, permitted, refused);
    }

    private static void RequireLanguage(string language) =>
        new Validation().Rule(Wording.Languages.Contains(language), "language", $"must be one of {string.Join(", ", Wording.Languages)}").ThrowIfInvalid();
}
