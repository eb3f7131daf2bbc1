using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Events.Registration;

/// <summary>The desk's verdicts as answers over HTTP.</summary>
internal static class DeskResults
{
    public static readonly Problem Exclusive = new("exclusive-session", StatusCodes.Status409Conflict, "Of these sessions a person can attend only one.");
    public static readonly Problem Closed = new("session-closed", StatusCodes.Status409Conflict, "This session was taken out of the programme.");
    public static readonly Problem AlreadyThere = new("already-registered", StatusCodes.Status409Conflict, "One of these people has a place already.");

    public static IResult Created(this DeskAnswer answer)
    {
        if (answer.Kept is { } kept)
        {
            return kept.Views is { Length: > 0 } views ? At(views[0]) : Problem.KeyReused.Because("Use a new key for a new request.");
        }

        return answer switch
        {
            { Verdict: Verdict.Existing, Views: [var existing, ..] } => TypedResults.Ok(existing),
            { Verdict: Verdict.Confirmed or Verdict.Waiting, Views: [var first, ..] } => At(first),
            _ => Refused(answer.Verdict),
        };
    }

    public static IResult NoContent(this DeskAnswer answer) => answer switch
    {
        { Kept.Views: null } => Problem.KeyReused.Because("Use a new key for a new request."),
        { Kept: not null } or { Verdict: Verdict.Cancelled or Verdict.Done } => TypedResults.NoContent(),
        _ => Refused(answer.Verdict),
    };

    private static Microsoft.AspNetCore.Http.HttpResults.Created<RegistrationView> At(RegistrationView view) => TypedResults.Created($"/api/events/v1/registrations/{view.Id}", view);

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Refused(Verdict verdict) => verdict switch
    {
        Verdict.Exclusive => Exclusive.Because("There is a seat in another one of them. Switch, or give that seat back first."),
        Verdict.Closed => Closed.Because("Look at the programme for what takes its place."),
        Verdict.AlreadyThere => AlreadyThere.Because("Each person has one place in a session at most."),
        _ => Problem.NotFound.Because("There is no such session, seat or place for this caller."),
    };
}
