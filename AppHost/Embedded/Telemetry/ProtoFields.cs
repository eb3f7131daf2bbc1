using System.Text;
using Google.Protobuf;

namespace LivingCity.AppHost.Embedded;

/// <summary>One field of a protobuf message as it lies on the wire: a number, or the bytes of text, bytes or an inner message.</summary>
internal readonly record struct ProtoField(int Number, ulong Scalar, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public string Hex => Convert.ToHexStringLower(Bytes);

    public double Double => BitConverter.UInt64BitsToDouble(Scalar);

    /// <summary>OTLP times are nanoseconds since 1970-01-01T00:00Z.</summary>
    public DateTimeOffset Time => DateTimeOffset.UnixEpoch.AddTicks((long)(Scalar / 100));
}

/// <summary>Walks protobuf messages without generated types: of OTLP's schema only a few dozen fields are of interest here.</summary>
internal static class ProtoFields
{
    /// <exception cref="InvalidProtocolBufferException">The bytes are not a message.</exception>
    public static IEnumerable<ProtoField> Of(byte[] message)
    {
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.Varint:
                    yield return new(number, input.ReadUInt64(), []);
                    break;
                case WireFormat.WireType.Fixed64:
                    yield return new(number, input.ReadFixed64(), []);
                    break;
                case WireFormat.WireType.Fixed32:
                    yield return new(number, input.ReadFixed32(), []);
                    break;
                case WireFormat.WireType.LengthDelimited:
                    yield return new(number, 0, input.ReadBytes().ToByteArray());
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
    }

    /// <summary>The inner messages in a repeated field.</summary>
    public static IEnumerable<byte[]> Messages(byte[] message, int number) => Of(message).Where(field => field.Number == number).Select(field => field.Bytes);
}
