using Microsoft.Extensions.Configuration;

namespace LivingCity.AppHost.Embedded;

/// <summary>Reads <c>AppHost -- [run|down|reset|status] [options]</c>.</summary>
internal static class CommandLine
{
    public const string Usage = """
        AppHost -- [run|down|reset|status] [options]

          run      start the platform and keep it running until Ctrl+C (the default)
          down     stop the platform that runs on the data folder
          reset    stop it and delete its data
          status   show what runs; exit code 0 only if all is healthy

          --data <folder>         keep data here instead of .livingcity in the repository
          --ephemeral             keep no data
          --city demo             load the synthetic demonstration city
          --participants a,b      a connector of its own for each of these cities, to see them deal with each other
          --conformance <file>    a connector that a conformance kit drives (services/dataspace/Conformance)
          --no-table              plain log lines, no live table
          --Section:Key=value     any setting
        """;

    private static readonly string[] Commands = ["run", "down", "reset", "status"];

    /// <summary>Errors end up in the command <c>error:...</c>, so that the person gets one line and the usage, not a stack trace.</summary>
    public static StackOptions Parse(string[] args)
    {
        var hostDirectory = FindHostDirectory();
        var options = new StackOptions
        {
            Configuration = Configure(hostDirectory, args),
            AppHostDirectory = hostDirectory,
            DataFolder = Path.Combine(Path.GetDirectoryName(hostDirectory)!, ".livingcity"),
        };
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                var command when Commands.Contains(command) => options with { Command = command },
                "--ephemeral" => options with { Ephemeral = true },
                "--no-table" => options with { Table = false },
                "--data" when i + 1 < args.Length => options with { DataFolder = Path.GetFullPath(args[++i]) },
                "--city" when i + 1 < args.Length && args[i + 1] == "demo" => With(options, "Parameters:city-demo", args[++i] == "demo" ? "true" : "false"),
                "--participants" when i + 1 < args.Length => With(options, "participants", args[++i]),
                "--conformance" when i + 1 < args.Length => With(options, "conformance", Path.GetFullPath(args[++i])),
                "--help" or "-h" => options with { Command = "help" },
                var setting when setting.StartsWith("--", StringComparison.Ordinal) && setting.Contains('=', StringComparison.Ordinal) => options,
                var unknown => options with { Command = $"error:'{unknown}' is not understood." },
            };
        }

        return options;
    }

    public static StackOptions ForTest(string[] args, string hostDirectory) => new()
    {
        Configuration = Configure(hostDirectory, args),
        AppHostDirectory = hostDirectory,
        DataFolder = "",
        Ephemeral = true,
        RandomPorts = true,
        Table = false,
    };

    /// <summary>The folder of AppHost.cs, found upwards from where the program was built: nothing about this machine is compiled in.</summary>
    public static string FindHostDirectory()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var host = Path.Combine(folder.FullName, "AppHost");
            if (File.Exists(Path.Combine(host, "AppHost.csproj")))
            {
                return host;
            }
        }

        throw new ResourceFailedException("The repository is not around this program: run it where it was built.");
    }

    private static StackOptions With(StackOptions options, string setting, string value)
    {
        options.Configuration[setting] = value;
        return options;
    }

    private static IConfiguration Configure(string hostDirectory, string[] args) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(hostDirectory, "appsettings.json"), optional: true)
        .AddEnvironmentVariables()
        .AddCommandLine([.. args.Where(argument => argument.Contains('=', StringComparison.Ordinal))])
        .Build();
}
