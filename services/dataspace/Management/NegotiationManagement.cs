using System.Text.Json.Nodes;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Policies;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Management;

/// <summary>Other terms than those on the table.</summary>
internal sealed record CounterOffer(JsonObject Policy);

/// <summary>Negotiations for the city's data officer: begin, watch, approve, answer, refuse.</summary>
internal static class NegotiationManagement
{
    /// <summary>The negotiation is not at a point at which this can be done.</summary>
    public static readonly Problem WrongState = new("wrong-state", StatusCodes.Status409Conflict, "This is not possible in the present state.");

    public static void MapNegotiationManagement(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/negotiations").RequireAuthorization(Access.DataOfficer).WithTags("Negotiations");
        group.MapPost("/", BeginAsync).WithSummary("Begins a negotiation as a consumer.");
        group.MapGet("/", ListAsync).WithSummary("The city's negotiations, the newest first.");
        group.MapGet("/{id}", GetAsync).WithSummary("One negotiation.");
        group.MapPost("/{id}/approval", (string id, Work work, NegotiationSteps steps, TimeProvider time, CancellationToken stop) => DecideAsync(id, work, time, row => Approve(row, steps), stop))
            .Transactional().WithSummary("Agrees to the terms on the table: as provider to a request, as consumer to an offer.");
        group.MapPost("/{id}/counter-offer", (string id, CounterOffer offer, Work work, NegotiationSteps steps, TimeProvider time, CancellationToken stop) => DecideAsync(id, work, time, row => Counter(row, offer, steps), stop))
            .Transactional().WithSummary("Puts other terms on the table.");
        group.MapPost("/{id}/refusal", (string id, Because? because, Work work, TimeProvider time, CancellationToken stop) =>
                DecideAsync(id, work, time, row => NegotiationState.IsFinal(row.State) ? null : NegotiationSteps.Terminate(row, because?.Reason ?? "A person of the other side refused."), stop))
            .Transactional().WithSummary("Ends the negotiation.");
    }

    private static async Task<Created<NegotiationView>> BeginAsync(NegotiationRequest request, Caller caller, NegotiationStart start, CancellationToken cancellationToken)
    {
        var row = await start.BeginAsync(caller.RequiredCity, request, cancellationToken);
        return TypedResults.Created($"/api/dataspace/v1/negotiations/{row.Id}", NegotiationView.From(row));
    }

    private static Task<Ok<IEnumerable<NegotiationView>>> ListAsync(HttpContext http, Caller caller, Database database, int? limit, string? cursor, string? state, CancellationToken cancellationToken) =>
        Listing.PageAsync(http, caller, database, limit, cursor, (work, count, after) => work.ListNegotiationsAsync(count, after, state, cancellationToken), row => row.Id, NegotiationView.From);

    private static Task<Results<Ok<NegotiationView>, ProblemHttpResult>> GetAsync(string id, Caller caller, Database database, CancellationToken cancellationToken) =>
        Listing.OneAsync("negotiation", id, caller, database, work => work.FindNegotiationAsync(id, cancellationToken), NegotiationView.From, cancellationToken);

    private static async Task<Results<Ok<NegotiationView>, ProblemHttpResult>> DecideAsync(
        string id, Work work, TimeProvider time, Func<NegotiationRow, NegotiationRow?> decide, CancellationToken cancellationToken)
    {
        if (await work.LockNegotiationAsync(id, cancellationToken) is not { } row)
        {
            return Problem.NotFound.Because($"There is no negotiation {id}.");
        }

        if (decide(row) is not { } decided)
        {
            return WrongState.Because($"The negotiation is {row.State}.");
        }

        var now = time.GetUtcNow();
        decided = decided with { ChangedAt = now.UtcDateTime };
        work.Save(decided);
        work.Advanced(decided, now);
        return TypedResults.Ok(NegotiationView.From(decided));
    }

    private static NegotiationRow? Approve(NegotiationRow row, NegotiationSteps steps) => (row.Role, row.State) switch
    {
        (Role.Provider, NegotiationState.Requested) => steps.Agree(row),
        (Role.Consumer, NegotiationState.Offered) => NegotiationSteps.Accept(row),
        _ => null,
    };

    private static NegotiationRow? Counter(NegotiationRow row, CounterOffer offer, NegotiationSteps steps)
    {
        var terms = OfferRow.Terms(row.OfferId, row.DatasetId, Understood(offer.Policy));
        return (row.Role, row.State) switch
        {
            (Role.Provider, NegotiationState.Requested or NegotiationState.Offered) => steps.Offer(row, terms),
            (Role.Consumer, NegotiationState.Offered) => steps.Request(row, terms),
            _ => null,
        };
    }

    /// <summary>The policy in the protocol's spelling.</summary>
    /// <exception cref="ProblemException">It holds what this connector does not understand, and so could not keep.</exception>
    public static JsonObject Understood(JsonObject json)
    {
        try
        {
            var policy = PolicyJson.Read(json);
            var validation = new Validation().Rule(policy.Permissions.Count > 0, "policy.permission", "must permit something");
            foreach (var unknown in PolicyTerms.Unknown(policy))
            {
                validation.Rule(false, $"policy.{unknown.Rule}", unknown.Text);
            }

            validation.ThrowIfInvalid();
            return PolicyJson.Write(policy);
        }
        catch (FormatException exception)
        {
            throw new Validation().Rule(false, "policy", exception.Message).ToException();
        }
    }
}
