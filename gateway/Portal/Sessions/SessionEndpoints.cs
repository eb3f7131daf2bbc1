using LivingCity.Gateway.Portal.Realm;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace LivingCity.Gateway.Portal.Sessions;

/// <summary>Signing in and out, and ending other sessions.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(PortalPaths.SignIn, SignInAsync);
        routes.MapPost(PortalPaths.SignOut, SignOutAsync);
        routes.MapPost("/account/sessions/end", EndAsync).RequireAuthorization(policy => policy.RequireAuthenticatedUser());

        // Answered by the authentication handlers; only who comes here without the realm's answer gets this far.
        routes.MapGet(PortalPaths.SignInCallback, () => TypedResults.LocalRedirect("/"));
        routes.MapGet(PortalPaths.SignedOutCallback, () => TypedResults.LocalRedirect("/sign-out/done"));
    }

    private static async Task<ChallengeHttpResult> SignInAsync(HttpContext context, string? returnUrl)
    {
        if (context.User.Identity is { IsAuthenticated: true })
        {
            await context.SignOutAsync(SessionSchemes.Session);
        }

        return TypedResults.Challenge(new AuthenticationProperties { RedirectUri = PortalPaths.Local(returnUrl) }, [RealmSignIn.Name]);
    }

    /// <summary>Ends the session here first, so that it is over also when the realm does not answer, and then at the realm.</summary>
    private static async Task<RedirectHttpResult> SignOutAsync([FromForm] string? from, HttpContext context, RealmClient realm, IOptions<RealmSettings> settings)
    {
        var idToken = await context.GetTokenAsync(SessionSchemes.Session, "id_token");
        await context.SignOutAsync(SessionSchemes.Session);
        try
        {
            var endpoint = (await realm.DiscoverAsync(context.RequestAborted)).EndSessionEndpoint;
            if (idToken is not null && endpoint is { Length: > 0 })
            {
                return TypedResults.Redirect(QueryHelpers.AddQueryString(endpoint, new Dictionary<string, string?>
                {
                    ["id_token_hint"] = idToken,
                    ["client_id"] = settings.Value.ClientId,
                    ["post_logout_redirect_uri"] = $"{context.Request.Scheme}://{context.Request.Host}{PortalPaths.SignedOutCallback}",
                }));
            }
        }
        catch (RealmUnavailableException)
        {
            // The session here is over; at the realm it ends by itself.
        }

        return TypedResults.Redirect("/sign-out/done");
    }

    private static async Task<RedirectHttpResult> EndAsync([FromForm] Guid session, Caller caller, SessionStore store, CancellationToken cancellation)
    {
        await store.EndAsync(caller.Subject, session, cancellation);
        return TypedResults.Redirect("/account#sessions");
    }
}
