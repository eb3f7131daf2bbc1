using System.Globalization;
using Spectre.Console;

namespace LivingCity.AppHost.Embedded;

/// <summary>The resources as a table for the terminal. Databases share their server's fate and are shown only when they have one of their own.</summary>
internal static class ResourceTable
{
    public static Table Of(IEnumerable<ResourceSnapshot> resources)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("resource", "state", "address", "restarts");
        foreach (var resource in resources.Where(resource => resource is not { Kind: "database", State: not ResourceState.Failed }))
        {
            table.AddRow(
                new Text(resource.Name),
                new Text(State(resource), Style(resource.State)),
                new Text(string.Join('\n', resource.Addresses)),
                new Text(resource.Restarts.ToString(CultureInfo.InvariantCulture)));
        }

        return table;
    }

    private static string State(ResourceSnapshot resource) => resource.State is ResourceState.Failed or ResourceState.Unhealthy && resource.Message is { } message
        ? $"{resource.State}: {message}"
        : resource.State.ToString();

    private static Style Style(ResourceState state) => state switch
    {
        ResourceState.Healthy or ResourceState.Completed => new(Color.Green),
        ResourceState.Failed or ResourceState.Unhealthy or ResourceState.Restarting => new(Color.Red),
        _ => new(Color.Yellow),
    };
}
