using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Gateway.Portal.Realm;

/// <summary>The realm does not answer: our trouble, not the visitor's.</summary>
internal sealed class RealmUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Talks to the realm: discovery, tokens for codes and for refresh tokens, and what the tokens say once they are found true.</summary>
internal sealed class RealmClient(IHttpClientFactory clients, IOptionsMonitor<JwtBearerOptions> bearer, IOptions<RealmSettings> settings, IHttpContextAccessor http, TimeProvider time)
{
    public const string Client = "realm";
    private static readonly string[] Kept = ["sub", "preferred_username", "name", "email", "city", "azp", "role"];
    private static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = false };

    private JwtBearerOptions Bearer => bearer.Get(JwtBearerDefaults.AuthenticationScheme);

    /// <summary>The discovery document, kept and refreshed as for bearer tokens.</summary>
    /// <exception cref="RealmUnavailableException">The realm does not answer.</exception>
    public async Task<OpenIdConnectConfiguration> DiscoverAsync(CancellationToken cancellation)
    {
        try
        {
            return await Bearer.ConfigurationManager!.GetConfigurationAsync(cancellation);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new RealmUnavailableException("The realm's discovery document cannot be read.", exception);
        }
    }

    /// <summary>The answer to an authorisation code (RFC 6749, 4.1.3, with RFC 7636).</summary>
    public Task<OAuthTokenResponse?> ExchangeAsync(string code, string verifier, string redirectUri, CancellationToken cancellation) => RequestAsync(
        new() { ["grant_type"] = "authorization_code", ["code"] = code, ["code_verifier"] = verifier, ["redirect_uri"] = redirectUri }, cancellation);

    /// <summary>New tokens, or null when the realm grants none any more.</summary>
    public Task<OAuthTokenResponse?> RefreshAsync(string refreshToken, CancellationToken cancellation) => RequestAsync(
        new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, cancellation);

    /// <summary>When the access token ends, as it is kept with the session.</summary>
    public string EndOf(OAuthTokenResponse answer)
    {
        var seconds = int.TryParse(answer.ExpiresIn, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 60;
        return (time.GetUtcNow() + TimeSpan.FromSeconds(seconds)).ToString("o", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether an ID token is the realm's, for this client, for this sign-in, and still valid (OpenID Connect Core 1.0, 3.1.3.7).</summary>
    public async Task<bool> IsGenuineAsync(string idToken, string nonce, CancellationToken cancellation)
    {
        var result = await ValidateAsync(idToken, settings.Value.ClientId, cancellation);
        return result.IsValid && result.Claims.TryGetValue("nonce", out var said) && said is string value && value == nonce
            && (!result.Claims.TryGetValue("azp", out var party) || party as string == settings.Value.ClientId);
    }

    /// <summary>Who an access token speaks of, with roles as every service reads them; null when it is not genuine.</summary>
    public async Task<ClaimsPrincipal?> PrincipalAsync(string accessToken, string scheme)
    {
        var result = await ValidateAsync(accessToken, Bearer.Audience!, default);
        if (!result.IsValid)
        {
            return null;
        }

        var read = new TokenValidatedContext(http.HttpContext!, new AuthenticationScheme(scheme, null, typeof(JwtBearerHandler)), Bearer) { Principal = new ClaimsPrincipal(result.ClaimsIdentity) };
        await Bearer.Events.TokenValidated(read);
        var claims = read.Principal.Claims.Where(claim => Kept.Contains(claim.Type)).Select(claim => new Claim(claim.Type, claim.Value));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme, "preferred_username", "role"));
    }

    private async Task<TokenValidationResult> ValidateAsync(string token, string audience, CancellationToken cancellation)
    {
        var realm = await DiscoverAsync(cancellation);
        var rules = Bearer.TokenValidationParameters.Clone();
        rules.ValidIssuer = realm.Issuer;
        rules.ValidAudience = audience;
        rules.IssuerSigningKeys = realm.SigningKeys;
        var result = await Tokens.ValidateTokenAsync(token, rules);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The realm may have changed its keys since; the next sign-in will know.
            Bearer.ConfigurationManager!.RequestRefresh();
        }

        return result;
    }

    private async Task<OAuthTokenResponse?> RequestAsync(Dictionary<string, string> form, CancellationToken cancellation)
    {
        var realm = await DiscoverAsync(cancellation);
        form["client_id"] = settings.Value.ClientId;
        if (settings.Value.ClientSecret is { Length: > 0 } secret)
        {
            form["client_secret"] = secret;
        }

        try
        {
            using var client = clients.CreateClient(Client);
            using var content = new FormUrlEncodedContent(form);
            using var answer = await client.PostAsync(new Uri(realm.TokenEndpoint), content, cancellation);
            if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized)
            {
                return null;
            }

            answer.EnsureSuccessStatusCode();
            return OAuthTokenResponse.Success(await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation));
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or Polly.ExecutionRejectedException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new RealmUnavailableException("The realm's token endpoint does not answer.", exception);
        }
    }
}
