using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Changes;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Subscriptions.Matching;
using LivingCity.Ingestion.Temporal;

namespace LivingCity.Ingestion.Subscriptions.Delivery;

/// <summary>Writes notifications (ETSI GS CIM 009, clause 5.3.1): as they are in the moment of the change, so that what is sent is what happened.</summary>
internal static class NotificationBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A notification of changes, each changed instance with its previous value (clause 4.5.2 and those after it).</summary>
    public static byte[] OfChanges(Guid id, ActiveSubscription subscription, IReadOnlyList<EntityChange> changes, DateTimeOffset now) => Write(id, subscription, now, writer => WriteChanges(writer, subscription, changes));

    /// <summary>A notification of entities as they are.</summary>
    public static byte[] Of(Guid id, ActiveSubscription subscription, Joined found, DateTimeOffset now) => Write(id, subscription, now, writer =>
        EntityAnswer.Write(writer, found, subscription.IsGeoJson, subscription.Representation));

    /// <summary>A notification with data of another kind.</summary>
    public static byte[] Write(Guid id, ActiveSubscription subscription, DateTimeOffset now, Action<Utf8JsonWriter> writeData, string? triggerReason = null)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("id", $"urn:ngsi-ld:{(triggerReason is null ? "Notification" : "ContextSourceNotification")}:{id}");
            writer.WriteString("type", triggerReason is null ? "Notification" : "ContextSourceNotification");
            writer.WriteString("subscriptionId", subscription.Id);
            writer.WriteString("notifiedAt", Instants.Write(now));
            writer.WritePropertyName("data");
            writeData(writer);
            if (triggerReason is not null)
            {
                writer.WriteString("triggerReason", triggerReason);
            }

            if (subscription.ContextMember is { } context)
            {
                writer.WritePropertyName("@context");
                context.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What a notification tells of changes.</summary>
    public static IReadOnlyList<Entity> Shown(IReadOnlyList<EntityChange> changes, ActiveSubscription subscription) => [.. changes.Select(change => Shown(change, subscription))];

    /// <summary>The entity after the change, with what it lost marked as deleted; of one that is deleted, what it was (clause 5.8.6).</summary>
    private static Entity Shown(EntityChange change, ActiveSubscription subscription)
    {
        if (change.After is not { } after)
        {
            var before = change.Before!;
            var gone = new Attributes();
            foreach (var group in change.Attributes.Where(_ => subscription.ShowChanges).GroupBy(attribute => attribute.Attribute))
            {
                gone[group.Key] = [.. group.Select(attribute => Deletions.Mark(attribute.Before!, change.At))];
            }

            return new Entity { Id = before.Id, Types = before.Types, CreatedAt = before.CreatedAt, ModifiedAt = before.ModifiedAt, DeletedAt = change.At, Attributes = gone };
        }

        var deleted = subscription.Triggers.Contains(Trigger.AttributeDeleted) || subscription.Triggers.Contains(Trigger.EntityUpdated)
            ? change.Attributes.Where(attribute => attribute.After is null && after.Find(attribute.Attribute, attribute.DatasetId) is null).ToArray() : [];
        if (deleted.Length == 0)
        {
            return after;
        }

        var attributes = new Attributes(after.Attributes);
        foreach (var group in deleted.GroupBy(attribute => attribute.Attribute))
        {
            attributes[group.Key] = [.. attributes.GetValueOrDefault(group.Key) ?? [], .. group.Select(attribute => Deletions.Mark(attribute.Before!, change.At))];
        }

        return after with { Attributes = attributes };
    }

    private static void WriteChanges(Utf8JsonWriter writer, ActiveSubscription subscription, IReadOnlyList<EntityChange> changes)
    {
        writer.WriteStartArray();
        foreach (var change in changes)
        {
            var entity = Serialize(inner => EntityWriter.Write(inner, Shown(change, subscription), subscription.Representation)).AsObject();
            foreach (var attribute in change.Attributes.Where(attribute => attribute.Before is not null && subscription.Representation.Shows(attribute.Attribute)))
            {
                AddPrevious(entity, subscription.Representation, attribute);
            }

            entity.WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    private static void AddPrevious(JsonObject entity, Representation representation, AttributeChange attribute)
    {
        var name = representation.Names.Compact(attribute.Attribute);
        var before = attribute.Before!;
        if (!before.HasValue || !entity.TryGetPropertyValue(name, out var written) || written is null)
        {
            return;
        }

        var member = Members.Of(before.Kind);
        var previous = Serialize(inner => AttributeWriter.WriteValue(inner, before, representation));
        switch (written)
        {
            case JsonArray several when several.OfType<JsonObject>().Any(instance => instance.ContainsKey("datasetId")):
                if (several.OfType<JsonObject>().FirstOrDefault(instance => (string?)instance["datasetId"] == before.DatasetId) is { } one)
                {
                    one[Previous(member)] = previous;
                }

                break;
            case JsonObject single when (single.ContainsKey(member) || single.ContainsKey("deletedAt")) && (string?)single["datasetId"] == before.DatasetId:
                single[Previous(member)] = previous;
                break;
            default:
                // A bare value, or that it is gone, has no place for another member.
                var whole = representation.Format == Format.Normalized ? new JsonObject { ["type"] = before.Kind.ToString() } : [];
                whole[member] = attribute.After is null ? JsonNode.Parse(Deletions.Null(before.Kind).GetRawText()) : written.DeepClone();
                whole[Previous(member)] = previous;
                entity[name] = whole;
                break;
        }
    }

    private static string Previous(string member) => $"previous{char.ToUpperInvariant(member[0])}{member[1..]}";

    private static JsonNode Serialize(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return JsonNode.Parse(buffer.WrittenSpan)!;
    }
}
