namespace LivingCity.Gateway.Portal.Errors;

internal static class PageStatus
{
    /// <summary>Sends a page of its own words with an error's status. Said at the last moment: a component that says 404 earlier is not rendered at all.</summary>
    public static void AnswerWith(this HttpContext context, int status) => context.Response.OnStarting(() =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });
}
