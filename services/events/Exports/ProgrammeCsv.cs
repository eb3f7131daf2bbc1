using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using LivingCity.Events.Programme;

namespace LivingCity.Events.Exports;

/// <summary>One line for each session. A column that could be read as a formula by a spreadsheet is escaped.</summary>
internal static class ProgrammeCsv
{
    public static readonly string[] Columns = ["id", "day", "date", "from", "to", "title", "language", "format", "track", "venue", "room", "capacity", "host", "open_to_non_members", "in_official_programme", "exclusive_group", "people", "abstract"];

    public static byte[] Write(Event item, IReadOnlyList<string> languages)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape }))
        {
            Array.ForEach(Columns, csv.WriteField);
            csv.NextRecord();
            foreach (var session in item.Sessions)
            {
                foreach (var value in (string?[])
                [
                    session.Id, session.Day, SessionTimes.DateOf(item, session)?.ToString("O"), session.From?.ToString("HH:mm", CultureInfo.InvariantCulture), session.To?.ToString("HH:mm", CultureInfo.InvariantCulture),
                    session.Title.In(languages).Value, session.Languages is [var spoken, ..] ? spoken : null, session.Format?.In(languages).Value, session.Track, session.Venue, session.Room, session.Capacity?.ToString(CultureInfo.InvariantCulture),
                    session.Host?.In(languages).Value, session.OpenToNonMembers ? "yes" : "no", session.InOfficialProgramme ? "yes" : "no", session.ExclusiveGroup, string.Join("; ", session.People.Select(part => part.Name)), session.Abstract?.In(languages).Value,
                ])
                {
                    csv.WriteField(value ?? "");
                }

                csv.NextRecord();
            }
        }

        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }
}
