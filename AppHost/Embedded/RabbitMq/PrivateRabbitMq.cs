using System.Globalization;

namespace LivingCity.AppHost.Embedded;

/// <summary>A broker of our own: one node with its data, cookie and name server in the data folder, everything on loopback.</summary>
internal sealed class PrivateRabbitMq(RabbitMQServerResource broker, Stack stack) : ILifecycle
{
    public const string User = "rabbitmq";
    private readonly int nameServerPort = stack.Ports.Next();
    private readonly int distributionPort = stack.Ports.Next();
    private string folder = "";
    private string server = "";
    private string nameServer = "";

    // The name is part of the data's address: the same one finds the data again.
    private static string Node => "livingcity@localhost";

    public void Locate()
    {
        server = RabbitMqPrograms.Server();
        nameServer = RabbitMqPrograms.NameServer();
        if (!Unprivileged.Exists(User))
        {
            throw Programs.Missing($"RabbitMQ's user '{User}'", "rabbitmq-server");
        }
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        folder = await stack.Data.ForServerAsync(broker.Name, User, cancellationToken);
        foreach (var part in new[] { "home", "mnesia", "log" })
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
        }

        PrivateFile.Write(Path.Combine(folder, "home", ".erlang.cookie"), stack.Data.Secrets.Get($"{broker.Name}-cookie"));
        PrivateFile.Write(Path.Combine(folder, "rabbitmq.conf"), Configuration());
        await Unprivileged.OwnAsync(folder, User, cancellationToken);
    }

    // The name server belongs to the group and ends with it; Erlang would start it as a daemon that stays. The node registers with it, so it must listen first.
    private const string Start = """
        echo "$2" > enabled_plugins
        "$0" -address 127.0.0.1 -port "$ERL_EPMD_PORT" &
        for attempt in 1 2 3 4 5 6 7 8 9 10; do
            "$0" -port "$ERL_EPMD_PORT" -names >/dev/null 2>&1 && break
            sleep 0.1
        done
        exec "$1"
        """;

    public LaunchPlan Plan(int replica) =>
        new("/bin/sh", ["-c", Start, nameServer, server, Plugins(broker.HasManagement ? ["management"] : [])], folder, Variables(), User);

    /// <summary>The management API, where there is one, tells a node that answers from a socket that is merely open.</summary>
    public async Task<string?> CheckAsync(int replica, CancellationToken cancellationToken) =>
        await AmqpHealth.CheckAsync("127.0.0.1", broker.Endpoint("tcp").Port(), cancellationToken)
        ?? (broker.HasManagement ? await HttpHealth.CheckAsync(Management, 200, cancellationToken, (broker.UserName, broker.Password)) : null);

    private string Management => broker.Endpoint("management").Url() + "/api/health/checks/local-alarms";

    private string Configuration()
    {
        var lines = new List<string>
        {
            Line($"listeners.tcp.1 = 127.0.0.1:{broker.Endpoint("tcp").Port()}"),
            Line($"mqtt.listeners.tcp.1 = 127.0.0.1:{broker.Endpoint("mqtt").Port()}"),
            "mqtt.allow_anonymous = false",
            $"default_user = {broker.UserName}",
            $"default_pass = {broker.Password}",
            "loopback_users = none",
            "log.console = true",
            "log.console.level = warning",
            "log.file = false",
        };
        if (broker.HasManagement)
        {
            lines.Add("management.tcp.ip = 127.0.0.1");
            lines.Add(Line($"management.tcp.port = {broker.Endpoint("management").Port()}"));
        }

        return string.Join('\n', lines) + '\n';
    }

    private Dictionary<string, string> Variables() => new()
    {
        ["HOME"] = Path.Combine(folder, "home"),
        ["LC_ALL"] = "C.UTF-8",
        ["RABBITMQ_NODENAME"] = Node,
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
        ["RABBITMQ_LOGS"] = "-",
        ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
        ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
        ["ERL_EPMD_PORT"] = Line($"{nameServerPort}"),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",

        // Without it the start script stays as a parent, and a signal would have to pass through rabbitmqctl, an Erlang machine of its own.
        ["RABBITMQ_ALLOW_INPUT"] = "true",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = Line(
            $"-noinput +S 2:2 -start_epmd false -sname {Node} -kernel inet_dist_use_interface {{127,0,0,1}} -kernel inet_dist_listen_min {distributionPort} -kernel inet_dist_listen_max {distributionPort} -eval {StartMqtt}"),
    };

    /// <summary>
    /// Enables MQTT when AMQP is up already: on its first start the plugin waits six seconds for other nodes (20 times 300 ms), and the whole broker with it.
    /// Erlang without a space, because the start script splits its arguments at every one.
    /// </summary>
    private string StartMqtt =>
        $$"""{ok,F}=application:get_env(rabbit,enabled_plugins_file),ok=file:write_file(F,"{{Plugins(broker.HasManagement ? ["management", "mqtt"] : ["mqtt"])}}"),rabbit_plugins:ensure(F).""";

    private static string Plugins(IEnumerable<string> names) => $"[{string.Join(',', names.Select(name => $"rabbitmq_{name}"))}].";

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
