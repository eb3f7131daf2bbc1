using System.Globalization;
using System.Text.RegularExpressions;

namespace LivingCity.Ingestion.Entities;

/// <summary>Dates with times as NGSI-LD writes them (ETSI GS CIM 009, clause 4.6.3): ISO 8601, extended format, with seconds and an offset.</summary>
internal static partial class Instants
{
    /// <summary>Reads an instant.</summary>
    public static bool TryRead(string? text, out DateTimeOffset instant)
    {
        instant = default;
        return text is not null && Pattern().IsMatch(text)
            && DateTimeOffset.TryParse(text.Replace(',', '.'), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind | DateTimeStyles.AssumeUniversal, out instant)
            && ToUtc(ref instant);
    }

    /// <summary>Writes an instant in UTC to the microsecond, as far as the database keeps it.</summary>
    public static string Write(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);

    /// <summary>The current time as the database keeps it.</summary>
    public static DateTimeOffset Now(TimeProvider time) => Truncate(time.GetUtcNow());

    public static DateTimeOffset Truncate(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static bool ToUtc(ref DateTimeOffset instant)
    {
        instant = Truncate(instant);
        return true;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d{1,9})?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex Pattern();
}
