using System.Net.Http.Json;

namespace LivingCity.AppHost.Embedded;

/// <summary>Shows what runs on a data folder; exit code 0 only when all of it is healthy.</summary>
internal static class StatusCommand
{
    public static async Task<int> RunAsync(string folder, CancellationToken cancellationToken)
    {
        if (RunningStack.Find(folder) is not { } running)
        {
            Console.WriteLine($"Nothing runs on {folder}.");
            return 1;
        }

        using var client = new HttpClient { BaseAddress = running.Dashboard };
        List<ResourceSnapshot> resources;
        try
        {
            resources = await client.GetFromJsonAsync<List<ResourceSnapshot>>("api/resources", DashboardJson.Options, cancellationToken) ?? [];
        }
        catch (HttpRequestException)
        {
            throw new ResourceFailedException($"The stack (process {running.ProcessId}) does not answer: it is starting or stopping.");
        }

        Terminal.Output.Write(ResourceTable.Of(resources));
        Console.WriteLine($"Dashboard: {running.Dashboard}");
        return resources.TrueForAll(resource => resource.State is ResourceState.Healthy or ResourceState.Completed) ? 0 : 1;
    }
}
