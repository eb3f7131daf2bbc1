namespace LivingCity.AppHost.Embedded;

/// <summary>Decodes OTLP metrics to their latest number. Source: opentelemetry/proto/metrics/v1/metrics.proto.</summary>
internal static class OtlpMetricReader
{
    public static IReadOnlyList<ReceivedPoint> Read(OtlpSender sender, string scope, byte[] metric)
    {
        var description = new ReceivedPoint { Service = sender.Service, Instance = sender.Instance, Scope = scope };
        List<ReceivedPoint> points = [];
        foreach (var field in ProtoFields.Of(metric))
        {
            switch (field.Number)
            {
                case 1:
                    description = description with { Name = field.Text };
                    break;
                case 3:
                    description = description with { Unit = field.Text };
                    break;
                case 5 or 7:
                    points.AddRange(ProtoFields.Messages(field.Bytes, 1).Select(point => Number(description, point)));
                    break;
                case 9 or 10:
                    points.AddRange(ProtoFields.Messages(field.Bytes, 1).Select(point => Histogram(description, point, attributes: field.Number == 9 ? 9 : 1)));
                    break;
                default:
                    break;
            }
        }

        return points;
    }

    private static ReceivedPoint Number(ReceivedPoint point, byte[] message)
    {
        foreach (var field in ProtoFields.Of(message))
        {
            point = field.Number switch
            {
                3 => point with { Time = field.Time },
                4 => point with { Value = field.Double },
                6 => point with { Value = (long)field.Scalar },
                _ => point,
            };
        }

        return point with { Attributes = OtlpAttributes.Read(ProtoFields.Messages(message, 7)) };
    }

    private static ReceivedPoint Histogram(ReceivedPoint point, byte[] message, int attributes)
    {
        foreach (var field in ProtoFields.Of(message))
        {
            point = field.Number switch
            {
                3 => point with { Time = field.Time },
                4 => point with { Count = (long)field.Scalar },
                5 => point with { Value = field.Double },
                _ => point,
            };
        }

        return point with { Attributes = OtlpAttributes.Read(ProtoFields.Messages(message, attributes)) };
    }
}
