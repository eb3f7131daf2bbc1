using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Registration;

/// <summary>A code that hands a seat to whoever of the same city brings it.</summary>
internal sealed record SubstitutionCode(string Code, DateTimeOffset ExpiresAt);

internal sealed record TakeOver(string Code);

/// <summary>A colleague takes a seat over: who gives it makes a code, who has the code takes it.</summary>
internal static class SubstitutionEndpoints
{
    private static readonly TimeSpan Valid = TimeSpan.FromDays(14);

    public static void MapSubstitution(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").RequireAuthorization(Access.SignedIn).WithTags("Registration");
        group.MapPost("/registrations/{id:guid}/substitution", OfferAsync).Transactional().WithSummary("A code with which a colleague of the same city can take the seat over, for 14 days.");
        group.MapPost("/substitutions", TakeAsync).Produces<RegistrationView>(201).WithSummary("Takes a colleague's seat over.");
    }

    private static async Task<Results<Created<SubstitutionCode>, ProblemHttpResult>> OfferAsync(Guid id, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var find = work.Command("""
            SELECT r.tenant, r.event_id FROM registration r JOIN participant p ON p.tenant = r.tenant AND p.id = r.participant WHERE r.id = $1 AND r.state <> 'cancelled' AND p.person = $2 AND r.city = $3
            """, id, caller.Subject, caller.RequiredCity);
        string tenant, eventId;
        await using (var row = await find.ExecuteReaderAsync(cancellationToken))
        {
            if (!await row.ReadAsync(cancellationToken))
            {
                return Problem.NotFound.Because($"There is no registration {id}.");
            }

            (tenant, eventId) = (row.GetString(0), row.GetString(1));
        }

        var ends = time.GetUtcNow() + Valid;
        var code = await Codes.MakeAsync(work, new Code { Tenant = tenant, Purpose = "substitution", EventId = eventId, RegistrationId = id, City = caller.RequiredCity, ExpiresAt = ends }, cancellationToken);
        return TypedResults.Created((string?)null, new SubstitutionCode(code, ends));
    }

    private static async Task<IResult> TakeAsync(TakeOver request, Caller caller, HttpContext context, Database database, RegistrationDesk desk, TimeProvider time, CancellationToken cancellationToken)
    {
        Code code;
        await using (var work = await database.BeginAsync(caller.RequiredCity, cancellationToken))
        {
            code = await Codes.FindAsync(work, request.Code, "substitution", time.GetUtcNow(), cancellationToken);
        }

        var answer = await desk.AskAsync(code.EventId, code.Tenant, new TakeOverRequest(code.RegistrationId!.Value) { Visitor = Visitors.Of(context, caller) }, cancellationToken);
        if (answer.Verdict is Verdict.Confirmed or Verdict.Waiting)
        {
            // The seat has changed hands; a code that stayed open would only give it to the same city's next colleague.
            await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
            await Codes.UseAsync(work, request.Code, time.GetUtcNow(), cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        return answer.Created();
    }
}
