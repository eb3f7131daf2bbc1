using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Snapshots;

/// <summary>A snapshot and its status (ETSI GS CIM 009, clause 5.2.41).</summary>
/// <param name="Id">Its URI.</param>
/// <param name="DataTenant">The tenant under which its data lies.</param>
/// <param name="Document">What its user said of it.</param>
/// <param name="Context">Address of the context of its queries.</param>
/// <param name="Status">preparing, success, partial, empty or failure.</param>
/// <param name="Details">What came of each query.</param>
internal sealed record Snapshot(
    string Id, string DataTenant, JsonObject Document, string Context, string Status, JsonObject Details, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt, DateTimeOffset ExpiresAt, DateTimeOffset LastUsedAt)
{
    public const string Preparing = "preparing";

    private const int DefaultPriority = 5;

    public int Priority => (int?)Document["snapshotPriority"] ?? DefaultPriority;

    /// <summary>The snapshot as its users see it.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["id"] = Id, ["type"] = SnapshotDocument.TypeName };
        foreach (var (member, value) in Document.Where(member => member.Key is not ("id" or "type")).Concat(Details))
        {
            json[member] = value?.DeepClone();
        }

        json["snapshotPriority"] = Priority;
        json["snapshotStatus"] = Status;
        json["createdAt"] = Instants.Write(CreatedAt);
        json["modifiedAt"] = Instants.Write(ModifiedAt);
        json["expiresAt"] = Instants.Write(ExpiresAt);
        json["lastUsedAt"] = Instants.Write(LastUsedAt);
        return json;
    }

    /// <summary>The same as an entity with properties, for conditions on its members (clause 5.16.7).</summary>
    public Entity ToEntity()
    {
        var attributes = new Attributes();
        foreach (var (member, value) in ToJson().Where(member => member.Key is not ("id" or "type" or "createdAt" or "modifiedAt")))
        {
            attributes[LdContext.Core.Expand(member)] = [new AttributeInstance(AttributeKind.Property, JsonSerializer.SerializeToElement(value))];
        }

        return new Entity { Id = Id, Types = [SnapshotDocument.TypeName], Attributes = attributes, CreatedAt = CreatedAt, ModifiedAt = ModifiedAt };
    }
}
