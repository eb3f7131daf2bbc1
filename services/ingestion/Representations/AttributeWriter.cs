using System.Text.Json;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Representations;

/// <summary>Writes attributes in the form that is asked for.</summary>
internal static class AttributeWriter
{
    /// <param name="writer">The writer.</param>
    /// <param name="iri">The attribute's name.</param>
    /// <param name="instances">Its instances.</param>
    /// <param name="representation">The form.</param>
    public static void Write(Utf8JsonWriter writer, string iri, IReadOnlyList<AttributeInstance> instances, Representation representation)
    {
        if (instances.Count == 0)
        {
            return;
        }

        writer.WritePropertyName(representation.Names.Compact(iri));
        if (instances is [{ DeletedAt: not null, DatasetId: null }] && !representation.SysAttrs)
        {
            writer.WriteStringValue(AttributeInstance.Null); // that it is gone is all there is to say (clause 5.8.6)
        }
        else if (representation.Format == Format.Simplified)
        {
            WriteSimplified(writer, instances, representation);
        }
        else if (instances.Count == 1)
        {
            WriteInstance(writer, instances[0], representation, null);
        }
        else
        {
            writer.WriteStartArray();
            foreach (var instance in instances)
            {
                WriteInstance(writer, instance, representation, null);
            }

            writer.WriteEndArray();
        }
    }

    /// <summary>One instance in normalized or concise form.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="representation">The form.</param>
    /// <param name="parent">The instance that this one is an attribute of: it came and changed with it.</param>
    public static void WriteInstance(Utf8JsonWriter writer, AttributeInstance instance, Representation representation, AttributeInstance? parent)
    {
        var language = instance.Kind == AttributeKind.LanguageProperty && representation.Language is { } wanted ? Languages.Choose(instance.Value, wanted) : ((JsonElement Text, string? Tag)?)null;
        if (representation.Format == Format.Concise && IsBare(instance, representation))
        {
            instance.Value.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        if (representation.Format == Format.Normalized || (instance.Kind == AttributeKind.Property && GeoJson.IsGeometry(instance.Value)))
        {
            writer.WriteString("type", (language is null ? instance.Kind : AttributeKind.Property).ToString());
        }

        if (language is { } chosen)
        {
            writer.WritePropertyName("value");
            chosen.Text.WriteTo(writer);
            WriteText(writer, "lang", chosen.Tag);
        }
        else if (instance.HasValue)
        {
            writer.WritePropertyName(Members.Of(instance.Kind));
            WriteValue(writer, instance, representation);
        }

        WriteLinked(writer, instance, representation);
        if (instance.ObjectTypes is { } types)
        {
            EntityWriter.WriteNames(writer, "objectType", types, representation.Names);
        }

        WriteText(writer, "valueType", instance.ValueType is { } type ? representation.Names.Compact(type) : null);
        WriteText(writer, "unitCode", instance.UnitCode);
        WriteText(writer, "datasetId", instance.DatasetId);
        WriteText(writer, "instanceId", instance.InstanceId);
        WriteText(writer, "observedAt", instance.ObservedAt);
        WriteText(writer, "expiresAt", instance.ExpiresAt);
        WriteText(writer, "deletedAt", instance.DeletedAt);
        if (representation.SysAttrs)
        {
            WriteText(writer, "createdAt", instance.CreatedAt ?? parent?.CreatedAt);
            WriteText(writer, "modifiedAt", instance.ModifiedAt ?? parent?.ModifiedAt);
        }

        foreach (var (iri, inner) in instance.Attributes)
        {
            WriteInner(writer, representation.Names.Compact(iri), inner, representation, instance.CreatedAt is null ? parent : instance);
        }

        writer.WriteEndObject();
    }

    /// <summary>The value alone; what is not a plain value or object says what it is (clause 4.5.4).</summary>
    public static void WriteSimplifiedValue(Utf8JsonWriter writer, AttributeInstance instance, Representation representation)
    {
        if (instance.Kind == AttributeKind.LanguageProperty && representation.Language is { } wanted)
        {
            Languages.Choose(instance.Value, wanted).Text.WriteTo(writer);
            return;
        }

        if (instance.Linked is { Count: > 0 } linked)
        {
            WriteEntities(writer, linked, instance.Value.ValueKind == JsonValueKind.Array, representation);
        }
        else if (!instance.HasValue)
        {
            writer.WriteNullValue();
        }
        else if (instance.Kind is AttributeKind.Property or AttributeKind.GeoProperty or AttributeKind.Relationship or AttributeKind.ListProperty or AttributeKind.ListRelationship)
        {
            WriteValue(writer, instance, representation);
        }
        else
        {
            writer.WriteStartObject();
            writer.WritePropertyName(Members.Of(instance.Kind));
            WriteValue(writer, instance, representation);
            writer.WriteEndObject();
        }
    }

    /// <summary>The value as its member holds it: a vocabulary's words compacted, everything else as it was sent.</summary>
    public static void WriteValue(Utf8JsonWriter writer, AttributeInstance instance, Representation representation)
    {
        if (instance.Kind != AttributeKind.VocabProperty)
        {
            instance.Value.WriteTo(writer);
        }
        else if (instance.Value.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var word in instance.Value.EnumerateArray())
            {
                writer.WriteStringValue(representation.Names.Compact(word.GetString()!));
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteStringValue(representation.Names.Compact(instance.Value.GetString()!));
        }
    }

    /// <summary>Related entities inside the relationship (clause 4.5.23, inline).</summary>
    private static void WriteLinked(Utf8JsonWriter writer, AttributeInstance instance, Representation representation)
    {
        if (instance.Linked is { Count: > 0 } linked)
        {
            writer.WritePropertyName(instance.Kind == AttributeKind.ListRelationship ? "entityList" : "entity");
            WriteEntities(writer, linked, instance.Value.ValueKind == JsonValueKind.Array, representation);
        }
    }

    private static void WriteEntities(Utf8JsonWriter writer, IReadOnlyList<Entity> entities, bool asArray, Representation representation)
    {
        var inner = representation.Beyond(representation.Relationship ?? "");
        if (asArray)
        {
            writer.WriteStartArray();
        }

        foreach (var entity in entities)
        {
            EntityWriter.Write(writer, entity, inner);
        }

        if (asArray)
        {
            writer.WriteEndArray();
        }
    }

    private static void WriteSimplified(Utf8JsonWriter writer, IReadOnlyList<AttributeInstance> instances, Representation representation)
    {
        if (instances is [{ DatasetId: null } only] || (instances.Count == 1 && representation.DatasetIds is not null))
        {
            WriteSimplifiedValue(writer, instances[0], representation);
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartObject("dataset");
        foreach (var instance in instances)
        {
            writer.WritePropertyName(instance.DatasetId ?? "@none");
            WriteSimplifiedValue(writer, instance, representation);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteInner(Utf8JsonWriter writer, string name, IReadOnlyList<AttributeInstance> instances, Representation representation, AttributeInstance? parent)
    {
        writer.WritePropertyName(name);
        if (instances.Count > 1)
        {
            writer.WriteStartArray();
        }

        foreach (var instance in instances)
        {
            WriteInstance(writer, instance, representation, parent);
        }

        if (instances.Count > 1)
        {
            writer.WriteEndArray();
        }
    }

    /// <summary>In concise form, a property that says nothing but a plain value, or a geometry, is written as that (clause 4.5.1).</summary>
    private static bool IsBare(AttributeInstance instance, Representation representation) =>
        instance is { DatasetId: null, ObservedAt: null, UnitCode: null, ValueType: null, ObjectTypes: null, DeletedAt: null, ExpiresAt: null, InstanceId: null, Attributes.Count: 0 } && !representation.SysAttrs
        && (instance.Kind == AttributeKind.GeoProperty
            || (instance.Kind == AttributeKind.Property && (instance.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
                || (instance.Value.ValueKind == JsonValueKind.Array && instance.Value.EnumerateArray().Any() && instance.Value.EnumerateArray().All(item => item.ValueKind != JsonValueKind.Object)))));

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
