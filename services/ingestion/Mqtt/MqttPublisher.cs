using System.Collections.Concurrent;
using LivingCity.ServiceDefaults.Http;
using Microsoft.Extensions.Options;

namespace LivingCity.Ingestion.Mqtt;

/// <summary>
/// Publishes over MQTT 3.1.1 and 5.0. Connections are kept, one per broker, login and version, and opened anew when they have ended.
/// Stands in for MQTTnet, which is not published everywhere; it knows what a publisher needs and no subscriptions. Thread-safe.
/// </summary>
internal sealed class MqttPublisher(AddressGuard guard, IOptions<MqttSettings> settings, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(MqttAddress Broker, MqttVersion Version), Lazy<Task<MqttConnection>>> connections = new();
    private readonly ConcurrentDictionary<MqttAddress, MqttVersion> spoken = new();

    /// <summary>Publishes one message; returns when the broker has taken it as <paramref name="qos"/> demands.</summary>
    /// <param name="address">Broker and topic.</param>
    /// <param name="version">The version to speak; null for 5.0 where the broker does, else 3.1.1.</param>
    /// <param name="payload">The message.</param>
    /// <param name="qos">0: at most once; 1: at least once; 2: exactly once per call.</param>
    /// <param name="cancellationToken">Ends the wait. The message may have been published nevertheless.</param>
    /// <exception cref="IOException">The broker cannot be reached, refused, or went away before it acknowledged.</exception>
    public async Task PublishAsync(MqttAddress address, MqttVersion? version, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken)
    {
        var broker = address with { Topic = "" };
        var first = version ?? spoken.GetValueOrDefault(broker, MqttVersion.V5);
        MqttConnection connection;
        try
        {
            connection = await ConnectionAsync(broker, first, cancellationToken);
        }
        catch (MqttVersionException) when (version is null && first == MqttVersion.V5)
        {
            spoken[broker] = MqttVersion.V311;
            connection = await ConnectionAsync(broker, MqttVersion.V311, cancellationToken);
        }

        await connection.PublishAsync(address.Topic, payload, qos, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections.Values)
        {
            try
            {
                await (await connection.Value).DisposeAsync();
            }
            catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or HttpRequestException or OperationCanceledException)
            {
                // It was never open.
            }
        }
    }

    private async Task<MqttConnection> ConnectionAsync(MqttAddress broker, MqttVersion version, CancellationToken cancellationToken)
    {
        var key = (broker, version);
        while (true)
        {
            var entry = connections.GetOrAdd(key, _ => new Lazy<Task<MqttConnection>>(() => OpenAsync(broker, version)));
            try
            {
                var connection = await entry.Value.WaitAsync(cancellationToken);
                if (connection.IsOpen)
                {
                    return connection;
                }
            }
            catch when (entry.Value.IsCompleted)
            {
                connections.TryRemove(KeyValuePair.Create(key, entry));
                throw;
            }

            connections.TryRemove(KeyValuePair.Create(key, entry));
        }
    }

    /// <summary>Shared by all who wait for this connection, so none of them cancels it.</summary>
    private async Task<MqttConnection> OpenAsync(MqttAddress broker, MqttVersion version)
    {
        using var patience = new CancellationTokenSource(ConnectPatience, time);
        return await MqttConnection.OpenAsync(broker, version, guard, settings, time, patience.Token);
    }
}
