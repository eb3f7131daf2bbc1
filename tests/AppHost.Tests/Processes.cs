using System.Globalization;

namespace LivingCity.AppHost.Tests;

/// <summary>Looks at processes as the system knows them. A dead one that nobody has collected yet counts as dead.</summary>
internal static class Processes
{
    public static bool IsAlive(int processId)
    {
        try
        {
            // "123 (name) S ...": the state follows the last parenthesis, Z is a zombie.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>All living processes whose command line or environment names the text.</summary>
    public static IReadOnlyList<int> Mentioning(string text) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId && IsAlive(id) && (Read(id, "cmdline") + Read(id, "environ")).Contains(text, StringComparison.Ordinal)),
    ];

    public static IReadOnlyList<int> ChildrenOf(int processId) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && IsAlive(id) && Parent(id) == processId),
    ];

    /// <summary>A process with all that descend from it now.</summary>
    public static IReadOnlyList<int> Tree(int processId) => [processId, .. ChildrenOf(processId).SelectMany(Tree)];

    /// <summary>The arguments, each ended by a zero character.</summary>
    public static string CommandLine(int processId) => Read(processId, "cmdline");

    private static int Parent(int processId)
    {
        var stat = Read(processId, "stat");
        return stat.LastIndexOf(')') is var end and > 0 ? int.Parse(stat[(end + 4)..].Split(' ')[0], CultureInfo.InvariantCulture) : 0;
    }

    private static string Read(int processId, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/{file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
