using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using LivingCity.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LivingCity.Gateway.Tests.Hosting;

/// <summary>The gateway itself, on a real socket, in front of backends that a test has started.</summary>
internal sealed class GatewayHost : WebApplicationFactory<Program>
{
    private readonly Dictionary<string, string> settings;
    private readonly ILoggerProvider? logs;

    private GatewayHost(Dictionary<string, string> settings, ILoggerProvider? logs) => (this.settings, this.logs) = (settings, logs);

    /// <summary>The database of every gateway, which the shared platform provides.</summary>
    public static string Database { get; set; } = "";

    public Uri Address => new(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="realm">Where tokens come from.</param>
    /// <param name="services">Addresses of the replicas by service.</param>
    /// <param name="settings">Settings beside them.</param>
    /// <param name="kestrel">Listens otherwise than in clear text on a free port.</param>
    /// <param name="logs">Receives the gateway's log.</param>
    public static GatewayHost Start(
        TestIssuer realm,
        IReadOnlyDictionary<string, string[]> services,
        IReadOnlyDictionary<string, string>? settings = null,
        Action<KestrelServerOptions>? kestrel = null,
        ILoggerProvider? logs = null)
    {
        var all = new Dictionary<string, string> { ["Authentication:Authority"] = realm.Authority, ["ConnectionStrings:database"] = Database };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        foreach (var (service, addresses) in services)
        {
            for (var index = 0; index < addresses.Length; index++)
            {
                all[$"services:{service}:http:{index}"] = addresses[index];
            }
        }

        var host = new GatewayHost(all, logs);
        host.UseKestrel(kestrel ?? (options => options.Listen(IPAddress.Loopback, 0)));
        host.StartServer();
        return host;
    }

    /// <summary>A client of its own connection pool that follows no redirect.</summary>
    /// <param name="token">The bearer token to present.</param>
    /// <param name="trusted">The only certificate that is accepted, where TLS is spoken.</param>
    public HttpClient Connect(string? token = null, X509Certificate? trusted = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null && presented.Equals(trusted);
        var client = new HttpClient(handler) { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging =>
        {
            logging.ClearProviders();
            if (logs is not null)
            {
                logging.AddProvider(logs);
            }
        });
    }
}
