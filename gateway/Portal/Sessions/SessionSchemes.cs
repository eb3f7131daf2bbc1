using LivingCity.Gateway.Portal.Realm;
using LivingCity.Gateway.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LivingCity.Gateway.Portal.Sessions;

/// <summary>Marks an endpoint at which the session's cookie counts. At all others, the API's above all, it means nothing, so no other site can make use of it.</summary>
internal sealed class AcceptsSession;

internal static class SessionSchemes
{
    public const string Session = "Session";
    private const string Caller = "Caller";
    private const string Refusal = "Refusal";

    /// <summary>Call it after <c>AddVerifiedTokens</c>, whose check of bearer tokens it keeps wherever the session does not count.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.TryAddSingleton<SessionStore>();
        services.TryAddSingleton<RealmClient>();
        services.TryAddSingleton<SessionEvents>();
        services.AddHttpClient(RealmClient.Client, client => client.Timeout = TimeSpan.FromSeconds(10));
        services.AddOptions<RealmSettings>().BindConfiguration("Authentication").ValidateDataAnnotations().ValidateOnStart();
        services.AddDataProtection().SetApplicationName("LivingCity.Gateway");
        services.TryAddSingleton<IXmlRepository, ProtectionKeys>();
        services.AddOptions<KeyManagementOptions>().Configure<IXmlRepository>((keys, repository) => keys.XmlRepository = repository);
        services.AddAuthentication(authentication =>
            {
                authentication.DefaultAuthenticateScheme = Caller;
                authentication.DefaultChallengeScheme = authentication.DefaultForbidScheme = Refusal;
            })
            .AddPolicyScheme(Caller, null, scheme => scheme.ForwardDefaultSelector = context => Counts(context) ? Session : VerifiedTokenHandler.Name)
            .AddPolicyScheme(Refusal, null, scheme => scheme.ForwardDefaultSelector = context => Counts(context) ? Session : JwtBearerDefaults.AuthenticationScheme)
            .AddCookie(Session)
            .AddOAuth<OAuthOptions, RealmSignIn>(RealmSignIn.Name, _ => { });
        services.AddOptions<CookieAuthenticationOptions>(Session).Configure<SessionStore>(ConfigureCookie);
        services.AddOptions<OAuthOptions>(RealmSignIn.Name).Configure<IOptions<RealmSettings>>(ConfigureRealm);
        return services.ReadKeysWhenNeeded();
    }

    /// <summary>Lets the session's cookie count at these endpoints.</summary>
    public static TBuilder AcceptsSession<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AcceptsSession());

    /// <summary>Data protection would read the keys while the host starts, when their table need not be there yet.</summary>
    private static IServiceCollection ReadKeysWhenNeeded(this IServiceCollection services)
    {
        foreach (var eager in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name == "DataProtectionHostedService").ToArray())
        {
            services.Remove(eager);
        }

        return services;
    }

    private static bool Counts(HttpContext context) =>
        context.Request.Headers.Authorization.Count == 0 && context.GetEndpoint()?.Metadata.GetMetadata<AcceptsSession>() is not null;

    private static void ConfigureCookie(CookieAuthenticationOptions cookie, SessionStore store)
    {
        cookie.Cookie.Name = "city-session";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.CookieManager = new SessionCookies();
        cookie.SessionStore = store;
        cookie.EventsType = typeof(SessionEvents);
        cookie.ExpireTimeSpan = TimeSpan.FromHours(10);
        cookie.SlidingExpiration = false;
        cookie.LoginPath = PortalPaths.SignIn;
        cookie.ReturnUrlParameter = "returnUrl";
    }

    private static void ConfigureRealm(OAuthOptions oauth, IOptions<RealmSettings> settings)
    {
        oauth.ClientId = settings.Value.ClientId;
        oauth.ClientSecret = settings.Value.ClientSecret ?? "-";
        // The handler insists on endpoints; the true ones come from the realm's discovery document.
        oauth.AuthorizationEndpoint = oauth.TokenEndpoint = "https://realm.invalid/";
        oauth.CallbackPath = PortalPaths.SignInCallback;
        oauth.SignInScheme = Session;
        oauth.UsePkce = true;
        oauth.Scope.Add("openid");
        oauth.Scope.Add("profile");
        oauth.CorrelationCookie.Name = "city-signin.";
        oauth.CorrelationCookie.SameSite = SameSiteMode.Lax;
        oauth.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        oauth.Events.OnRemoteFailure = context =>
        {
            context.Response.Redirect("/sign-in/failed");
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }
}
