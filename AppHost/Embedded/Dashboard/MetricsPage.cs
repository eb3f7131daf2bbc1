namespace LivingCity.AppHost.Embedded;

internal static class MetricsPage
{
    public static Html Render(DashboardData data, string? resource)
    {
        var metrics = data.Telemetry.Metrics;
        var shown = metrics
            .Where(point => string.IsNullOrEmpty(resource) || point.Service == resource)
            .OrderBy(point => point.Service, StringComparer.Ordinal).ThenBy(point => point.Name, StringComparer.Ordinal);
        return Layout.Page("Metrics", Html.Of($"""
            <form><label>Resource {Choice.Of("resource", metrics.Select(point => point.Service), resource)}</label> <button>Show</button></form>
            <table><thead><tr><th scope="col">Resource</th><th scope="col">Metric</th><th scope="col">Attributes</th><th scope="col">Value</th><th scope="col">Unit</th><th scope="col">Count</th></tr></thead>
            <tbody>{Html.Join(shown.Select(Row))}</tbody></table>
            """));
    }

    /// <summary>A histogram shows the mean of what it has measured.</summary>
    private static Html Row(ReceivedPoint point) => Html.Of($"""
        <tr><td>{point.Service}</td><td>{point.Name}</td><td>{string.Join(", ", point.Attributes.Select(pair => $"{pair.Key}={pair.Value}"))}</td>
        <td class="number">{(point.Count > 0 ? point.Value / point.Count.Value : point.Value):0.####}</td><td>{point.Unit}</td><td class="number">{point.Count?.ToString(System.Globalization.CultureInfo.InvariantCulture)}</td></tr>
        """);
}
