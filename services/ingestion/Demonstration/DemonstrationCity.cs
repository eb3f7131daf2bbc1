using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Batch;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Demonstration;

/// <summary>
/// Loads the synthetic city into the demonstration cities, where <c>City:Demo</c> asks for it. Every record says that it is synthetic. It goes through the same
/// batch upsert as any other data, so all services hear of it; a start that finds it loaded does nothing.
/// </summary>
internal sealed partial class DemonstrationCity(Database database, BatchRunner runner, ILogger<DemonstrationCity> logger) : BackgroundService
{
    private const int HoursPerBatch = 48;

    private static readonly (string City, double Longitude, double Latitude)[] Cities = [("sofia", 23.3219, 42.6977), ("sant-boi", 2.0379, 41.3436)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        foreach (var (city, longitude, latitude) in Cities)
        {
            var synthetic = new SyntheticCity(city, longitude, latitude);
            if (await IsLoadedAsync(city, synthetic.Stations[^1].Id, stoppingToken))
            {
                continue;
            }

                        await StoreAsync(city, synthetic.Stations.Select(Describe), stoppingToken);
            for (var hour = 0; hour < SyntheticCity.Hours; hour += HoursPerBatch)
            {
                await StoreAsync(city, Enumerable.Range(hour, HoursPerBatch).SelectMany(now => synthetic.Stations.Select(station => Observe(synthetic, station, now))), stoppingToken);
            }

            Loaded(logger, city, SyntheticCity.Hours, synthetic.Stations.Count);
        }
    }

    /// <summary>The last station's last hour is written last.</summary>
    private async Task<bool> IsLoadedAsync(string city, string station, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(city, cancellationToken);
        await using var command = work.Command("SELECT EXISTS (SELECT FROM attribute_instance WHERE tenant = $1 AND entity_id = $2 AND observed_at = $3)",
            city, station, SyntheticCity.Start.AddHours(SyntheticCity.Hours - 1));
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task StoreAsync(string city, IEnumerable<JsonObject> entities, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(
            city, entities.Select(entity => JsonSerializer.SerializeToElement(entity)), _ => ValueTask.FromResult(LdContext.Core), Reading.Whole,
            (batch, entity) => BatchEndpoints.Upsert(batch, entity, update: true), cancellationToken);
        if (result.Errors.Count > 0)
        {
            throw new InvalidOperationException($"The synthetic city is not valid: {result.Errors[0].Error.Detail}");
        }
    }

    private static JsonObject Describe(SyntheticStation station) => new()
    {
        ["id"] = station.Id,
        ["type"] = station.Type,
        ["name"] = new JsonObject { ["type"] = "Property", ["value"] = station.Name },
        ["location"] = new JsonObject { ["type"] = "GeoProperty", ["value"] = new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(station.Longitude, station.Latitude) } },
        ["synthetic"] = Property(JsonValue.Create(true)),
    };

    private static JsonObject Observe(SyntheticCity city, SyntheticStation station, int hour)
    {
        var time = SyntheticCity.Start.AddHours(hour).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var entity = new JsonObject { ["id"] = station.Id, ["type"] = station.Type };
        foreach (var value in city.Observe(station, hour))
        {
            entity[value.Property] = new JsonObject
            {
                ["type"] = "Property", ["value"] = value.Value, ["unitCode"] = value.UnitCode, ["observedAt"] = time, ["synthetic"] = Property(JsonValue.Create(true)),
            };
        }

        return entity;
    }

    private static JsonObject Property(JsonValue value) => new() { ["type"] = "Property", ["value"] = value };

    [LoggerMessage(2000, LogLevel.Information, "The synthetic city is loaded for {City}: {Hours} hours of {Stations} stations")]
    private static partial void Loaded(ILogger logger, string city, int hours, int stations);
}

internal static class DemonstrationExtensions
{
    public static IServiceCollection AddDemonstrationCity(this IServiceCollection services, IConfiguration configuration) =>
        configuration.GetValue("City:Demo", false) ? services.AddHostedService<DemonstrationCity>() : services;
}
