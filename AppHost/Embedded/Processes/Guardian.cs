namespace LivingCity.AppHost.Embedded;

/// <summary>
/// One small shell per process that outlives its host just long enough to clean up: it reads from a pipe whose other end only the host holds, and when
/// that end closes, however the host died, it kills the process group. A parent-death signal would not do: it is bound to the thread
/// that started the process, and does not reach grandchildren.
/// </summary>
internal static class Guardian
{
    private static readonly string? NewSession = Programs.TryFind("setsid", "/usr/bin");

    /// <summary>
    /// Runs the command behind a guardian. The first line of output is the id of the process. Guardian and process each lead a session of their own, so that
    /// what is sent to the host's process group, a Ctrl+C or a <c>kill -9</c>, leaves the guardian at its post.
    /// </summary>
    public static string[] CommandLine(IEnumerable<string> command) =>
        NewSession is null ? ["/bin/sh", "-c", Script, "guardian", .. command] : [NewSession, "/bin/sh", "-c", Script, "guardian", .. command];

    // PostgreSQL's backends and Erlang's helpers leave the group; they end with their parent, and its direct children are killed with it to be sure.
    private const string Script = """
        exec 3<&0 2>/dev/null
        trap : INT TERM HUP QUIT
        start='echo $$; exec "$@"'
        if command -v setsid >/dev/null 2>&1; then
            setsid sh -c "$start" child "$@" 3<&- </dev/null 2>&1 &
        else
            set -m
            sh -c "$start" child "$@" 3<&- </dev/null 2>&1 &
        fi
        child=$!
        finish() {
            children=$(cat /proc/$child/task/*/children 2>/dev/null)
            kill -s KILL -- "-$child" "$child" $children 2>/dev/null
        }
        ( trap '' INT TERM HUP QUIT; while read -r _ <&3; do :; done; finish ) >/dev/null 2>&1 &
        watcher=$!
        while wait "$child"; code=$?; kill -0 "$child" 2>/dev/null; do :; done
        kill -s KILL "$watcher" 2>/dev/null
        finish
        exit "$code"
        """;
}
