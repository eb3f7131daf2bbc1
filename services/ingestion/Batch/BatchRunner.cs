using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Batch;

/// <summary>
/// Runs an operation on many entities in one transaction. Each that fails is reported and does nothing; the others take effect, in the order of the batch, so that an entity which
/// occurs twice sees its first occurrence. When it answers, all of it is durable.
/// </summary>
internal sealed class BatchRunner(EntityOperations operations)
{
    /// <param name="tenant">The tenant.</param>
    /// <param name="items">The batch's items.</param>
    /// <param name="contextOf">Finds the context of an item.</param>
    /// <param name="reading">What an item is.</param>
    /// <param name="operation">What to do with each: it may throw an <see cref="NgsiLdException"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<BatchResult> RunAsync(
        string tenant, IEnumerable<JsonElement> items, Func<JsonElement, ValueTask<LdContext>> contextOf, Reading reading, Action<EntityBatch, Entity> operation, CancellationToken cancellationToken)
    {
        var entities = new List<Entity>();
        var unread = new List<BatchEntityError>();
        foreach (var item in items)
        {
            try
            {
                var entity = EntityReader.Read(item, await contextOf(item), reading);
                entities.Add(entity.Id.Length > 0 ? entity : throw NgsiLdException.BadRequestData("id: a URI is required."));
            }
            catch (NgsiLdException exception)
            {
                unread.Add(BatchEntityError.From(IdOf(item), exception));
            }
        }

        return await RunAsync(tenant, entities, entity => entity.Id, operation, unread, cancellationToken);
    }

    public async Task<BatchResult> RunAsync<T>(
        string tenant, IReadOnlyCollection<T> items, Func<T, string> idOf, Action<EntityBatch, T> operation, IReadOnlyList<BatchEntityError> unread, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
        {
            return new BatchResult([], unread);
        }

        return await operations.RunAsync(tenant, items.Select(idOf), batch =>
        {
            var errors = new List<BatchEntityError>(unread);
            var success = new List<string>();
            foreach (var item in items)
            {
                try
                {
                    operation(batch, item);
                    success.Add(idOf(item));
                }
                catch (NgsiLdException exception)
                {
                    errors.Add(BatchEntityError.From(idOf(item), exception));
                }
            }

            string[] succeeded = [.. success.Distinct()];
            return new BatchResult(succeeded, errors) { Created = [.. succeeded.Where(id => batch.Stored(id) is null && batch.Find(id) is not null)] };
        }, cancellationToken);
    }

    private static string IdOf(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id) ? id.ToString() : "";
}
