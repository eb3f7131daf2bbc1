using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LivingCity.Ingestion.Mqtt;

/// <summary>Section <c>Mqtt</c>.</summary>
internal sealed class MqttSettings
{
    /// <summary>A PEM file with the authorities that brokers' certificates must descend from, for networks with an authority of their own; without it, the system's.</summary>
    public string? CertificateAuthorities { get; init; }

    /// <summary>Seconds between two signs of life.</summary>
    [Range(2, 65535)]
    public ushort KeepAliveSeconds { get; init; } = 30;
}

/// <summary>Publishing over MQTT.</summary>
internal static class MqttExtensions
{
    public static IServiceCollection AddMqtt(this IServiceCollection services)
    {
        services.AddOptions<MqttSettings>().BindConfiguration("Mqtt").ValidateDataAnnotations()
            .Validate(settings => settings.CertificateAuthorities is not { } path || File.Exists(path), "Mqtt:CertificateAuthorities must be a PEM file.").ValidateOnStart();
        services.TryAddSingleton<MqttPublisher>();
        return services;
    }

    /// <summary>How a certificate is judged where the settings name authorities; null leaves it to the system.</summary>
    internal static X509ChainPolicy? ChainPolicy(this IOptions<MqttSettings> settings)
    {
        if (settings.Value.CertificateAuthorities is not { } path)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(path);
        return policy;
    }
}
