namespace LivingCity.AppHost.Embedded;

/// <summary>Structured logs received over OTLP.</summary>
internal static class LogsPage
{
    private const int Shown = 500;

    public static Html Render(DashboardData data, string? resource, string? severity)
    {
        var least = Enum.TryParse<LogSeverity>(severity, ignoreCase: true, out var parsed) ? parsed : LogSeverity.Unspecified;
        var logs = data.Telemetry.Logs;
        var shown = logs.Where(log => (string.IsNullOrEmpty(resource) || log.Service == resource) && log.Severity >= least).OrderByDescending(log => log.Time).Take(Shown).ToList();
        return Layout.Page("Logs", Html.Of($"""
            <form><label>Resource {Choice.Of("resource", logs.Select(log => log.Service), resource)}</label>
            <label>At least {Choice.Of("severity", ["Information", "Warning", "Error"], severity)}</label> <button>Show</button></form>
            <table><thead><tr><th scope="col">Time</th><th scope="col">Severity</th><th scope="col">Resource</th><th scope="col">Message</th><th scope="col">Trace</th></tr></thead>
            <tbody>{Html.Join(shown.Select(Row))}</tbody></table>
            """));
    }

    private static Html Row(ReceivedLog log) => Html.Of($"""
        <tr><td>{Layout.Time(log.Time)}</td><td><span class="severity {Name(log)}">{Name(log)}</span></td><td>{log.Service}</td>
        <td class="message" title="{log.Category}">{log.Message}</td><td>{Trace(log)}</td></tr>
        """);

    private static Html Trace(ReceivedLog log) => log.TraceId.Length == 0 ? default : Html.Of($"""<a href="traces/{log.TraceId}">{log.TraceId[..8]}</a>""");

    private static string Name(ReceivedLog log) => log.Severity switch
    {
        >= LogSeverity.Critical => "critical",
        >= LogSeverity.Error => "error",
        >= LogSeverity.Warning => "warning",
        >= LogSeverity.Information => "information",
        _ => "debug",
    };
}

/// <summary>What the processes wrote to their output.</summary>
internal static class OutputPage
{
    public static Html Render(DashboardData data, string? resource)
    {
        var names = data.Notifications.All.Select(snapshot => snapshot.Name).ToList();
        var chosen = resource is not null && names.Contains(resource) ? resource : names.FirstOrDefault("");
        return Layout.Page("Output", Html.Of($"""
            <form><label>Resource {Choice.Of("resource", names, chosen)}</label> <button>Show</button></form>
            <pre tabindex="0">{string.Join('\n', data.Output.Of(chosen))}</pre>
            """));
    }
}

internal static class Choice
{
    public static Html Of(string name, IEnumerable<string> values, string? chosen) => Html.Of($"""
        <select name="{name}"><option value="">all</option>{Html.Join(values.Distinct().Order().Select(value => value == chosen
            ? Html.Of($"<option selected>{value}</option>")
            : Html.Of($"<option>{value}</option>")))}</select>
        """);
}
