namespace LivingCity.AppHost.Embedded;

/// <summary>Where distributions put RabbitMQ's and Erlang's programs.</summary>
internal static class RabbitMqPrograms
{
    // Debian's program of that name in /usr/sbin is a wrapper that ignores the environment; the real one lies elsewhere.
    public static string Server() => Programs.Find("rabbitmq-server", "rabbitmq-server", "/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin", "/usr/local/sbin");

    public static string NameServer() => Programs.Find("epmd", "erlang-base", "/usr/bin", "/opt/homebrew/bin", "/usr/local/bin");
}
