using System.Collections.Concurrent;
using LivingCity.Contracts.Ingestion;
using LivingCity.Contracts.Twin;
using LivingCity.ServiceDefaults.Data;
using LivingCity.Twin.Models;

namespace LivingCity.Twin.Register;

/// <summary>Tells the other services of the registered models, once for each city whose data feed the twin, and again when the models change.</summary>
internal sealed class ModelsTold
{
    private static readonly string[] Models = [.. ModelCatalogue.All.Select(model => $"{model.Description.Id}/{model.Description.Version}").Order(StringComparer.Ordinal)];

    private readonly ConcurrentDictionary<string, bool> told = new();

    /// <summary>Publishes with the work of a city's observations, if it was not done before.</summary>
    public async Task TellAsync(ObservationsRecorded message, Work work, CancellationToken cancellationToken)
    {
        if (told.ContainsKey(message.City))
        {
            return;
        }

        await using var note = work.Command(
            "INSERT INTO told_models AS t (tenant, models) VALUES ($1, $2) ON CONFLICT (tenant) DO UPDATE SET models = excluded.models WHERE t.models <> excluded.models", message.City, Models);
        if (await note.ExecuteNonQueryAsync(cancellationToken) > 0)
        {
            work.Publish(new ModelsRegistered(message.City, Models, message.RecordedAt), message.City);
        }
        else
        {
            // Committed by an earlier message, so it need not be looked up again.
            told[message.City] = true;
        }
    }
}
