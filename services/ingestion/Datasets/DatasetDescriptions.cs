using System.Collections.Concurrent;
using LivingCity.Contracts.Ingestion;
using LivingCity.Ingestion.Changes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Snapshots;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Datasets;

/// <summary>Each type of entity that a city keeps is a dataset. The first entity of a type describes it to the catalogue, once.</summary>
internal sealed class DatasetDescriptions : IChangeListener
{
    private static readonly Dictionary<string, string> Description =
        In("The latest values and their history.", "Последните стойности и тяхната история.", "Los últimos valores y su historial.", "Les dernières valeurs et leur historique.");

    /// <summary>Types that are described already, as this process has seen committed or asked for.</summary>
    private readonly ConcurrentDictionary<(string Tenant, string Type), bool> known = new();

    public async Task OnChangedAsync(Work work, EntityBatch batch, CancellationToken cancellationToken)
    {
        var types = batch.Changes.Where(change => change.After is not null).SelectMany(change => change.Entity.Types).Distinct()
            .Where(type => !known.ContainsKey((work.Tenant!, type))).Order(StringComparer.Ordinal).ToArray();
        if (types.Length == 0 || SnapshotTenant.Is(work.Tenant))
        {
            return;
        }

        var described = new HashSet<string>();
        await using (var command = work.Command(
            "INSERT INTO dataset (tenant, type, described_at) SELECT $1, type, $3 FROM unnest($2) AS t(type) ON CONFLICT DO NOTHING RETURNING type", work.Tenant, types, batch.Now))
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                described.Add(rows.GetString(0));
            }
        }

        foreach (var type in types)
        {
            if (described.Contains(type))
            {
                work.Publish(Describe(work.Tenant!, LdContext.Core.Compact(type), batch.Now), type);
            }
            else
            {
                known[(work.Tenant!, type)] = true; // committed by another: what this transaction inserts may still be rolled back
            }
        }
    }

    private static DatasetDescribed Describe(string tenant, string type, DateTimeOffset now)
    {
        var (titles, keywords, theme) = type switch
        {
            "AirQualityObserved" => (In("Air quality", "Качество на въздуха", "Calidad del aire", "Qualité de l’air"), (string[])["air quality", "pollution", "environment"], "ENVI"),
            "WeatherObserved" => (In("Weather", "Време", "Tiempo atmosférico", "Météo"), ["weather", "temperature", "climate"], "ENVI"),
            "TrafficFlowObserved" => (In("Traffic", "Движение", "Tráfico", "Circulation"), ["traffic", "mobility"], "TRAN"),
            "WaterObserved" => (In("Water level", "Ниво на водата", "Nivel del agua", "Niveau de l’eau"), ["water", "flood"], "ENVI"),
            _ => (new Dictionary<string, string> { ["en"] = type }, [type], "TECH"),
        };
        return new DatasetDescribed(
            tenant,
            $"urn:living-city:dataset:{tenant}:{type}",
            titles,
            Description,
            keywords,
            theme,
            $"/ngsi-ld/v1/entities?type={Uri.EscapeDataString(type)}",
            "application/ld+json",
            "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
            now,
            type);
    }

    private static Dictionary<string, string> In(string en, string bg, string es, string fr) => new() { ["en"] = en, ["bg"] = bg, ["es"] = es, ["fr"] = fr };
}
