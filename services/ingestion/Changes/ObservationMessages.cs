using System.Text.Json;
using LivingCity.Contracts.Ingestion;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Snapshots;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Changes;

/// <summary>What the other services hear of changes: the numbers, by entity and instant, with the entity's name and place where the change brings them.</summary>
internal sealed class ObservationMessages : IChangeListener
{
    private const int ObservationsPerMessage = 2000;

    private static readonly string Name = LdContext.Core.Expand("name");
    private static readonly string Location = LdContext.Core.Expand("location");
    private static readonly string Synthetic = LdContext.Core.Expand("synthetic");

    public Task OnChangedAsync(Work work, EntityBatch batch, CancellationToken cancellationToken)
    {
        if (SnapshotTenant.Is(work.Tenant))
        {
            return Task.CompletedTask;
        }

        foreach (var chunk in batch.Changes.Where(change => change.After is not null).SelectMany(Observe).Chunk(ObservationsPerMessage))
        {
            work.Publish(new ObservationsRecorded(work.Tenant!, batch.Now, chunk), work.Tenant!);
        }

        return Task.CompletedTask;
    }

    private static IReadOnlyList<Observation> Observe(EntityChange change)
    {
        var given = change.Attributes.Where(attribute => attribute is { After: not null, DatasetId: null }).ToArray();
        var name = given.FirstOrDefault(attribute => attribute.Attribute == Name)?.After is { Value: { ValueKind: JsonValueKind.String } text } ? text.GetString() : null;
        var location = given.FirstOrDefault(attribute => attribute.Attribute == Location)?.After is { Kind: AttributeKind.GeoProperty, Value: { ValueKind: JsonValueKind.Object } geometry }
            && geometry.GetProperty("type").ValueEquals("Point") ? new Position(geometry.GetProperty("coordinates")[0].GetDouble(), geometry.GetProperty("coordinates")[1].GetDouble()) : null;
        var id = change.Entity.Id;
        var type = LdContext.Core.Compact(change.Entity.Types[0]);
        Observation[] measured =
        [
            .. given.Where(attribute => attribute.After!.Number is not null).GroupBy(attribute => Instants.TryRead(attribute.After!.ObservedAt, out var at) ? at : change.At)
                .Select(group => new Observation(id, type, group.Key,
                    group.ToDictionary(attribute => LdContext.Core.Compact(attribute.Attribute), attribute => new Measurement(attribute.After!.Number!.Value, attribute.After.UnitCode)),
                    name, location, group.Any(attribute => IsSynthetic(attribute.After!)))),
        ];
        return measured.Length > 0 || (name is null && location is null) ? measured
            : [new Observation(id, type, change.At, new Dictionary<string, Measurement>(), name, location)];
    }

    private static bool IsSynthetic(AttributeInstance instance) => instance.Attributes.TryGetValue(Synthetic, out var flags) && flags.Any(flag => flag.Value.ValueKind == JsonValueKind.True);
}
