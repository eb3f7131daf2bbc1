namespace LivingCity.AppHost.Embedded;

/// <summary>
/// One small shell per process that outlives its host just long enough to clean up: it reads from a pipe whose other end only the host holds, and when
/// that end closes, however the host died, it kills the process group. A parent-death signal would not do: it is bound to the thread
/// that started the process, and does not reach grandchildren.
/// </summary>
internal static class Guardian
{
    /// <summary>Arguments of <c>sh</c>. The first line of output is the id of the process, which leads a session and group of its own.</summary>
    public static IEnumerable<string> Arguments(IEnumerable<string> command) => ["-c", Script, "guardian", .. command];

    // PostgreSQL's backends and Erlang's helpers leave the group; they end with their parent, and its direct children are killed with it to be sure.
    private const string Script = """
        exec 3<&0
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
            kill -KILL -- "-$child" "$child" $children 2>/dev/null
        }
        ( while read -r _ <&3; do :; done; finish ) >/dev/null 2>&1 &
        watcher=$!
        while wait "$child"; code=$?; kill -0 "$child" 2>/dev/null; do :; done
        kill -KILL "$watcher" 2>/dev/null
        finish
        exit "$code"
        """;
}
