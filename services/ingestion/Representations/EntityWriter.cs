using System.Text.Json;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Representations;

/// <summary>Writes entities (ETSI GS CIM 009, clauses 4.5.1 to 4.5.5 and 4.5.16). Thread-safe.</summary>
internal static class EntityWriter
{
    /// <summary>An entity as a JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, Entity entity, Representation representation)
    {
        entity = representation.Conformance?.Amend(entity, representation.Names) ?? entity;
        writer.WriteStartObject();
        WriteContext(writer, representation);
        if (representation.ShowsMember("id"))
        {
            writer.WriteString("id", entity.Id);
        }

        WriteMembers(writer, entity, representation);
        writer.WriteEndObject();
    }

    /// <summary>An entity as a GeoJSON feature (clause 4.5.16).</summary>
    public static void WriteFeature(Utf8JsonWriter writer, Entity entity, Representation representation)
    {
        entity = representation.Conformance?.Amend(entity, representation.Names) ?? entity;
        writer.WriteStartObject();
        WriteContext(writer, representation);
        writer.WriteString("id", entity.Id);
        writer.WriteString("type", "Feature");
        writer.WritePropertyName("geometry");
        if (GeometryOf(entity, representation) is { } geometry)
        {
            geometry.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteStartObject("properties");
        WriteMembers(writer, entity, representation);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Entities as a GeoJSON feature collection.</summary>
    public static void WriteFeatures(Utf8JsonWriter writer, IEnumerable<Entity> entities, Representation representation)
    {
        writer.WriteStartObject();
        WriteContext(writer, representation);
        writer.WriteString("type", "FeatureCollection");
        writer.WriteStartArray("features");
        var inner = representation with { ContextMember = null };
        foreach (var entity in entities)
        {
            WriteFeature(writer, entity, inner);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Types: one as a text, several as an array.</summary>
    public static void WriteNames(Utf8JsonWriter writer, string member, IReadOnlyList<string> iris, Contexts.LdContext names) => WriteOneOrMore(writer, member, [.. iris.Select(names.Compact)]);

    /// <summary>One text as itself, several as an array.</summary>
    public static void WriteOneOrMore(Utf8JsonWriter writer, string member, IReadOnlyList<string> texts)
    {
        if (texts.Count == 1)
        {
            writer.WriteString(member, texts[0]);
            return;
        }

        writer.WriteStartArray(member);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void WriteContext(Utf8JsonWriter writer, Representation representation)
    {
        if (representation.ContextMember is { } context)
        {
            writer.WritePropertyName("@context");
            context.WriteTo(writer);
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, Entity entity, Representation representation)
    {
        if (representation.ShowsMember("type") && entity.Types.Count > 0)
        {
            WriteNames(writer, "type", entity.Types, representation.Names);
        }

        if (entity.Scopes is { Count: > 0 } scopes && representation.ShowsMember("scope"))
        {
            WriteOneOrMore(writer, "scope", scopes);
        }

        if (entity.ExpiresAt is { } expiry && representation.ShowsMember("expiresAt"))
        {
            writer.WriteString("expiresAt", Instants.Write(expiry));
        }

        if (representation.SysAttrs)
        {
            WriteTime(writer, "createdAt", entity.CreatedAt, representation);
            WriteTime(writer, "modifiedAt", entity.ModifiedAt, representation);
        }

        if (entity.DeletedAt is { } deleted)
        {
            writer.WriteString("deletedAt", Instants.Write(deleted));
        }

        var narrows = representation.Pick is not null || representation.Omit is not null; // what related entities show depends on the relationship then
        foreach (var (iri, instances) in entity.Attributes)
        {
            if (representation.Shows(iri))
            {
                var shown = representation.DatasetIds is { } datasets ? [.. instances.Where(instance => datasets.Contains(instance.DatasetId ?? ""))] : instances;
                AttributeWriter.Write(writer, iri, shown, narrows && shown.Any(instance => instance.Linked is not null) ? representation with { Relationship = iri } : representation);
            }
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, string member, DateTimeOffset time, Representation representation)
    {
        if (representation.ShowsMember(member) && time != default)
        {
            writer.WriteString(member, Instants.Write(time));
        }
    }

    private static JsonElement? GeometryOf(Entity entity, Representation representation) =>
        entity.Attributes.TryGetValue(representation.GeometryProperty, out var instances)
            ? (instances.FirstOrDefault(instance => instance.DatasetId is null) ?? instances[0]) is { Kind: AttributeKind.GeoProperty, Value: { ValueKind: JsonValueKind.Object } value } ? value : null
            : null;
}
