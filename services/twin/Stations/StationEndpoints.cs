using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Twin.Stations;

/// <summary>One measured number.</summary>
internal sealed record Reading(string StationId, string Property, DateTime ObservedAt, double Value, string? UnitCode);

/// <summary>A station as the twin sees it now.</summary>
/// <param name="Id">URI of the entity at the context broker.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name.</param>
/// <param name="Longitude">WGS 84, degrees.</param>
/// <param name="Latitude">WGS 84, degrees.</param>
/// <param name="Synthetic">True for the demonstration city.</param>
/// <param name="ObservedAt">The latest reading.</param>
/// <param name="Values">The latest value of each property.</param>
/// <param name="Thermal">Outdoor thermal comfort, where temperature, humidity and wind were measured within an hour.</param>
/// <param name="AirQuality">Pollutants against the WHO guidelines; empty where comfort is known or nothing of it is measured.</param>
internal sealed record StationState(
    string Id, string Type, string? Name, double? Longitude, double? Latitude, bool Synthetic, DateTimeOffset? ObservedAt,
    IReadOnlyDictionary<string, double> Values, ThermalState? Thermal, IReadOnlyList<PollutantState> AirQuality);

internal static class StationEndpoints
{
    public static void MapStations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/stations").RequireAuthorization(Access.SignedIn).WithTags("Stations");
        group.MapGet("/", async (Caller caller, Database database, CancellationToken cancellationToken) =>
            TypedResults.Ok(await ReadAsync(database, caller.RequiredCity, null, cancellationToken))).WithSummary("The stations of the city: latest values, thermal comfort or air quality.");
        group.MapGet("/{id}", GetAsync).WithSummary("One station.");
    }

    private static async Task<Results<Ok<StationState>, ProblemHttpResult>> GetAsync(string id, Caller caller, Database database, CancellationToken cancellationToken) =>
        (await ReadAsync(database, caller.RequiredCity, id, cancellationToken)).SingleOrDefault() is { } state
            ? TypedResults.Ok(state) : Problem.NotFound.Because($"There is no station {id}.");

    private static async Task<IReadOnlyList<StationState>> ReadAsync(Database database, string city, string? id, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(city, cancellationToken);
        await using var both = await work.Connection.QueryMultipleAsync(new CommandDefinition("""
            SELECT id, type, name, longitude, latitude, synthetic FROM station WHERE tenant = @city AND (@id::text IS NULL OR id = @id) ORDER BY id;
            SELECT station_id, property, observed_at, value, unit_code FROM reading
            WHERE tenant = @city AND (@id::text IS NULL OR station_id = @id)
            """, new { city, id }, work.Transaction, cancellationToken: cancellationToken));
        var stations = await both.ReadAsync<Station>();
        var readings = (await both.ReadAsync<Reading>()).ToLookup(reading => reading.StationId);
        return [.. stations.Select(station => Describe(station, [.. readings[station.Id]]))];
    }

    private static StationState Describe(Station station, Reading[] readings)
    {
        var latest = readings.GroupBy(reading => reading.Property).ToDictionary(group => group.Key, group => group.MaxBy(reading => reading.ObservedAt)!);
        var thermal = ThermalComfort.Assess(latest);
        return new StationState(
            station.Id, station.Type, station.Name, station.Longitude, station.Latitude, station.Synthetic,
            readings.Length == 0 ? null : readings.Max(reading => reading.ObservedAt),
            latest.ToDictionary(property => property.Key, property => property.Value.Value),
            thermal, thermal is null ? AirQuality.Assess(readings) : []);
    }

    private sealed record Station(string Id, string Type, string? Name, double? Longitude, double? Latitude, bool Synthetic);
}
