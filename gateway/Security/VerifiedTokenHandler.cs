using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LivingCity.Gateway.Security;

/// <summary>Stands before the check of bearer tokens and answers for those that passed it a moment ago.</summary>
internal sealed class VerifiedTokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, VerifiedTokens verified)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "VerifiedBearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var headers = Request.Headers.Authorization;
        if (headers.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        if (headers.Count == 1 && verified.TryGet(headers[0]!, out var known))
        {
            return AuthenticateResult.Success(known);
        }

        var result = await Context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (headers.Count == 1 && result.Succeeded)
        {
            verified.Add(headers[0]!, result.Ticket);
        }

        return result;
    }
}

internal static class VerifiedTokenExtensions
{
    /// <summary>Call it after the shared defaults, whose check of tokens it keeps.</summary>
    public static IServiceCollection AddVerifiedTokens(this IServiceCollection services)
    {
        services.TryAddSingleton<VerifiedTokens>();
        services.AddAuthentication(authentication => authentication.DefaultAuthenticateScheme = VerifiedTokenHandler.Name)
            .AddScheme<AuthenticationSchemeOptions, VerifiedTokenHandler>(VerifiedTokenHandler.Name, null);
        return services;
    }
}
