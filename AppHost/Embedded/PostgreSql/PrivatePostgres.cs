using System.Globalization;

namespace LivingCity.AppHost.Embedded;

/// <summary>A server of our own: its cluster in the data folder, on loopback, as an unprivileged user.</summary>
internal sealed class PrivatePostgres(PostgresServerResource server, Stack stack) : ILifecycle
{
    public const string User = "postgres";
    private string program = "";
    private string initdb = "";
    private string cluster = "";

    public void Locate()
    {
        program = PostgresPrograms.Find("postgres");
        initdb = PostgresPrograms.Find("initdb");
        if (!Unprivileged.Exists(User))
        {
            throw Programs.Missing($"PostgreSQL's user '{User}'", "postgresql");
        }
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        cluster = await stack.Data.ForServerAsync(server.Name, User, cancellationToken);
        if (!File.Exists(Path.Combine(cluster, "PG_VERSION")))
        {
            await CreateClusterAsync(cancellationToken);
        }
        else if (!stack.Data.Secrets.Has(server.Name))
        {
            throw new ResourceFailedException($"{server.Name}: {cluster} holds data but its password is lost: start over with 'AppHost -- reset'.");
        }
    }

    public LaunchPlan Plan(int replica) => new(program, ["-D", cluster, .. Settings.SelectMany(setting => new[] { "-c", setting })], "/", Locale(), User, Signals.Interrupt);

    public Task<string?> CheckAsync(int replica, CancellationToken cancellationToken) => PostgresHealth.CheckAsync(server, cancellationToken);

    public Task InitializeAsync(CancellationToken cancellationToken) => DatabaseTemplate.EnsureAsync(server, line => stack.Output.Append(server.Name, line), cancellationToken);

    /// <summary>An eighth of the machine's memory, in MB: half of what PostgreSQL's manual says of a machine of its own. None of it is taken before there is data to fill it.</summary>
    private static long SharedBuffers => Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8 / 1024 / 1024, 128, 2048);

    // Room for many services on a small machine. fsync stays on: what is acknowledged must survive a crash here too.
    private IEnumerable<string> Settings =>
    [
        "listen_addresses=127.0.0.1",
        string.Create(CultureInfo.InvariantCulture, $"port={server.Endpoint("tcp").Port()}"),
        "unix_socket_directories=",
        "max_connections=300",
        $"shared_buffers={SharedBuffers}MB",
        "max_wal_size=1GB",
        "log_min_messages=warning",
        "log_line_prefix=",
        "cluster_name=livingcity",

        // Recovery after a crash first syncs every file of every database one by one, which takes seconds; Linux syncs the file system in one go.
        .. OperatingSystem.IsLinux() ? ["recovery_init_sync_method=syncfs"] : Array.Empty<string>(),
    ];

    private async Task CreateClusterAsync(CancellationToken cancellationToken)
    {
        // Made aside and put in its place when it is complete: what an interrupted initdb leaves looks like a cluster and is none.
        var unfinished = $"{cluster}.new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
        var passwordFile = $"{cluster}.password";
        PrivateFile.Write(passwordFile, server.Password);
        await Unprivileged.OwnAsync(unfinished, User, cancellationToken);
        await Unprivileged.OwnAsync(passwordFile, User, cancellationToken);
        try
        {
            string[] arguments =
            [
                "-D", unfinished, "-U", server.UserName, $"--pwfile={passwordFile}", "--auth=scram-sha-256",
                "--encoding=UTF8", $"--locale={Locale()["LC_ALL"]}", "--no-sync", "--no-instructions",
            ];
            await Tool.RunAsync(initdb, arguments, User, cancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(unfinished, cluster);
    }

    private static Dictionary<string, string> Locale() => new() { ["LC_ALL"] = OperatingSystem.IsMacOS() ? "en_US.UTF-8" : "C.UTF-8" };
}
