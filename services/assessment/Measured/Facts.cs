using LivingCity.Contracts.Ingestion;
using LivingCity.Contracts.Twin;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;

namespace LivingCity.Assessment.Measured;

/// <summary>Counts the datasets that a city offers.</summary>
internal sealed class DatasetsKnown : IMessageHandler<DatasetDescribed>
{
    public async Task HandleAsync(DatasetDescribed message, Work work, CancellationToken cancellationToken)
    {
        await using var note = work.Command("INSERT INTO described_dataset (tenant, dataset_id, described_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", message.City, message.DatasetId, message.DescribedAt.ToUniversalTime());
        await note.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>Knows the registered models behind a city's twin.</summary>
internal sealed class ModelsKnown : IMessageHandler<ModelsRegistered>
{
    public async Task HandleAsync(ModelsRegistered message, Work work, CancellationToken cancellationToken)
    {
        await using var note = work.Command("""
            INSERT INTO registered_models AS m (tenant, models, registered_at) VALUES ($1, $2, $3)
            ON CONFLICT (tenant) DO UPDATE SET models = excluded.models, registered_at = excluded.registered_at WHERE m.registered_at < excluded.registered_at
            """, message.City, message.Models.ToArray(), message.RegisteredAt.ToUniversalTime());
        await note.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>Notes in which hours each sensor delivered. What is older than the window is forgotten.</summary>
internal sealed class SensorsHeard : IMessageHandler<ObservationsRecorded>
{
    public async Task HandleAsync(ObservationsRecorded message, Work work, CancellationToken cancellationToken)
    {
        var entities = message.Observations.Select(observation => observation.EntityId).Distinct().Order(StringComparer.Ordinal).ToArray();
        var hour = new DateTimeOffset(message.RecordedAt.UtcDateTime.Date, TimeSpan.Zero).AddHours(message.RecordedAt.UtcDateTime.Hour);
        await using var note = work.Command("INSERT INTO sensor_hour (tenant, hour, entity_id) SELECT $1, $2, unnest($3) ON CONFLICT DO NOTHING", message.City, hour, entities);
        if (await note.ExecuteNonQueryAsync(cancellationToken) > 0)
        {
            await using var forget = work.Command("DELETE FROM sensor_hour WHERE tenant = $1 AND hour < $2", message.City, hour - Prefill.Window - TimeSpan.FromHours(1));
            await forget.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
