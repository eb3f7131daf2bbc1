using Microsoft.AspNetCore.Diagnostics;

namespace LivingCity.Gateway.Portal.Errors;

internal static class PageStatus
{
    /// <summary>Sends a page of its own words with an error's status, in place of the page for that status.</summary>
    public static void AnswerWith(this HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages)
        {
            pages.Enabled = false;
        }
    }
}
