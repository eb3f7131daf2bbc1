using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using LivingCity.Events.Programme;

namespace LivingCity.Events.Imports;

/// <summary>Reads the columns that the export writes; of others it says that it does not know them. Days that a line names and the event has not are added.</summary>
internal static class ProgrammeCsvReader
{
    /// <exception cref="FormatException">A line cannot be read.</exception>
    public static ImportResult Read(TextReader text, Event into)
    {
        using var csv = new CsvHelper.CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { MissingFieldFound = null, HeaderValidated = null, BadDataFound = null });
        var warnings = new List<string>();
        if (!csv.Read() || !csv.ReadHeader() || !csv.HeaderRecord!.Contains("id") || !csv.HeaderRecord!.Contains("title"))
        {
            throw new FormatException("The first line must name the columns, id and title among them.");
        }

        warnings.AddRange(csv.HeaderRecord!.Except(Exports.ProgrammeCsv.Columns).Select(column => $"column {column}: is not known and was left out."));
        var days = into.Days.ToList();
        var sessions = new List<Session>();
        while (csv.Read())
        {
            sessions.Add(Read(csv, into, days));
        }

        var named = sessions.Select(session => session.Id).ToHashSet();
        warnings.AddRange(into.Sessions.Where(session => !named.Contains(session.Id)).Select(session => $"{session.Id}: is not in the table and was taken out of the draft."));
        var rooms = sessions.Where(session => session.Room is not null).GroupBy(session => session.Venue).ToDictionary(group => group.Key ?? "", group => group.Select(session => session.Room!).Distinct());
        var venues = into.Venues.Select(venue => rooms.TryGetValue(venue.Id, out var used) && venue.Rooms.Count > 0
            ? venue with { Rooms = [.. venue.Rooms, .. used.Where(name => venue.Rooms.All(room => room.Name != name)).Select(name => new Room(name))] }
            : venue);
        return new ImportResult(into with { Days = days, Sessions = sessions, Venues = [.. venues] }, warnings);
    }

    private static Session Read(CsvHelper.CsvReader csv, Event into, List<Day> days)
    {
        string? Field(string name) => csv.TryGetField<string>(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim().TrimStart('\'') : null;
        T? Parsed<T>(string name, string expected) where T : struct, IParsable<T> =>
            Field(name) is not { } written ? null : T.TryParse(written, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException($"line {csv.Parser.Row}, {name}: \"{written}\" is not {expected}.");

        var date = Parsed<DateOnly>("date", "a date like 2026-07-01");
        var day = Field("day") ?? (date is { } known ? days.Find(candidate => candidate.Date == known)?.Id ?? known.ToString("O", CultureInfo.InvariantCulture) : null);
        if (day is not null && days.TrueForAll(candidate => candidate.Id != day))
        {
            days.Add(new Day(day, date?.ToString("O", CultureInfo.InvariantCulture) ?? day, date));
        }

        var id = Field("id") ?? throw new FormatException($"line {csv.Parser.Row}, id: is missing.");
        var before = into.Sessions.FirstOrDefault(session => session.Id == id);
        var language = Field("language");
        return (before ?? new Session { Id = id, Title = "" }) with
        {
            Title = Text(Field("title") ?? throw new FormatException($"line {csv.Parser.Row}, title: is missing."), before?.Title)!, Day = day, Date = date is not null && days.Find(candidate => candidate.Id == day)?.Date != date ? date : null,
            From = Parsed<TimeOnly>("from", "a time like 09:30"), To = Parsed<TimeOnly>("to", "a time like 09:30"), Languages = language is null ? [] : [language], Format = Text(Field("format"), before?.Format), Track = Field("track"),
            Venue = Field("venue"), Room = Field("room"), Capacity = Parsed<int>("capacity", "a whole number"), Host = Text(Field("host"), before?.Host), OpenToNonMembers = Field("open_to_non_members") == "yes",
            InOfficialProgramme = Field("in_official_programme") != "no", ExclusiveGroup = Field("exclusive_group"), Abstract = Text(Field("abstract"), before?.Abstract),
            People = [.. (Field("people") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name =>
                before?.People.FirstOrDefault(part => part.Name == name) ?? new Participation(string.Concat(name.ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) ? letter : '-')), name, Role.Speaker))],
        };
    }

    /// <summary>A table has one language; a text that says the same in any of its languages keeps the others.</summary>
    private static Text? Text(string? written, Text? before) => written is null ? null : before is not null && before.Languages.Values.Contains(written) ? before : (Text)written;
}
