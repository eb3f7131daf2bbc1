using LivingCity.Dataspace.Trust.Issuance;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LivingCity.Dataspace.Trust;

/// <summary>The Decentralized Claims Protocol 1.0, profile <c>vc20-bssl/jwt</c>.</summary>
internal static class TrustExtensions
{
    public static IServiceCollection AddTrust(this IServiceCollection services)
    {
        services.AddOptions<TrustSettings>().BindConfiguration("Trust").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<ParticipantKey>();
        services.TryAddSingleton<TrustClient>();
        services.TryAddSingleton<DidResolver>();
        services.TryAddSingleton<SignedStatements>();
        services.TryAddSingleton<ShownTokens>();
        services.TryAddSingleton<IdTokens>();
        services.TryAddSingleton<StatusLists>();
        services.TryAddSingleton<Credentials>();
        services.TryAddSingleton<HeldCredentials>();
        services.TryAddSingleton<Presentations>();
        services.TryAddSingleton<CredentialRequests>();
        services.TryAddSingleton<Issuer>();
        services.AddHostedService<IssuanceDelivery>();
        services.TryAddSingleton<ShownCredentials>();
        services.TryAddSingleton<TrustGate>();

        // What another participant signed is nothing that the realm could know: it is not asked, and need not be there.
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).PostConfigure<TrustGate>((jwt, gate) => jwt.Events.OnMessageReceived = context =>
        {
            if (Bearer.In(context.HttpContext) is { } token && gate.Concerns(token))
            {
                context.NoResult();
            }

            return Task.CompletedTask;
        });
        return services;
    }
}
