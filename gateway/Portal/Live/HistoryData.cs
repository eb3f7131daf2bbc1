using System.Globalization;
using System.Text.Json;
using LivingCity.Gateway.Portal.Services;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>What one station measured of one property, oldest first.</summary>
/// <param name="Station">The station.</param>
/// <param name="Name">Its name.</param>
/// <param name="Property">The property.</param>
/// <param name="UnitCode">UN/CEFACT common code, where the readings have one.</param>
/// <param name="Synthetic">Computed, never measured.</param>
/// <param name="Points">Milliseconds since 1970-01-01 UTC, and the value.</param>
public sealed record History(string Station, string Name, string Property, string? UnitCode, bool Synthetic, IReadOnlyList<double[]> Points);

/// <summary>Reads histories from the context broker (ETSI GS CIM 009, 5.7.3).</summary>
internal sealed class HistoryData(PlatformClient platform, StationData stations)
{
    /// <summary>More points than a chart has pixels tell nobody anything.</summary>
    private const int MostPoints = 5000;

    /// <summary>The hours up to the station's latest reading, which need not be of today.</summary>
    /// <returns>Null when there is no such station for this caller.</returns>
    public async Task<History?> ReadAsync(string id, string property, int hours, CancellationToken cancellationToken)
    {
        if (await stations.FindAsync(id, cancellationToken) is not { } station)
        {
            return null;
        }

        // A second earlier, because "after" leaves its own instant out (ETSI GS CIM 009, 4.11).
        var from = (station.ObservedAt ?? DateTimeOffset.UnixEpoch).AddHours(-hours).AddSeconds(-1).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var query = $"attrs={Uri.EscapeDataString(property)}&timerel=after&timeAt={Uri.EscapeDataString(from)}&lastN={MostPoints}";
        using var entity = (await platform.GetAsync<JsonDocument>("ingestion", $"/ngsi-ld/v1/temporal/entities/{Uri.EscapeDataString(id)}?{query}", cancellationToken)).OrThrow();
        var instances = entity?.RootElement.TryGetProperty(property, out var found) == true ? Instances(found) : [];
        return new History(
            station.Id, station.Name, property, instances.Select(instance => instance.TryGetProperty("unitCode", out var unit) ? unit.GetString() : null).FirstOrDefault(),
            station.Synthetic, [.. instances.Select(Point).OfType<double[]>().OrderBy(point => point[0])]);
    }

    /// <summary>An attribute with one instance is an object or an array of one.</summary>
    private static JsonElement[] Instances(JsonElement attribute) => attribute.ValueKind == JsonValueKind.Array ? [.. attribute.EnumerateArray()] : [attribute];

    private static double[]? Point(JsonElement instance) =>
        instance.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Number
        && instance.TryGetProperty("observedAt", out var time) && time.TryGetDateTimeOffset(out var at)
            ? [at.ToUnixTimeMilliseconds(), value.GetDouble()] : null;
}
