using System.Globalization;
using System.Text.Json;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Representations;

namespace LivingCity.Ingestion.Temporal;

/// <summary>How history is written.</summary>
internal enum TemporalFormat
{
    /// <summary>Every instance as an object (ETSI GS CIM 009, clause 4.5.6).</summary>
    Normalized,

    /// <summary>Pairs of value and time (clause 4.5.9).</summary>
    Values,

    /// <summary>What periods sum up to (clause 4.5.19).</summary>
    Aggregated,
}

/// <summary>Writes the past of entities.</summary>
internal static class HistoryWriter
{
    public static void Write(Utf8JsonWriter writer, PastEntity past, TemporalFormat format, TemporalQuery query, Representation representation)
    {
        writer.WriteStartObject();
        if (representation.ContextMember is { } context)
        {
            writer.WritePropertyName("@context");
            context.WriteTo(writer);
        }

        if (representation.ShowsMember("id"))
        {
            writer.WriteString("id", past.Entity.Id);
        }

        if (past.Entity.Types.Count > 0 && representation.ShowsMember("type"))
        {
            EntityWriter.WriteNames(writer, "type", past.Entity.Types, representation.Names);
        }

        if (past.Entity.Scopes is { Count: > 0 } scopes && representation.ShowsMember("scope"))
        {
            EntityWriter.WriteOneOrMore(writer, "scope", scopes);
        }

        if (representation.SysAttrs)
        {
            writer.WriteString("createdAt", Instants.Write(past.Entity.CreatedAt));
            writer.WriteString("modifiedAt", Instants.Write(past.Entity.ModifiedAt));
        }

        if (past.Entity.DeletedAt is { } deleted)
        {
            writer.WriteString("deletedAt", Instants.Write(deleted));
        }

        foreach (var attribute in past.Series.GroupBy(series => series.Attribute).Where(attribute => representation.Shows(attribute.Key)))
        {
            writer.WritePropertyName(representation.Names.Compact(attribute.Key));
            WriteAttribute(writer, [.. attribute], format, query, representation);
        }

        writer.WriteEndObject();
    }

    private static void WriteAttribute(Utf8JsonWriter writer, PastSeries[] series, TemporalFormat format, TemporalQuery query, Representation representation)
    {
        var isArray = format == TemporalFormat.Normalized || series.Length > 1;
        if (isArray)
        {
            writer.WriteStartArray();
        }

        foreach (var one in series)
        {
            switch (format)
            {
                case TemporalFormat.Normalized:
                    foreach (var instance in one.Instances)
                    {
                        AttributeWriter.WriteInstance(writer, representation.Conformance?.Amend(instance.Instance, representation.Names) ?? instance.Instance, representation, null);
                    }

                    break;
                case TemporalFormat.Values:
                    WriteValues(writer, one, query, representation);
                    break;
                default:
                    WriteAggregates(writer, one, query.Aggregation!);
                    break;
            }
        }

        if (isArray)
        {
            writer.WriteEndArray();
        }
    }

    private static void WriteValues(Utf8JsonWriter writer, PastSeries series, TemporalQuery query, Representation representation)
    {
        var kind = series.Instances[0].Instance.Kind;
        writer.WriteStartObject();
        writer.WriteString("type", kind.ToString());
        if (series.Instances[0].Instance.DatasetId is { } dataset)
        {
            writer.WriteString("datasetId", dataset);
        }

        writer.WriteStartArray(kind switch { AttributeKind.JsonProperty => "jsons", _ => Members.Of(kind) + "s" });
        foreach (var past in series.Instances)
        {
            writer.WriteStartArray();
            if (past.Instance.Kind == AttributeKind.LanguageProperty && representation.Language is not null)
            {
                AttributeWriter.WriteSimplifiedValue(writer, past.Instance, representation);
            }
            else
            {
                AttributeWriter.WriteValue(writer, past.Instance, representation);
            }

            writer.WriteStringValue(query.Window.Property switch
            {
                "createdAt" => past.Instance.CreatedAt,
                "modifiedAt" => past.Instance.ModifiedAt,
                "deletedAt" => past.Instance.DeletedAt,
                _ => past.Instance.ObservedAt ?? Instants.Write(past.At),
            });
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteAggregates(Utf8JsonWriter writer, PastSeries series, Aggregation aggregation)
    {
        writer.WriteStartObject();
        writer.WriteString("type", series.IsRelationship ? nameof(AttributeKind.Relationship) : nameof(AttributeKind.Property));
        for (var method = 0; method < aggregation.Methods.Count; method++)
        {
            writer.WriteStartArray(aggregation.Methods[method]);
            foreach (var period in series.Periods)
            {
                writer.WriteStartArray();
                switch (period.Results[method])
                {
                    case double number when double.IsFinite(number): writer.WriteRawValue(number.ToString("R", CultureInfo.InvariantCulture)); break;
                    case string text: writer.WriteStringValue(text); break;
                    default: writer.WriteNullValue(); break;
                }

                writer.WriteStringValue(Instants.Write(period.Start));
                writer.WriteStringValue(Instants.Write(period.End));
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
