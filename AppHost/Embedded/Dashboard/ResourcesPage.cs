namespace LivingCity.AppHost.Embedded;

internal static class ResourcesPage
{
    private const int RefreshSeconds = 5;

    public static Html Render(DashboardData data) => Layout.Page("Resources", Html.Of($"""
        <table>
        <thead><tr><th scope="col">Resource</th><th scope="col">Kind</th><th scope="col">State</th><th scope="col">Address</th><th scope="col">Process</th><th scope="col">Restarts</th></tr></thead>
        <tbody>{Html.Join(data.Notifications.All.Select(Row))}</tbody>
        </table>
        """), refreshSeconds: RefreshSeconds);

    private static Html Row(ResourceSnapshot resource) => Html.Of($"""
        <tr><th scope="row"><a href="output?resource={resource.Name}">{resource.Name}</a></th><td>{resource.Kind}</td>
        <td><span class="state {resource.State.ToString().ToLowerInvariant()}">{resource.State.ToString()}</span> {resource.Message}</td>
        <td>{Html.Join(resource.Addresses.Select(Address))}</td><td>{string.Join(", ", resource.ProcessIds)}</td><td>{resource.Restarts}</td></tr>
        """);

    private static Html Address(string address) => address.StartsWith("http", StringComparison.Ordinal)
        ? Html.Of($"""<a href="{address}">{address}</a><br>""")
        : Html.Of($"{address}<br>");
}
