using System.Text.Json;
using LivingCity.Contracts.Ingestion;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>An update as the browser gets it: the same text for every client of the city, written once.</summary>
internal static class ObservationsJson
{
    /// <summary>Above this an update is an import: the browser is told the latest of each station, and reads histories anew.</summary>
    private const int Many = 200;

    public static string From(ObservationsRecorded message)
    {
        var bulk = message.Observations.Count > Many;
        var observations = bulk
            ? message.Observations.GroupBy(observation => observation.EntityId).Select(station => station.MaxBy(observation => observation.ObservedAt)!)
            : message.Observations;
        return JsonSerializer.Serialize(new Update(message.RecordedAt, bulk, [.. observations.Select(Describe)]), JsonSerializerOptions.Web);
    }

    private static Change Describe(Observation observation) =>
        new(observation.EntityId, observation.ObservedAt, observation.Values.ToDictionary(value => value.Key, value => value.Value.Value));

    private sealed record Update(DateTimeOffset RecordedAt, bool Bulk, IReadOnlyList<Change> Observations);

    private sealed record Change(string Station, DateTimeOffset ObservedAt, IReadOnlyDictionary<string, double> Values);
}
