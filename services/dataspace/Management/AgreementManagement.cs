using Dapper;
using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Transfer;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Management;

/// <summary>Agreements for the city's data officer. To suspend or end one does so to every transfer under it.</summary>
internal static class AgreementManagement
{
    public static void MapAgreementManagement(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/agreements").RequireAuthorization(Access.DataOfficer).WithTags("Agreements");
        group.MapGet("/", ListAsync).WithSummary("The city's agreements, the newest first.");
        group.MapGet("/{id}", GetAsync).WithSummary("One agreement.");
        group.MapPost("/{id}/suspension", (string id, Because? because, Work work, TimeProvider time, CancellationToken stop) => ChangeAsync(id, work, time, AgreementState.Suspended, because?.Reason, stop))
            .Transactional().WithSummary("Stops all use under the agreement for the time being.");
        group.MapPost("/{id}/resumption", (string id, Work work, TimeProvider time, CancellationToken stop) => ChangeAsync(id, work, time, AgreementState.Active, null, stop))
            .Transactional().WithSummary("Lets the agreement be used again. Its transfers are resumed one by one.");
        group.MapPost("/{id}/termination", (string id, Because? because, Work work, TimeProvider time, CancellationToken stop) => ChangeAsync(id, work, time, AgreementState.Terminated, because?.Reason, stop))
            .Transactional().WithSummary("Ends the agreement.");
    }

    private static Task<Ok<IEnumerable<AgreementView>>> ListAsync(HttpContext http, Caller caller, Database database, int? limit, string? cursor, CancellationToken cancellationToken) =>
        Listing.PageAsync(http, caller, database, limit, cursor, (work, count, after) => work.ListAgreementsAsync(count, after, cancellationToken), row => row.Id, AgreementView.From);

    private static Task<Results<Ok<AgreementView>, ProblemHttpResult>> GetAsync(string id, Caller caller, Database database, CancellationToken cancellationToken) =>
        Listing.OneAsync("agreement", id, caller, database, work => work.ViewAgreementAsync(id, cancellationToken), AgreementView.From, cancellationToken);

    private static async Task<Results<Ok<AgreementView>, ProblemHttpResult>> ChangeAsync(string id, Work work, TimeProvider time, string state, string? reason, CancellationToken cancellationToken)
    {
        if (await work.FindAgreementAsync(id, cancellationToken) is not { } row)
        {
            return Problem.NotFound.Because($"There is no agreement {id}.");
        }

        if (row.State == AgreementState.Terminated || row.State == state)
        {
            return NegotiationManagement.WrongState.Because($"The agreement is {row.State}.");
        }

        await work.Connection.ExecuteAsync(new CommandDefinition("UPDATE agreement SET state = @state WHERE tenant = @Tenant AND id = @id", new { state, work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));
        var now = time.GetUtcNow();
        foreach (var transfer in state == AgreementState.Active ? [] : await work.OpenTransfersAsync(id, cancellationToken))
        {
            var before = (await work.LockTransferAsync(transfer, cancellationToken))!;
            var changed = state == AgreementState.Terminated ? TransferSteps.Terminate(before, reason ?? "The agreement was ended.")
                : before.State == TransferState.Started ? TransferSteps.Suspend(before, reason ?? "The agreement was suspended.") with { StoppedByOfficer = true }
                : null;
            if (changed is not null)
            {
                TransferManagement.Save(work, before, changed, now);
            }
        }

        return TypedResults.Ok(AgreementView.From(row with { State = state }));
    }
}
