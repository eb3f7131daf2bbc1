using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using LivingCity.AppHost.Embedded;

namespace LivingCity.Gateway.Benchmarks;

/// <summary>
/// One backend behind two proxies: the gateway as it runs in production, with the realm's tokens checked, rate limits counted, and metrics and up to 100 traces a second
/// exported over OTLP, and nginx with keep-alive upstream connections, which does none of that.
/// </summary>
internal sealed class Stand : IAsyncDisposable
{
    public const string Gateway = "gateway";
    public const string Nginx = "nginx";

    /// <summary>A service with the platform's shared defaults: checks the token again, counts rates, exports telemetry.</summary>
    public const string Service = "service";

    /// <summary>What a service is built on, and nothing else.</summary>
    public const string Kestrel = "kestrel";

    /// <summary>Backends from the one that stands behind the gateway to the fastest there is, which no proxy can hide behind.</summary>
    public static readonly string[] Backends = [Service, Kestrel, Nginx];

    private const string Secret = "known to this run only";

    private readonly List<Process> processes = [];
    private readonly string folder = Directory.CreateTempSubdirectory("gateway-benchmark-").FullName;
    private DistributedApplication? servers;

    private Stand(string backend) => Backend = backend;

    public string Backend { get; }

    public string Token { get; private set; } = "";

    public IReadOnlyList<Target> Targets { get; private set; } = [];

    public static async Task<Stand> StartAsync(string backend, CancellationToken cancellation)
    {
        var stand = new Stand(backend);
        try
        {
            await stand.StartAllAsync(cancellation);
            return stand;
        }
        catch
        {
            await stand.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes.AsEnumerable().Reverse())
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        if (servers is not null)
        {
            await servers.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task StartAllAsync(CancellationToken cancellation)
    {
        var (files, program, nginx, realm, gateway) = (FreePort(), FreePort(), FreePort(), FreePort(), FreePort());
        var backend = Backend == Nginx ? files : program;
        var issuer = $"http://127.0.0.1:{realm}/realms/city";
        var database = await StartDatabaseAsync(cancellation);
        Dictionary<string, string> shared = new()
        {
            ["Authentication__Authority"] = issuer,
            ["RateLimits__PerSecond"] = "1000000",
            ["RateLimits__Burst"] = "1000000",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{files}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };
        StartNginx("backend", NginxFiles.Backend(folder, files));
        StartNginx("proxy", NginxFiles.Proxy(folder, nginx, backend));
        Start("node", [Repository.Provider, "--realm", Repository.Realm, "--port", $"{realm}", "--watch-stdin"], new() { ["INTEGRATOR_SOFIA_SECRET"] = Secret });
        if (Backend != Nginx)
        {
            // Services are built without profiling of hot code (services/Directory.Build.props).
            Start(Environment.ProcessPath!, ["backend", Backend, $"http://127.0.0.1:{program}"], new(shared) { ["DOTNET_TieredPGO"] = "0" });
        }

        Start("dotnet", [Repository.Gateway], new(shared)
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{gateway}",
            ["ConnectionStrings__database"] = database,
            ["ASPNETCORE_CONTENTROOT"] = Path.GetDirectoryName(Repository.Gateway)!,
            ["services__twin__http__0"] = $"http://127.0.0.1:{backend}",
        });

        using var http = new HttpClient();
        await WaitAsync(http, new Uri($"{issuer}/.well-known/openid-configuration"), cancellation);
        Token = await FetchTokenAsync(http, issuer, cancellation);
        Targets =
        [
            new Target(Nginx, new Uri($"http://127.0.0.1:{nginx}{SmallBackends.Path}")),
            new Target(Gateway, new Uri($"http://127.0.0.1:{gateway}{SmallBackends.Path}")),
        ];
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        foreach (var target in Targets)
        {
            await WaitAsync(http, target.Address, cancellation);
        }
    }

    /// <summary>The gateway keeps the portal's sessions in it and starts only with one; what is measured here never asks it.</summary>
    private async Task<string> StartDatabaseAsync(CancellationToken cancellation)
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddPostgres("postgres").AddDatabase("gateway-db");
        servers = await builder.BuildAsync(cancellation);
        await servers.StartAsync(cancellation);
        await servers.ResourceNotifications.WaitForResourceHealthyAsync("gateway-db", cancellation);
        return (await servers.GetConnectionStringAsync("gateway-db", cancellation))!;
    }

    private static async Task<string> FetchTokenAsync(HttpClient http, string issuer, CancellationToken cancellation)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "integrator-sofia", ["client_secret"] = Secret };
        using var answer = await http.PostAsync(new Uri($"{issuer}/protocol/openid-connect/token"), new FormUrlEncodedContent(form), cancellation);
        var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(cancellation);
        return (string)body!["access_token"]!;
    }

    private static async Task WaitAsync(HttpClient http, Uri address, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var last = "no answer";
        try
        {
            while (true)
            {
                try
                {
                    using var answer = await http.GetAsync(address, limit.Token);
                    if (answer.StatusCode == HttpStatusCode.OK)
                    {
                        return;
                    }

                    last = $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(limit.Token)}";
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                }

                await Task.Delay(50, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{address} was not ready after 30 s: {last}");
        }
    }

    private void StartNginx(string name, string configuration)
    {
        var file = Path.Combine(folder, $"{name}.conf");
        File.WriteAllText(file, configuration);
        Start("nginx", ["-p", folder, "-e", Path.Combine(folder, $"{name}.log"), "-c", file], []);
    }

    private void Start(string program, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        processes.Add(process);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
