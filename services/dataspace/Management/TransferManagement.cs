using LivingCity.Dataspace.Protocol;
using LivingCity.Dataspace.Transfer;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Management;

/// <summary>Transfers for the city's data officer: begin, watch, suspend, resume, complete, end.</summary>
internal static class TransferManagement
{
    public static void MapTransferManagement(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/transfers").RequireAuthorization(Access.DataOfficer).WithTags("Transfers");
        group.MapPost("/", BeginAsync).WithSummary("Asks for data under an agreement, as a consumer.");
        group.MapGet("/", ListAsync).WithSummary("The city's transfers, the newest first.");
        group.MapGet("/{id}", GetAsync).WithSummary("One transfer.");
        group.MapPost("/{id}/suspension", (string id, Because? because, Work work, TimeProvider time, CancellationToken stop) =>
                ChangeAsync(id, work, time, row => row.State == TransferState.Started ? TransferSteps.Suspend(row, because?.Reason ?? "A person suspended the transfer.") with { StoppedByOfficer = true } : null, stop))
            .Transactional().WithSummary("Stops the flow of data for the time being. It stops at once, whether the other side can be told or not.");
        group.MapPost("/{id}/resumption", (string id, Work work, TransferSteps steps, TimeProvider time, CancellationToken stop) =>
                ChangeAsync(id, work, time, row => row.State == TransferState.Suspended ? steps.Start(row with { StoppedByOfficer = false }) : null, stop))
            .Transactional().WithSummary("Lets data flow again.");
        group.MapPost("/{id}/completion", (string id, Work work, TimeProvider time, CancellationToken stop) =>
                ChangeAsync(id, work, time, row => row.State == TransferState.Started ? TransferSteps.Complete(row) : null, stop))
            .Transactional().WithSummary("Ends the transfer: all data has flowed.");
        group.MapPost("/{id}/termination", (string id, Because? because, Work work, TimeProvider time, CancellationToken stop) =>
                ChangeAsync(id, work, time, row => TransferState.IsFinal(row.State) ? null : TransferSteps.Terminate(row, because?.Reason ?? "A person ended the transfer."), stop))
            .Transactional().WithSummary("Ends the transfer before its time.");
    }

    private static async Task<Created<TransferView>> BeginAsync(TransferRequest request, Caller caller, TransferStart start, CancellationToken cancellationToken)
    {
        new Validation().Rule(Dsp.Formats.Contains(request.Format), "format", $"must be one of {string.Join(", ", Dsp.Formats)}").ThrowIfInvalid();
        var row = await start.BeginAsync(caller.RequiredCity, request, cancellationToken);
        return TypedResults.Created($"/api/dataspace/v1/transfers/{row.Id}", TransferView.From(row));
    }

    private static Task<Ok<IEnumerable<TransferView>>> ListAsync(HttpContext http, Caller caller, Database database, int? limit, string? cursor, string? agreement, CancellationToken cancellationToken) =>
        Listing.PageAsync(http, caller, database, limit, cursor, (work, count, after) => work.ListTransfersAsync(count, after, agreement, cancellationToken), row => row.Id, TransferView.From);

    private static Task<Results<Ok<TransferView>, ProblemHttpResult>> GetAsync(string id, Caller caller, Database database, CancellationToken cancellationToken) =>
        Listing.OneAsync("transfer", id, caller, database, work => work.FindTransferAsync(id, cancellationToken), TransferView.From, cancellationToken);

    private static async Task<Results<Ok<TransferView>, ProblemHttpResult>> ChangeAsync(string id, Work work, TimeProvider time, Func<TransferRow, TransferRow?> change, CancellationToken cancellationToken)
    {
        if (await work.LockTransferAsync(id, cancellationToken) is not { } row)
        {
            return Problem.NotFound.Because($"There is no transfer {id}.");
        }

        if (change(row) is not { } changed)
        {
            return NegotiationManagement.WrongState.Because($"The transfer is {row.State}.");
        }

        return TypedResults.Ok(TransferView.From(Save(work, row, changed, time.GetUtcNow())));
    }

    public static TransferRow Save(Work work, TransferRow before, TransferRow changed, DateTimeOffset now)
    {
        changed = changed with { ChangedAt = now.UtcDateTime };
        work.Save(changed);
        work.PublishRevocation(changed, before.State, now);
        work.Advanced(changed, now);
        return changed;
    }
}
