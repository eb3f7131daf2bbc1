using System.Globalization;
using System.Text;

namespace LivingCity.Events.Exports;

/// <summary>Writes iCalendar content lines (RFC 5545, 3.1): CRLF, folded at 75 octets and never inside a character, texts escaped. Stands in for Ical.Net.</summary>
internal sealed class CalendarText
{
    private const int MostOctets = 75;

    private readonly StringBuilder text = new();

    public CalendarText Begin(string component) => Line("BEGIN", component);

    public CalendarText End(string component) => Line("END", component);

    /// <summary>A property whose value is written as it is.</summary>
    public CalendarText Line(string name, string value)
    {
        var octets = 0;
        foreach (var rune in $"{name}:{value}".EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > MostOctets)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
        return this;
    }

    /// <summary>A property of type TEXT; none where there is no value.</summary>
    public CalendarText Text(string name, string? value) => string.IsNullOrEmpty(value) ? this : Line(name, Escape(value));

    public static string Escape(string value) => value.ReplaceLineEndings("\n").Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>A parameter's value: quoted, and without what cannot be in it.</summary>
    public static string Parameter(string value) => $"\"{string.Concat(value.Where(letter => letter != '"' && !char.IsControl(letter)))}\"";

    public static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    public override string ToString() => text.ToString();
}
