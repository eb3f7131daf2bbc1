using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Datasets;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Batch;

/// <summary>
/// Stores a batch in one transaction: current state, history, the message to the other services, and the description of types seen for the first time.
/// When it answers, all of it is durable.
/// </summary>
internal sealed class BatchUpsert(Database database, TimeProvider time)
{
    public async Task<BatchResult> RunAsync(RequestContext context, IEnumerable<JsonElement> entities, bool replace, CancellationToken cancellationToken)
    {
        var (fragments, errors) = Read(entities, context.Link);
        if (fragments.Count == 0)
        {
            return new BatchResult([], errors);
        }

        var now = time.GetUtcNow();
        await using var work = await database.BeginAsync(context.Tenant, cancellationToken);
        var states = fragments.GroupBy(fragment => fragment.Id).Select(group => replace ? group.Last() : Merge([.. group])).ToArray();
        var created = await EntityStore.UpsertAsync(work, states, replace, now, cancellationToken);
        await EntityStore.RecordAsync(work, fragments, now, cancellationToken);
        await DatasetDescriptions.DescribeNewAsync(work, fragments, now, cancellationToken);
        foreach (var message in ObservationMessages.From(context.Tenant, fragments, now))
        {
            work.Publish(message, context.Tenant);
        }

        await work.CommitAsync(cancellationToken);
        return new BatchResult([.. states.Select(state => state.Id)], errors) { Created = created };
    }

    private static (List<EntityFragment> Fragments, List<BatchEntityError> Errors) Read(IEnumerable<JsonElement> entities, string? link)
    {
        var fragments = new List<EntityFragment>();
        var errors = new List<BatchEntityError>();
        foreach (var entity in entities)
        {
            try
            {
                fragments.Add(EntityReader.Read(entity, link));
            }
            catch (NgsiLdException exception)
            {
                var id = entity.ValueKind == JsonValueKind.Object && entity.TryGetProperty("id", out var given) ? given.ToString() : "";
                errors.Add(new BatchEntityError(id, exception.Details));
            }
        }

        return (fragments, errors);
    }

    /// <summary>Entities that occur more than once in a batch take effect one after the other (clause 5.6.8.4); later instances win.</summary>
    private static EntityFragment Merge(IReadOnlyList<EntityFragment> fragments) => fragments.Count == 1 ? fragments[0] : new EntityFragment(
        fragments[0].Id,
        [.. fragments.SelectMany(fragment => fragment.Types).Distinct()],
        [.. fragments.SelectMany(fragment => fragment.Instances).GroupBy(instance => (instance.Attribute, instance.DatasetId)).Select(group => group.Last())]);
}
