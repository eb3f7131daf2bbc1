using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using LivingCity.ServiceDefaults.Http;
using Microsoft.Extensions.Options;

namespace LivingCity.Ingestion.Mqtt;

/// <summary>
/// One connection to a broker, open from CONNACK until either side ends it. Any number of publications may be under way at once; each completes when the broker
/// has taken it as its quality of service demands. It ends by itself after a while without any.
/// </summary>
internal sealed class MqttConnection : IAsyncDisposable
{
    private const int MaxInFlight = 256;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private readonly Stream stream;
    private readonly MqttVersion version;
    private readonly int keepAliveSeconds;
    private readonly MqttWelcome welcome;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource closed = new();
    private readonly SemaphoreSlim writing = new(1);
    private readonly SemaphoreSlim room;
    private readonly ConcurrentDictionary<ushort, TaskCompletionSource<MqttPacket>> waiting = new();
    private readonly Task background;
    private long lastUse;
    private int lastId;
    private volatile bool pinged;

    private MqttConnection(Stream stream, MqttVersion version, MqttWelcome welcome, int keepAliveSeconds, TimeProvider time)
    {
        (this.stream, this.version, this.welcome, this.keepAliveSeconds, this.time) = (stream, version, welcome, welcome.ServerKeepAlive ?? keepAliveSeconds, time);
        room = new SemaphoreSlim(Math.Min(welcome.ReceiveMaximum, MaxInFlight));
        lastUse = time.GetTimestamp();
        background = Task.WhenAll(ReceiveAsync(), KeepAliveAsync());
    }

    public bool IsOpen => !closed.IsCancellationRequested;

    /// <summary>Connects, through the guard, and introduces itself.</summary>
    /// <exception cref="AddressNotAllowedException">The name leads to no public address.</exception>
    /// <exception cref="MqttVersionException">The broker does not speak this version.</exception>
    /// <exception cref="MqttException">The broker refused.</exception>
    public static async Task<MqttConnection> OpenAsync(
        MqttAddress address, MqttVersion version, AddressGuard guard, IOptions<MqttSettings> settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var stream = await ConnectAsync(address, guard, settings, cancellationToken);
        try
        {
            await stream.WriteAsync(MqttPackets.Connect(version, $"lc{Guid.NewGuid():N}"[..23], settings.Value.KeepAliveSeconds, address.User, address.Password), cancellationToken);
            var welcome = MqttWelcome.Read(await new MqttInput(stream).ReadAsync(cancellationToken));
            return welcome.Code == 0 ? new MqttConnection(stream, version, welcome, settings.Value.KeepAliveSeconds, time)
                : welcome.IsUnsupportedVersion ? throw new MqttVersionException(version)
                : throw new MqttException($"The broker refused the connection (0x{welcome.Code:x2}).");
        }
        catch (EndOfStreamException) when (version == MqttVersion.V5)
        {
            // Brokers of the time before version 5 hang up without a word.
            await stream.DisposeAsync();
            throw new MqttVersionException(version);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes; returns when the broker has taken it: at once (0), with PUBACK (1), with PUBREC, PUBREL and PUBCOMP (2).</summary>
    public async Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken)
    {
        Volatile.Write(ref lastUse, time.GetTimestamp());
        qos = Math.Min(qos, welcome.MaximumQos);
        if (qos == 0)
        {
            await WriteAsync(MqttPackets.Publish(version, topic, payload.Span, 0, 0), cancellationToken);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closed.Token);
        await room.WaitAsync(stop.Token);
        var (id, answer) = Register();
        try
        {
            await WriteAsync(MqttPackets.Publish(version, topic, payload.Span, qos, id), stop.Token);
            var packet = await answer.Task.WaitAsync(stop.Token);
            if (packet.Reason >= 0x80)
            {
                throw new MqttException($"The broker refused the publication (0x{packet.Reason:x2}).");
            }

            // RabbitMQ before 3.13 takes quality 2 as 1, and says so by its PUBACK.
            if (packet.Type == MqttPacketType.PubRec)
            {
                answer = new TaskCompletionSource<MqttPacket>(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting[id] = answer;
                await WriteAsync(MqttPackets.Release(id), stop.Token);
                await answer.Task.WaitAsync(stop.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MqttException("The connection ended before the broker had acknowledged.");
        }
        finally
        {
            waiting.TryRemove(id, out _);
            room.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (IsOpen)
        {
            try
            {
                await WriteAsync(MqttPackets.Disconnect, CancellationToken.None);
            }
            catch (IOException)
            {
                // It is gone already.
            }
        }

        await CloseAsync();
        await background;
    }

    private static async Task<Stream> ConnectAsync(MqttAddress address, AddressGuard guard, IOptions<MqttSettings> settings, CancellationToken cancellationToken)
    {
        var open = (await Dns.GetHostAddressesAsync(address.Host, cancellationToken)).Where(guard.Allows).ToArray();
        if (open.Length == 0)
        {
            throw new AddressNotAllowedException(address.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(open, address.Port, cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (!address.Tls)
            {
                return stream;
            }

            var tls = new SslStream(stream);
            stream = tls;
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.Host, CertificateChainPolicy = settings.ChainPolicy() }, cancellationToken);
            return tls;
        }
        catch
        {
            socket.Dispose();
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            throw;
        }
    }

    private (ushort Id, TaskCompletionSource<MqttPacket> Answer) Register()
    {
        var answer = new TaskCompletionSource<MqttPacket>(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            var id = (ushort)Interlocked.Increment(ref lastId);
            if (id != 0 && waiting.TryAdd(id, answer))
            {
                return (id, answer);
            }
        }
    }

    private async Task WriteAsync(byte[] packet, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            // Half a packet would spoil all that follow, hence no cancellation in between.
            await stream.WriteAsync(packet, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            await CloseAsync();
            throw exception as IOException ?? new MqttException("The connection is closed.");
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task ReceiveAsync()
    {
        var input = new MqttInput(stream);
        try
        {
            while (IsOpen)
            {
                var packet = await input.ReadAsync(closed.Token);
                if (packet.Type == MqttPacketType.Disconnect)
                {
                    break;
                }

                if (packet.Type == MqttPacketType.PingResp)
                {
                    pinged = false;
                }
                else if (packet.Type is MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubComp && waiting.TryGetValue(packet.Id, out var answer))
                {
                    answer.TrySetResult(packet);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Those who wait learn of it below.
        }

        await CloseAsync();
    }

    /// <summary>A broker drops a client that says nothing for one and a half times the keep-alive; a client drops a broker that does not answer its ping.</summary>
    private async Task KeepAliveAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Max(1, keepAliveSeconds / 2.0)), time);
        try
        {
            while (await timer.WaitForNextTickAsync(closed.Token) && !pinged && time.GetElapsedTime(Volatile.Read(ref lastUse)) < Idle)
            {
                pinged = true;
                await WriteAsync(MqttPackets.PingRequest, closed.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Closed meanwhile.
        }

        await CloseAsync();
    }

    private async Task CloseAsync()
    {
        await closed.CancelAsync();
        await stream.DisposeAsync();
    }
}

/// <summary>The broker does not speak the version that was tried.</summary>
internal sealed class MqttVersionException(MqttVersion version) : IOException($"The broker does not speak MQTT {(version == MqttVersion.V5 ? "5.0" : "3.1.1")}.");
