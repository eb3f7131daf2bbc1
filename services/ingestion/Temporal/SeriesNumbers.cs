using System.Collections.Concurrent;
using LivingCity.Ingestion.Entities;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Temporal;

/// <summary>The numbers of series. They are never taken back, so what was once learned stays right; the memory is bounded. Thread-safe.</summary>
internal sealed class SeriesNumbers
{
    private const int MostKept = 500_000;

    private readonly ConcurrentDictionary<(string Tenant, SeriesKey Key), long> known = new();

    /// <summary>Gives each row the number of its series, and makes the series that are new.</summary>
    /// <returns>What was learned: to be remembered when the work has committed.</returns>
    public async Task<Learned> ResolveAsync(Work work, IReadOnlyCollection<HistoryRow> rows, CancellationToken cancellationToken)
    {
        var unknown = rows.Select(row => row.Key).Distinct().Where(key => !known.ContainsKey((work.Tenant!, key)))
            .OrderBy(key => key.EntityId, StringComparer.Ordinal).ThenBy(key => key.Attribute, StringComparer.Ordinal).ThenBy(key => key.DatasetId, StringComparer.Ordinal).ToArray();
        var learned = new Learned(known, work.Tenant!);
        if (unknown.Length > 0)
        {
            await using var command = work.Command("""
                WITH wanted AS (SELECT * FROM unnest($2, $3, $4) WITH ORDINALITY AS w(entity_id, attribute, dataset_id, number)),
                made AS (
                    INSERT INTO series (tenant, entity_id, attribute, dataset_id)
                    SELECT $1, entity_id, attribute, dataset_id FROM wanted w
                    WHERE NOT EXISTS (SELECT FROM series s WHERE s.tenant = $1 AND s.entity_id = w.entity_id AND s.attribute = w.attribute AND s.dataset_id = w.dataset_id)
                    ORDER BY number
                    RETURNING id, entity_id, attribute, dataset_id)
                SELECT id, entity_id, attribute, dataset_id FROM made
                UNION ALL
                SELECT s.id, s.entity_id, s.attribute, s.dataset_id FROM series s JOIN wanted w USING (entity_id, attribute, dataset_id) WHERE s.tenant = $1
                """,
                work.Tenant, unknown.Select(key => key.EntityId).ToArray(), unknown.Select(key => key.Attribute).ToArray(), unknown.Select(key => key.DatasetId).ToArray());
            await using var found = await command.ExecuteReaderAsync(cancellationToken);
            while (await found.ReadAsync(cancellationToken))
            {
                learned.Add(new SeriesKey(found.GetString(1), found.GetString(2), found.GetString(3)), found.GetInt64(0));
            }
        }

        foreach (var row in rows)
        {
            row.Series = learned.Find(row.Key) ?? known[(work.Tenant!, row.Key)];
        }

        return learned;
    }

    internal sealed class Learned(ConcurrentDictionary<(string Tenant, SeriesKey Key), long> known, string tenant)
    {
        private readonly Dictionary<SeriesKey, long> numbers = [];

        public void Add(SeriesKey key, long number) => numbers[key] = number;

        public long? Find(SeriesKey key) => numbers.TryGetValue(key, out var number) ? number : null;

        public void Remember()
        {
            if (known.Count + numbers.Count > MostKept)
            {
                known.Clear();
            }

            foreach (var (key, number) in numbers)
            {
                known[(tenant, key)] = number;
            }
        }
    }
}
