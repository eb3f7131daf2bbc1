using System.Text.Json;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Representations;

/// <summary>Entities as answers.</summary>
internal static class EntityAnswer
{
    /// <summary>One entity; a flat join makes an array of it.</summary>
    public static Answer One(Joined found, Shape shape, Representation representation) => found.IsFlat ? Many(found, shape, representation)
        : new Answer(shape.MediaType, writer =>
        {
            if (shape.MediaType == MediaTypes.GeoJson)
            {
                EntityWriter.WriteFeature(writer, found.Entities[0], representation);
            }
            else
            {
                EntityWriter.Write(writer, found.Entities[0], representation);
            }
        }, shape.ContextAddress, StatusOf(representation, StatusCodes.Status200OK));

    /// <summary>Entities as an array or a feature collection.</summary>
    public static Answer Many(Joined found, Shape shape, Representation representation, int status = StatusCodes.Status200OK) =>
        new(shape.MediaType, writer => Write(writer, found, shape.MediaType == MediaTypes.GeoJson, representation), shape.ContextAddress, StatusOf(representation, status));

    /// <summary>What was changed for an older reader is not authoritative (clauses 6.4.3.2 and 6.5.3.1).</summary>
    public static int StatusOf(Representation representation, int status) => status == StatusCodes.Status200OK && representation.Conformance is not null ? StatusCodes.Status203NonAuthoritative : status;

    /// <summary>Writes entities and those that are related to them. What was picked is picked of related ones too.</summary>
    public static void Write(Utf8JsonWriter writer, Joined found, bool asGeoJson, Representation representation)
    {
        if (asGeoJson)
        {
            EntityWriter.WriteFeatures(writer, [.. found.Entities, .. found.Linked], representation);
            return;
        }

        var related = found.Linked.Count > 0 ? representation.Beyond(null) : representation;
        writer.WriteStartArray();
        foreach (var entity in found.Entities)
        {
            EntityWriter.Write(writer, entity, representation);
        }

        foreach (var entity in found.Linked)
        {
            EntityWriter.Write(writer, entity, related);
        }

        writer.WriteEndArray();
    }
}
