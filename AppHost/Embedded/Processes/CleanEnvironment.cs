namespace LivingCity.AppHost.Embedded;

/// <summary>A child gets the host's environment without what configures the host itself, so that every machine starts the same thing.</summary>
internal static class CleanEnvironment
{
    private static readonly string[] HostOnly =
        ["ASPNETCORE_", "DOTNET_ENVIRONMENT", "DOTNET_URLS", "DOTNET_STARTUP_HOOKS", "ConnectionStrings__", "Parameters__", "services__", "OTEL_", "MSBUILD", "RABBITMQ_", "ERL_", "PG"];

    public static void Apply(IDictionary<string, string?> inherited, IReadOnlyDictionary<string, string> added)
    {
        foreach (var name in inherited.Keys.Where(name => HostOnly.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            inherited.Remove(name);
        }

        foreach (var (name, value) in added)
        {
            inherited[name] = value;
        }
    }
}
