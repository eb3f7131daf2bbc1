using System.Buffers.Binary;
using System.Text;

namespace LivingCity.Ingestion.Mqtt;

/// <summary>The protocol's level as CONNECT names it.</summary>
internal enum MqttVersion : byte
{
    /// <summary>MQTT 3.1.1 (OASIS, 2014).</summary>
    V311 = 4,

    /// <summary>MQTT 5.0 (OASIS, 2019).</summary>
    V5 = 5,
}

/// <summary>The kinds of packets that a publisher sends and receives (MQTT 3.1.1 and 5.0, section 2.1.2).</summary>
internal enum MqttPacketType : byte
{
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    PubRec = 5,
    PubRel = 6,
    PubComp = 7,
    PingReq = 12,
    PingResp = 13,
    Disconnect = 14,
}

/// <summary>Writes the packets of a publisher, byte by byte as sections 3.1 to 3.14 of both standards lay them out.</summary>
internal static class MqttPackets
{
    public static readonly byte[] PingRequest = [(byte)MqttPacketType.PingReq << 4, 0];

    public static readonly byte[] Disconnect = [(byte)MqttPacketType.Disconnect << 4, 0];

    public static byte[] Connect(MqttVersion version, string clientId, ushort keepAliveSeconds, string? user, string? password)
    {
        var body = new MemoryStream();
        WriteText(body, "MQTT");
        body.WriteByte((byte)version);
        const int CleanStart = 0x02;
        body.WriteByte((byte)(CleanStart | (user is null ? 0 : 0x80) | (password is null ? 0 : 0x40)));
        WriteNumber(body, keepAliveSeconds);
        WriteNoProperties(body, version);
        WriteText(body, clientId);
        if (user is not null)
        {
            WriteText(body, user);
        }

        if (password is not null)
        {
            WriteText(body, password);
        }

        return Frame(MqttPacketType.Connect, 0, body);
    }

    public static byte[] Publish(MqttVersion version, string topic, ReadOnlySpan<byte> payload, int qos, ushort id)
    {
        var body = new MemoryStream(topic.Length + payload.Length + 8);
        WriteText(body, topic);
        if (qos > 0)
        {
            WriteNumber(body, id);
        }

        WriteNoProperties(body, version);
        body.Write(payload);
        return Frame(MqttPacketType.Publish, qos << 1, body);
    }

    public static byte[] Release(ushort id)
    {
        var body = new MemoryStream();
        WriteNumber(body, id);
        const int Reserved = 0x02;
        return Frame(MqttPacketType.PubRel, Reserved, body);
    }

    /// <summary>The remaining length: seven bits a byte, the lowest first, the eighth says that more follow.</summary>
    private static byte[] Frame(MqttPacketType type, int flags, MemoryStream body)
    {
        var frame = new MemoryStream((int)body.Length + 5);
        frame.WriteByte((byte)(((int)type << 4) | flags));
        var rest = (int)body.Length;
        do
        {
            frame.WriteByte((byte)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0)));
            rest >>= 7;
        }
        while (rest > 0);
        body.WriteTo(frame);
        return frame.ToArray();
    }

    private static void WriteText(MemoryStream body, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        WriteNumber(body, checked((ushort)octets.Length));
        body.Write(octets);
    }

    private static void WriteNumber(MemoryStream body, ushort number)
    {
        Span<byte> octets = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, number);
        body.Write(octets);
    }

    private static void WriteNoProperties(MemoryStream body, MqttVersion version)
    {
        if (version == MqttVersion.V5)
        {
            body.WriteByte(0);
        }
    }
}
