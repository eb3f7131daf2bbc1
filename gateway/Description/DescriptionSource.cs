using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Gateway.Routing;
using Yarp.ReverseProxy;

namespace LivingCity.Gateway.Description;

/// <summary>Fetches the services' documents and keeps the merged one for a while. Safe for concurrent use; one caller at a time fetches.</summary>
internal sealed partial class DescriptionSource(IProxyStateLookup proxy, IHttpClientFactory clients, TimeProvider time, ILogger<DescriptionSource> logger) : IDisposable
{
    public const string Client = "descriptions";
    private static readonly TimeSpan KeptWhole = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeptWithGaps = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim fetching = new(1);
    private volatile Kept? kept;

    /// <summary>The merged document as JSON in UTF-8.</summary>
    public async Task<ReadOnlyMemory<byte>> GetAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } before)
        {
            return before.Json;
        }

        await fetching.WaitAsync(cancellation);
        try
        {
            if (Fresh() is { } meanwhile)
            {
                return meanwhile.Json;
            }

            var documents = await Task.WhenAll(PlatformRoutes.Services.Select(service => FetchAsync(service, cancellation)));
            var json = JsonSerializer.SerializeToUtf8Bytes(MergedDescription.Merge(documents));
            kept = new Kept(json, time.GetUtcNow() + (documents.All(entry => entry.Document is not null) ? KeptWhole : KeptWithGaps));
            return json;
        }
        finally
        {
            fetching.Release();
        }
    }

    public void Dispose() => fetching.Dispose();

    private Kept? Fresh() => kept is { } current && current.Until > time.GetUtcNow() ? current : null;

    private async Task<(string Service, JsonObject? Document)> FetchAsync(string service, CancellationToken cancellation)
    {
        if (!proxy.TryGetCluster(service, out var cluster))
        {
            return (service, null);
        }

        using var client = clients.CreateClient(Client);
        foreach (var replica in cluster.DestinationsState.AvailableDestinations)
        {
            try
            {
                await using var answer = await client.GetStreamAsync(new Uri(new Uri(replica.Model.Config.Address), "/openapi/v1.json"), cancellation);
                return (service, (await JsonNode.ParseAsync(answer, cancellationToken: cancellation))!.AsObject());
            }
            catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidOperationException or Polly.ExecutionRejectedException
                || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                NotAnswering(logger, service, exception.Message);
            }
        }

        return (service, null);
    }

    [LoggerMessage(2000, LogLevel.Warning, "No OpenAPI document from {Service}: {Reason}")]
    private static partial void NotAnswering(ILogger logger, string service, string reason);

    private sealed record Kept(ReadOnlyMemory<byte> Json, DateTimeOffset Until);
}
