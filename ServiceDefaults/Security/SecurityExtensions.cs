using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.ServiceDefaults.Security;

/// <summary>Where tokens come from. Section <c>Authentication</c>.</summary>
public sealed class AuthenticationSettings
{
    /// <summary>The realm's address, which is the tokens' issuer.</summary>
    [Required, Url]
    public string Authority { get; init; } = "";

    /// <summary>The audience a token must name.</summary>
    [Required]
    public string Audience { get; init; } = "living-city";

    /// <summary>Whether the realm must be reached over TLS. Without a word: yes, unless the authority itself is plain http.</summary>
    public bool? RequireHttps { get; init; }
}

internal static class SecurityExtensions
{
    public static void AddSecurity(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AuthenticationSettings>().BindConfiguration("Authentication").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<AuthenticationSettings>>((jwt, settings) => Configure(jwt, settings.Value));
        builder.Services.AddAuthorization(Access.Configure);
    }

    private static void Configure(JwtBearerOptions jwt, AuthenticationSettings settings)
    {
        jwt.Authority = settings.Authority.TrimEnd('/');
        jwt.Audience = settings.Audience;
        jwt.RequireHttpsMetadata = settings.RequireHttps ?? !settings.Authority.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        jwt.MapInboundClaims = false;
        jwt.RefreshInterval = TimeSpan.FromSeconds(30);
        jwt.TokenValidationParameters = new TokenValidationParameters
        {
            ValidateIssuer = true,
            ValidateAudience = true,
            ValidateLifetime = true,
            ValidateIssuerSigningKey = true,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidAudience = settings.Audience,
            // Asymmetric only: with an HMAC the public key would be the secret.
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256],
            ClockSkew = TimeSpan.FromSeconds(10),
            NameClaimType = "preferred_username",
            RoleClaimType = "role",
        };
        jwt.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                AddRoles((ClaimsIdentity)context.Principal!.Identity!);
                return Task.CompletedTask;
            },
            OnAuthenticationFailed = async context =>
            {
                if (!await HasKeysAsync(context))
                {
                    throw Problem.Unavailable.Throw("The identity provider does not answer.");
                }
            },
        };
    }

    /// <summary>
    /// A realm that cannot be reached is our trouble, not the caller's: 503, not 401. Without its keys every token looks wrong, so the exception does not tell.
    /// </summary>
    private static async Task<bool> HasKeysAsync(AuthenticationFailedContext context)
    {
        try
        {
            return await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted) is not null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Keycloak nests roles: <c>realm_access: {roles: []}</c> and <c>resource_access: {client: {roles: []}}</c>.</summary>
    private static void AddRoles(ClaimsIdentity identity)
    {
        // What the token itself calls "role" is no role here.
        foreach (var claim in identity.FindAll("role").ToArray())
        {
            identity.RemoveClaim(claim);
        }

        if (identity.FindFirst("realm_access") is { } realm)
        {
            using var json = JsonDocument.Parse(realm.Value);
            AddFrom(identity, json.RootElement);
        }

        if (identity.FindFirst("resource_access") is { } resources)
        {
            using var json = JsonDocument.Parse(resources.Value);
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("living-city", out var own))
            {
                AddFrom(identity, own);
            }
        }
    }

    private static void AddFrom(ClaimsIdentity identity, JsonElement access)
    {
        if (access.ValueKind == JsonValueKind.Object && access.TryGetProperty("roles", out var roles) && roles.ValueKind == JsonValueKind.Array)
        {
            identity.AddClaims(roles.EnumerateArray().Where(role => role.ValueKind == JsonValueKind.String).Select(role => new Claim("role", role.GetString()!)));
        }
    }
}
