using System.CommandLine;

namespace LivingCity.Cli.Platform;

/// <summary>The options by which every command finds the platform and signs in. Secrets come from the environment, never from the command line.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<Uri> gateway = new("--gateway")
    {
        Description = "The gateway's address.",
        DefaultValueFactory = _ => new Uri(Environment.GetEnvironmentVariable("GATEWAY_URL") ?? "http://localhost:8080"),
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https"))
            {
                return address;
            }

            result.AddError($"'{result.Tokens[0].Value}' is not an address like http://localhost:8080.");
            return null;
        },
    };

    private readonly Option<string?> client = new("--client") { Description = "Sign in as this client; its secret is in LIVINGCITY_SECRET." };

    private readonly Option<string> user = new("--user")
    {
        Description = "Sign in as this demonstration user; the password is in DEMO_PASSWORD (default: demo).", DefaultValueFactory = _ => "officer@sofia.example",
    };

    public static ConnectionOptions AddTo(Command command)
    {
        var options = new ConnectionOptions();
        command.Add(options.gateway);
        command.Add(options.client);
        command.Add(options.user);
        return options;
    }

    public Uri Gateway(ParseResult parsed) => parsed.GetValue(gateway)!;

    public PlatformClient Connect(ParseResult parsed) => new(Gateway(parsed), parsed.GetValue(client) is { } name
        ? new Credentials(null, null, name, Environment.GetEnvironmentVariable("LIVINGCITY_SECRET"))
        : new Credentials(parsed.GetValue(user), Environment.GetEnvironmentVariable("DEMO_PASSWORD") ?? "demo", null, null));
}
