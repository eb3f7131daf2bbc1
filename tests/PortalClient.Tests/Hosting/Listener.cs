using System.Net.ServerSentEvents;
using LivingCity.Contracts.Ingestion;

namespace LivingCity.PortalClient.Tests.Hosting;

/// <summary>A client of the stream that reads event by event.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient client;
    private readonly HttpResponseMessage response;
    private readonly IAsyncEnumerator<SseItem<string>> events;

    private Listener(HttpClient client, HttpResponseMessage response, Stream stream)
    {
        (this.client, this.response) = (client, response);
        events = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
    }

    /// <summary>The id of the last event that had one.</summary>
    public string? Position { get; private set; }

    public static async Task<Listener> OpenAsync(HttpClient client, string? position = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/portal/stream");
        if (position is not null)
        {
            request.Headers.Add("Last-Event-ID", position);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return new Listener(client, response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The next event, heartbeats included; null at the stream's end.</summary>
    public async Task<SseItem<string>?> NextOfAnyKindAsync()
    {
        if (!await events.MoveNextAsync().AsTask().WaitAsync(Patience))
        {
            return null;
        }

        Position = events.Current.EventId ?? Position;
        return events.Current;
    }

    /// <summary>The next event that is no heartbeat.</summary>
    public async Task<SseItem<string>> NextAsync()
    {
        while (true)
        {
            var next = await NextOfAnyKindAsync() ?? throw new EndOfStreamException("The stream has ended.");
            if (next.EventType != "heartbeat")
            {
                return next;
            }
        }
    }

    /// <summary>Reads on until an event of this kind and with this in its data.</summary>
    public async Task UntilAsync(string kind, string data)
    {
        while (await NextOfAnyKindAsync() is not { } next || next.EventType != kind || !next.Data.Contains(data, StringComparison.Ordinal))
        {
        }
    }

    public static ObservationsRecorded Reading(string city, string station, double value, DateTimeOffset? at = null, int stations = 1) => new(
        city, at ?? DateTimeOffset.UnixEpoch,
        [.. Enumerable.Range(0, stations).Select(number => new Observation(
            number == 0 ? station : $"{station}:{number}", "WeatherObserved", at ?? DateTimeOffset.UnixEpoch, new Dictionary<string, Measurement> { ["temperature"] = new(value, "CEL") }))]);

    public async ValueTask DisposeAsync()
    {
        response.Dispose();
        client.Dispose();
        try
        {
            await events.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            // The stream was cut while it was read, which is what a client that leaves does.
        }
    }
}
