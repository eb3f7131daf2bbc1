using System.Runtime.InteropServices;

namespace LivingCity.AppHost.Embedded;

internal static partial class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Sends a signal to one process; false when it is gone.</summary>
    public static bool Send(int processId, int signal) => kill(processId, signal) == 0;

    /// <summary>Kills a process, its group and its direct children (PostgreSQL's backends lead groups of their own).</summary>
    public static void KillTree(int processId)
    {
        var children = ChildrenOf(processId);
        _ = kill(-processId, Kill);
        _ = kill(processId, Kill);
        foreach (var child in children)
        {
            _ = kill(child, Kill);
        }
    }

    private static int[] ChildrenOf(int processId)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{processId}/task/{processId}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
