using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using CsvHelper;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Imports;

/// <summary>What an import brought.</summary>
internal sealed record ImportReport(string Event, int Days, int Sessions, IReadOnlyList<string> Warnings);

/// <summary>Programmes from the formats of others, into a draft.</summary>
internal static class ImportEndpoints
{
    private const long Largest = 20 * 1024 * 1024;

    public static void MapImports(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/events/{id}/import/{format}", ImportAsync).RequireAuthorization(Access.Organiser).Transactional().WithTags("Imports").Accepts<Stream>("application/xml", "application/json", "text/csv")
            .WithSummary("Reads schedule.xml (xml), schedule.json (json) or the table that programme.csv is (csv) into the draft, which is made where there is none. Nothing is lost; what was odd is said.");

    private static async Task<Ok<ImportReport>> ImportAsync(string id, string format, string? timeZone, string? city, string? country, Caller caller, HttpRequest request, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        new Validation()
            .Rule(format is "xml" or "json" or "csv", "format", "must be xml, json or csv")
            .Rule(timeZone is null || SessionTimes.Zone(timeZone) is not null, "timeZone", "is not a zone of the IANA database")
            .Rule(request.ContentLength is null or <= Largest, "body", "must not be larger than 20 MiB")
            .ThrowIfInvalid();
        var known = await ProgrammeStore.FindAsync(work, id, cancellationToken) is null ? null : await ProgrammeStore.OfOrganiserAsync(work, id, caller, cancellationToken);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        body.Position = 0;
        var result = Read(body, format, id, timeZone, city, country, known?.Draft);
        EventCheck.Of(result.Event).ThrowIfInvalid();
        if (known is null)
        {
            await ProgrammeStore.CreateAsync(work, result.Event, caller.RequiredCity, time.GetUtcNow(), cancellationToken);
        }
        else
        {
            await ProgrammeStore.SaveAsync(work, known, result.Event, time.GetUtcNow(), cancellationToken);
        }

        return TypedResults.Ok(new ImportReport(id, result.Event.Days.Count, result.Event.Sessions.Count, result.Warnings));
    }

    private static ImportResult Read(Stream body, string format, string id, string? timeZone, string? city, string? country, Event? draft)
    {
        try
        {
            if (format == "csv")
            {
                new Validation().Rule(draft is not null, "id", "must be an event there is: a table says too little to make one").ThrowIfInvalid();
                return ProgrammeCsvReader.Read(new StreamReader(body), draft!);
            }

            var raw = format == "xml" ? ScheduleXmlReader.Read(body) : ScheduleJsonReader.Read(JsonNode.Parse(body));
            var zone = timeZone ?? draft?.TimeZone ?? (raw.Zone is { } named && SessionTimes.Zone(named) is not null ? named : null);
            new Validation().Rule(zone is not null, "timeZone", "is needed: the file names none").ThrowIfInvalid();
            return Importer.Make(raw, id, zone!, city ?? draft?.City, country ?? draft?.Country);
        }
        catch (Exception exception) when (exception is XmlException or JsonException or FormatException or CsvHelperException)
        {
            throw new Validation().Rule(false, "body", exception.Message).ToException();
        }
    }
}
