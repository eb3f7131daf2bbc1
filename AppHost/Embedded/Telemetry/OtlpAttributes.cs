using System.Globalization;

namespace LivingCity.AppHost.Embedded;

/// <summary>Reads OTLP's <c>KeyValue</c> and <c>AnyValue</c> as text. Source: opentelemetry/proto/common/v1/common.proto.</summary>
internal static class OtlpAttributes
{
    public static Dictionary<string, string> Read(IEnumerable<byte[]> keyValues)
    {
        Dictionary<string, string> attributes = [];
        foreach (var keyValue in keyValues)
        {
            var (key, value) = ("", "");
            foreach (var field in ProtoFields.Of(keyValue))
            {
                (key, value) = field.Number switch
                {
                    1 => (field.Text, value),
                    2 => (key, Value(field.Bytes)),
                    _ => (key, value),
                };
            }

            attributes[key] = value;
        }

        return attributes;
    }

    public static string Value(byte[] anyValue)
    {
        foreach (var field in ProtoFields.Of(anyValue))
        {
            return field.Number switch
            {
                1 => field.Text,
                2 => field.Scalar == 0 ? "false" : "true",
                3 => ((long)field.Scalar).ToString(CultureInfo.InvariantCulture),
                4 => field.Double.ToString(CultureInfo.InvariantCulture),
                5 => $"[{string.Join(", ", ProtoFields.Messages(field.Bytes, 1).Select(Value))}]",
                6 => $"{{{string.Join(", ", Read(ProtoFields.Messages(field.Bytes, 1)).Select(pair => $"{pair.Key}: {pair.Value}"))}}}",
                _ => field.Hex,
            };
        }

        return "";
    }
}

/// <summary>Who sent a batch: the attributes of OTLP's <c>Resource</c>.</summary>
internal sealed record OtlpSender(string Service, string Instance)
{
    public static OtlpSender Read(byte[] resource)
    {
        var attributes = OtlpAttributes.Read(ProtoFields.Messages(resource, 1));
        return new(attributes.GetValueOrDefault("service.name", "unknown"), attributes.GetValueOrDefault("service.instance.id", ""));
    }
}
