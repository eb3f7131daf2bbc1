namespace LivingCity.AppHost.Embedded;

/// <summary>PostgreSQL refuses to run as root, so when the host is root the servers run as the users their packages made.</summary>
internal static class Unprivileged
{
    /// <summary>The command that changes to the user and then becomes the program, or nothing when the host is not root.</summary>
    public static string[] Prefix(string? user) => user is null || !Environment.IsPrivilegedProcess
        ? []
        : ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--inh-caps=-all", "--"];

    public static async Task OwnAsync(string path, string user, CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await Tool.RunAsync("chown", ["-R", $"{user}:", path], cancellationToken: cancellationToken);
        }
    }

    /// <summary>Whether the user may enter the folder; a home folder often closes that off.</summary>
    public static async Task<bool> CanEnterAsync(string folder, string user, CancellationToken cancellationToken) =>
        !Environment.IsPrivilegedProcess
        || await Tool.ExitCodeAsync("test", ["-x", folder], user, cancellationToken) == 0;

    public static bool Exists(string user) =>
        !Environment.IsPrivilegedProcess || File.ReadLines("/etc/passwd").Any(line => line.StartsWith($"{user}:", StringComparison.Ordinal));
}
