using System.Collections.Concurrent;
using System.Diagnostics;
using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests.Mqtt;

/// <summary>Somebody else's client (mosquitto_sub) that hears what is published.</summary>
internal sealed class MqttSubscriber : IAsyncDisposable
{
    private readonly Process process;
    private volatile bool subscribed;

    private MqttSubscriber(Process process) => this.process = process;

    /// <summary>Quality of service, topic and payload of each message, in order.</summary>
    public ConcurrentQueue<(int Qos, string Topic, string Payload)> Heard { get; } = new();

    public static async Task<MqttSubscriber> StartAsync(string broker, string topic)
    {
        var address = new Uri(broker);
        string[] login = address.UserInfo.Split(':') is [{ Length: > 0 } user, var password] ? ["-u", user, "-P", Uri.UnescapeDataString(password)] : [];
        var subscriber = new MqttSubscriber(new Process
        {
            StartInfo = new ProcessStartInfo("stdbuf", ["-oL", "mosquitto_sub", "-h", address.Host, "-p", $"{address.Port}", .. login, "-t", topic, "-q", "2", "-d", "-F", "MSG %q %t %p"]) { RedirectStandardOutput = true },
        });
        subscriber.process.OutputDataReceived += (_, line) => subscriber.Read(line.Data);
        subscriber.process.Start();
        subscriber.process.BeginOutputReadLine();
        await Eventually.TrueAsync(() => Task.FromResult(subscriber.subscribed), $"mosquitto_sub has subscribed to {topic}");
        return subscriber;
    }

    public Task CountAsync(int count) => Eventually.TrueAsync(() => Task.FromResult(Heard.Count >= count), $"{count} messages are heard");

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Read(string? line)
    {
        if (line?.StartsWith("MSG ", StringComparison.Ordinal) == true)
        {
            var parts = line.Split(' ', 4);
            Heard.Enqueue((int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), parts[2], parts[3]));
        }

        subscribed |= line?.StartsWith("Subscribed", StringComparison.Ordinal) == true;
    }
}
