using System.Buffers.Binary;

namespace LivingCity.Ingestion.Mqtt;

/// <summary>A packet as it came.</summary>
internal readonly record struct MqttPacket(MqttPacketType Type, byte[] Body)
{
    /// <summary>The packet that an acknowledgement answers.</summary>
    public ushort Id => Body.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(Body) : throw new MqttException($"{Type} without a packet identifier.");

    /// <summary>MQTT 5: below 0x80 all is well. Left out when it is 0, and always in 3.1.1.</summary>
    public byte Reason => Body.Length >= 3 ? Body[2] : (byte)0;
}

/// <summary>What the broker said to CONNECT.</summary>
/// <param name="Code">3.1.1: return code; 5.0: reason code. 0 is welcome.</param>
/// <param name="ReceiveMaximum">How many publications may wait for their acknowledgement.</param>
/// <param name="MaximumQos">The highest quality of service that the broker takes.</param>
/// <param name="ServerKeepAlive">Seconds, where the broker sets them.</param>
internal sealed record MqttWelcome(byte Code, int ReceiveMaximum, int MaximumQos, int? ServerKeepAlive)
{
    /// <summary>3.1.1 return code 1 and 5.0 reason code 0x84 refuse the version.</summary>
    public bool IsUnsupportedVersion => Code is 0x01 or 0x84;

    public static MqttWelcome Read(MqttPacket packet)
    {
        if (packet.Type != MqttPacketType.ConnAck || packet.Body.Length < 2)
        {
            throw new MqttException($"The broker answered CONNECT with {packet.Type}.");
        }

        var (receiveMaximum, maximumQos, keepAlive) = (65535, 2, (int?)null);

        // A broker that knows only 3.1.1 refuses version 5 in its own form, which has no properties.
        var properties = packet.Body.Length > 2 ? new MqttProperties(packet.Body.AsSpan(2)) : default;
        while (properties.Next(out var id, out var number))
        {
            switch (id)
            {
                case 0x21: receiveMaximum = Math.Max(1, number); break;
                case 0x24: maximumQos = number; break;
                case 0x13: keepAlive = number; break;
            }
        }

        return new MqttWelcome(packet.Body[1], receiveMaximum, maximumQos, keepAlive);
    }
}

/// <summary>Walks over properties (MQTT 5.0, section 2.2.2), whose lengths follow from their identifiers.</summary>
internal ref struct MqttProperties
{
    private ReadOnlySpan<byte> rest;

    public MqttProperties(ReadOnlySpan<byte> octets)
    {
        var length = ReadLength(ref octets);
        rest = octets[..Math.Min(length, octets.Length)];
    }

    /// <returns>False at the end. <paramref name="number"/> is 0 where the property is no number.</returns>
    public bool Next(out byte id, out int number)
    {
        (id, number) = (0, 0);
        if (rest.Length < 2)
        {
            return false;
        }

        id = rest[0];
        rest = rest[1..];
        switch (id)
        {
            case 0x01 or 0x17 or 0x19 or 0x24 or 0x25 or 0x28 or 0x29 or 0x2a:
                number = rest[0];
                rest = rest[1..];
                return true;
            case 0x13 or 0x21 or 0x22 or 0x23 when rest.Length >= 2:
                number = BinaryPrimitives.ReadUInt16BigEndian(rest);
                rest = rest[2..];
                return true;
            case 0x02 or 0x11 or 0x18 or 0x27 when rest.Length >= 4:
                number = (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(rest));
                rest = rest[4..];
                return true;
            case 0x0b:
                number = ReadLength(ref rest);
                return true;
            case 0x26:
                return Skip() && Skip();
            default:
                return Skip();
        }
    }

    private bool Skip()
    {
        if (rest.Length < 2 || rest.Length < 2 + BinaryPrimitives.ReadUInt16BigEndian(rest))
        {
            return false;
        }

        rest = rest[(2 + BinaryPrimitives.ReadUInt16BigEndian(rest))..];
        return true;
    }

    private static int ReadLength(ref ReadOnlySpan<byte> octets)
    {
        var (value, shift) = (0, 0);
        while (octets.Length > 0 && shift < 28)
        {
            var octet = octets[0];
            octets = octets[1..];
            value |= (octet & 0x7f) << shift;
            shift += 7;
            if (octet < 0x80)
            {
                break;
            }
        }

        return value;
    }
}

/// <summary>Reads packets from a stream.</summary>
internal sealed class MqttInput(Stream stream)
{
    /// <summary>A publisher is sent acknowledgements and nothing that is long.</summary>
    private const int MaxLength = 64 * 1024;

    private readonly byte[] one = new byte[1];

    public async Task<MqttPacket> ReadAsync(CancellationToken cancellationToken)
    {
        var head = await ByteAsync(cancellationToken);
        var (length, shift) = (0, 0);
        byte octet;
        do
        {
            octet = await ByteAsync(cancellationToken);
            length |= (octet & 0x7f) << shift;
            shift += 7;
        }
        while (octet >= 0x80 && shift < 28);
        if (octet >= 0x80 || length > MaxLength)
        {
            throw new MqttException("The broker sent a packet that is too long.");
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return new MqttPacket((MqttPacketType)(head >> 4), body);
    }

    private async ValueTask<byte> ByteAsync(CancellationToken cancellationToken)
    {
        await stream.ReadExactlyAsync(one, cancellationToken);
        return one[0];
    }
}

/// <summary>The broker refused, or broke the protocol.</summary>
internal sealed class MqttException(string message) : IOException(message);
