using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace LivingCity.Gateway.Portal.Realm;

/// <summary>
/// The code flow with PKCE over the framework's OAuth handler, made OpenID Connect: endpoints from discovery, a nonce, a checked ID token.
/// Stands in for Microsoft.AspNetCore.Authentication.OpenIdConnect.
/// </summary>
internal sealed class RealmSignIn(IOptionsMonitor<OAuthOptions> options, ILoggerFactory logger, UrlEncoder encoder, RealmClient realm)
    : OAuthHandler<OAuthOptions>(options, logger, encoder)
{
    public const string Name = "Realm";
    private const string NonceItem = "nonce";
    private const string VerifierItem = "code_verifier";
    private string authorizationEndpoint = "";

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        try
        {
            authorizationEndpoint = (await realm.DiscoverAsync(Context.RequestAborted)).AuthorizationEndpoint;
        }
        catch (RealmUnavailableException)
        {
            throw Problem.Unavailable.Throw("The identity provider does not answer.");
        }

        await base.HandleChallengeAsync(properties);
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        properties.Items[NonceItem] = nonce;
        var query = new Uri(base.BuildChallengeUrl(properties, redirectUri)).Query;
        return QueryHelpers.AddQueryString(authorizationEndpoint + query, "nonce", nonce);
    }

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        if (context.Properties.Items.Remove(VerifierItem, out var verifier) && verifier is not null
            && await realm.ExchangeAsync(context.Code, verifier, context.RedirectUri, Context.RequestAborted) is { } answer)
        {
            return answer;
        }

        return OAuthTokenResponse.Failed(new AuthenticationFailureException("The realm gave no tokens for the code."));
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        var idToken = tokens.Response!.RootElement.TryGetProperty("id_token", out var given) ? given.GetString() : null;
        if (idToken is null || !properties.Items.Remove(NonceItem, out var nonce) || nonce is null || !await realm.IsGenuineAsync(idToken, nonce, Context.RequestAborted))
        {
            throw new AuthenticationFailureException("The realm's ID token is not for this sign-in.");
        }

        var principal = await realm.PrincipalAsync(tokens.AccessToken!, Options.SignInScheme!) ?? throw new AuthenticationFailureException("The realm's access token is not genuine.");
        properties.StoreTokens(
        [
            new() { Name = "access_token", Value = tokens.AccessToken! },
            new() { Name = "id_token", Value = idToken },
            new() { Name = "expires_at", Value = realm.EndOf(tokens) },
            .. tokens.RefreshToken is { } refresh ? new AuthenticationToken[] { new() { Name = "refresh_token", Value = refresh } } : [],
        ]);
        return new AuthenticationTicket(principal, properties, Scheme.Name);
    }
}
