using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests.Mqtt;

/// <summary>A private Mosquitto: the broker for what RabbitMQ 3.10 does not speak (MQTT 5, quality 2, TLS with a certificate of ours).</summary>
public sealed class MosquittoBroker : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mosquitto");
    private Process? process;

    public int Port { get; } = FreePort();

    public int TlsPort { get; } = FreePort();

    /// <summary>The authority of its certificate.</summary>
    public string Authority => Path.Combine(folder.FullName, "server.pem");

    public string Address(string topic) => $"mqtt://127.0.0.1:{Port}/{topic}";

    public async ValueTask InitializeAsync()
    {
        WriteCertificate();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "mosquitto.conf"), $"""
            user root
            persistence false
            allow_anonymous true
            max_queued_messages 0
            listener {Port} 127.0.0.1
            listener {TlsPort} 127.0.0.1
            certfile {Authority}
            keyfile {Path.Combine(folder.FullName, "server.key")}
            """);
        await StartAsync();
    }

    public async Task StartAsync()
    {
        var program = File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
        process = Process.Start(new ProcessStartInfo(program, ["-c", Path.Combine(folder.FullName, "mosquitto.conf")]) { RedirectStandardError = true, RedirectStandardOutput = true });
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync(IPAddress.Loopback, Port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            "mosquitto listens");
    }

    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Sends a signal, like STOP or CONT.</summary>
    public async Task SignalAsync(string signal) => await Process.Start("kill", [$"-{signal}", $"{process!.Id}"]).WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await SignalAsync("CONT");
            await KillAsync();
        }

        process?.Dispose();
        folder.Delete(recursive: true);
    }

    private void WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Authority, certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder.FullName, "server.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
