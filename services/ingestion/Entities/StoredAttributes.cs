using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LivingCity.Ingestion.Entities;

/// <summary>
/// How attributes are stored, in the current state and in history: <c>{IRI: [{type, value, datasetId, observedAt, unitCode, ..., IRI: [...]}]}</c>. The value is under
/// <c>value</c> whatever the kind, so that one path finds it. Attributes of attributes stand beside the members: an IRI has a colon, a member has none.
/// </summary>
internal static class StoredAttributes
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static string Write(Attributes attributes) => Write(attributes, WriteAttributes);

    public static string Write(AttributeInstance instance) => Write(instance, WriteInstance);

    public static Attributes Read(byte[] json) => ReadAttributes(JsonElement.Parse(json));

    public static AttributeInstance ReadInstance(string json) => ReadInstance(JsonElement.Parse(json));

    private static string Write<T>(T item, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer, item);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteAttributes(Utf8JsonWriter writer, Attributes attributes)
    {
        writer.WriteStartObject();
        WriteMembers(writer, attributes);
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, Attributes attributes)
    {
        foreach (var (iri, instances) in attributes)
        {
            writer.WriteStartArray(iri);
            foreach (var instance in instances)
            {
                WriteInstance(writer, instance);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteInstance(Utf8JsonWriter writer, AttributeInstance instance)
    {
        writer.WriteStartObject();
        writer.WriteString("type", instance.Kind.ToString());
        if (instance.HasValue)
        {
            writer.WritePropertyName("value");
            instance.Value.WriteTo(writer);
        }

        WriteText(writer, "datasetId", instance.DatasetId);
        WriteText(writer, "observedAt", instance.ObservedAt);
        WriteText(writer, "unitCode", instance.UnitCode);
        WriteText(writer, "valueType", instance.ValueType);
        WriteText(writer, "expiresAt", instance.ExpiresAt);
        WriteText(writer, "createdAt", instance.CreatedAt);
        WriteText(writer, "modifiedAt", instance.ModifiedAt);
        WriteText(writer, "deletedAt", instance.DeletedAt);
        WriteText(writer, "instanceId", instance.InstanceId);
        if (instance.ObjectTypes is { } types)
        {
            writer.WriteStartArray("objectType");
            foreach (var type in types)
            {
                writer.WriteStringValue(type);
            }

            writer.WriteEndArray();
        }

        WriteMembers(writer, instance.Attributes);
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static Attributes ReadAttributes(JsonElement json)
    {
        var attributes = new Attributes();
        foreach (var attribute in json.EnumerateObject())
        {
            attributes[attribute.Name] = ReadInstances(attribute.Value);
        }

        return attributes;
    }

    private static AttributeInstance[] ReadInstances(JsonElement array)
    {
        var instances = new AttributeInstance[array.GetArrayLength()];
        for (var index = 0; index < instances.Length; index++)
        {
            instances[index] = ReadInstance(array[index]);
        }

        return instances;
    }

    private static AttributeKind KindOf(JsonElement name) => name.ValueEquals("Property"u8) ? AttributeKind.Property
        : name.ValueEquals("Relationship"u8) ? AttributeKind.Relationship
        : name.ValueEquals("GeoProperty"u8) ? AttributeKind.GeoProperty
        : Enum.Parse<AttributeKind>(name.GetString()!);

    // Each page of a query comes through here, attribute by attribute: what nearly all of them have is read without making a text of its name.
    private static AttributeInstance ReadInstance(JsonElement json)
    {
        var kind = AttributeKind.Property;
        JsonElement value = default;
        string? datasetId = null, observedAt = null, unitCode = null, valueType = null, createdAt = null, modifiedAt = null, deletedAt = null, expiresAt = null, instanceId = null;
        string[]? objectTypes = null;
        Attributes? attributes = null;
        foreach (var member in json.EnumerateObject())
        {
            if (member.NameEquals("type"u8))
            {
                kind = KindOf(member.Value);
            }
            else if (member.NameEquals("value"u8))
            {
                value = member.Value;
            }
            else if (member.NameEquals("createdAt"u8))
            {
                createdAt = member.Value.GetString();
            }
            else if (member.NameEquals("modifiedAt"u8))
            {
                modifiedAt = member.Value.GetString();
            }
            else
            {
                switch (member.Name)
                {
                    case "observedAt": observedAt = member.Value.GetString(); break;
                    case "unitCode": unitCode = member.Value.GetString(); break;
                    case "datasetId": datasetId = member.Value.GetString(); break;
                    case "valueType": valueType = member.Value.GetString(); break;
                    case "expiresAt": expiresAt = member.Value.GetString(); break;
                    case "deletedAt": deletedAt = member.Value.GetString(); break;
                    case "instanceId": instanceId = member.Value.GetString(); break;
                    case "objectType": objectTypes = [.. member.Value.EnumerateArray().Select(type => type.GetString()!)]; break;
                    case var iri: (attributes ??= [])[iri] = ReadInstances(member.Value); break;
                }
            }
        }

        return new AttributeInstance(kind, value)
        {
            DatasetId = datasetId, ObservedAt = observedAt, UnitCode = unitCode, ValueType = valueType, CreatedAt = createdAt, ModifiedAt = modifiedAt, DeletedAt = deletedAt, ExpiresAt = expiresAt,
            InstanceId = instanceId, ObjectTypes = objectTypes, Attributes = attributes ?? Attributes.None,
        };
    }
}
