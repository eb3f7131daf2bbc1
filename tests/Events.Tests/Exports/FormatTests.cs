using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using System.Xml.Schema;
using LivingCity.Events.Imports;
using LivingCity.Events.Exports;
using LivingCity.Events.Programme;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Exports;

public sealed class FormatTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("assembly-2023")]
    [InlineData("assembly-2024")]
    [InlineData("assembly-2025")]
    public async Task Schedule_OfAnEventWithDates_PassesThePublishedSchemas(string id)
    {
        using var anyone = fixture.Host.Anonymous();

        AssertXml(await anyone.GetByteArrayAsync($"/api/events/v1/events/{id}/schedule.xml", Cancelled));
        await AssertJsonAsync(await anyone.GetStringAsync($"/api/events/v1/events/{id}/schedule.json", Cancelled));
    }

    [Theory]
    [InlineData("fosdem-2021.xml", "Europe/Brussels", 773)]
    [InlineData("31c3.xml", "Europe/Berlin", 138)]
    public async Task Schedule_Imported_IsCompleteAndPassesTheSchemasWhenExportedAgain(string file, string zone, int sessions)
    {
        using var organiser = fixture.Host.As("sofia", "organiser");
        var xml = await File.ReadAllBytesAsync(Path.Combine(Outside.Schedules, file), Cancelled);
        var id = $"import-{Path.GetFileNameWithoutExtension(file)}";
        using var content = new ByteArrayContent(xml) { Headers = { ContentType = new("application/xml") } };

        using var answer = await organiser.PostAsync($"/api/events/v1/events/{id}/import/xml?timeZone={zone}", content, Cancelled);
        var report = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
        Assert.True(answer.IsSuccessStatusCode, report.ToJsonString());
        await organiser.PublishAsync(id);

        Assert.Equal(sessions, (int)report["sessions"]!);
        Assert.NotEmpty(report["warnings"]!.AsArray());
        AssertXml(await organiser.GetByteArrayAsync($"/api/events/v1/events/{id}/schedule.xml", Cancelled));
        await AssertJsonAsync(await organiser.GetStringAsync($"/api/events/v1/events/{id}/schedule.json", Cancelled));
    }

    [Theory]
    [InlineData("fosdem-2021.xml", "Europe/Brussels")]
    [InlineData("31c3.xml", "Europe/Berlin")]
    public async Task Schedule_Imported_LosesNeitherTitleTimePersonLinkNorAnythingElse(string file, string zone)
    {
        await using var stream = File.OpenRead(Path.Combine(Outside.Schedules, file));
        var source = await XDocument.LoadAsync(stream, LoadOptions.None, Cancelled);
        stream.Position = 0;

        var result = Importer.Make(ScheduleXmlReader.Read(stream), "import", zone);

        var events = source.Descendants("event").ToArray();
        Assert.Equal(events.Length, result.Event.Sessions.Count);
        var starts = new HashSet<string>();
        foreach (var (item, session) in events.Zip(result.Event.Sessions))
        {
            var time = SessionTimes.Of(result.Event, session)!;
            var expected = item.Element("date") is { } date ? DateTimeOffset.Parse(date.Value, System.Globalization.CultureInfo.InvariantCulture)
                : SessionTimes.Of(result.Event, new Session { Id = "x", Title = "x", Date = DateOnly.Parse(item.Parent!.Parent!.Attribute("date")!.Value, System.Globalization.CultureInfo.InvariantCulture), From = TimeOnly.Parse(item.Element("start")!.Value, System.Globalization.CultureInfo.InvariantCulture) })!.Start;
            Assert.Equal(expected.UtcDateTime, time.Start.UtcDateTime);
            Assert.Equal(item.Element("title")!.Value.Trim(), session.Title.Plain);
            Assert.Equal(item.Descendants("person").Select(person => person.Value.Trim()).Where(name => name.Length > 0), session.People.Select(person => person.Name));
            Assert.Equal(item.Descendants("link").Select(link => link.Attribute("href")!.Value.Trim()), session.Links.Select(link => link.Url));
            Assert.Equal(item.Descendants("attachment").Select(link => link.Attribute("href")!.Value.Trim()), session.Documents.Select(link => link.Url));
            Assert.Equal(item.Element("room")!.Value, session.Room);
            if (TimeSpan.TryParse(item.Element("duration")!.Value, System.Globalization.CultureInfo.InvariantCulture, out var duration) && duration > TimeSpan.Zero && duration < TimeSpan.FromDays(1))
            {
                Assert.Equal(duration, time.End - time.Start);
            }

            foreach (var other in item.Descendants().Where(element => !element.HasElements && element.Value.Trim().Length > 0 && element.Parent!.Name.LocalName is "event" or "recording"))
            {
                var text = HtmlText.Plain(other.Value.Trim())!;
                var kept = System.Text.RegularExpressions.Regex.Unescape(ProgrammeJson.Write(session with { Abstract = null, Note = null })) + session.Abstract?.Plain + session.Note?.Plain + item.Element("date")?.Value + item.Element("start")?.Value + item.Element("duration")?.Value;
                Assert.True(kept.Contains(text, StringComparison.Ordinal), $"{session.Id}: {other.Name.LocalName} {text[..Math.Min(80, text.Length)]}");
            }
        }
    }

    [Fact]
    public async Task Json_OfPretalx_IsReadWhole()
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Outside.Schedules, "pretalx-democon.json"), Cancelled));

        var result = Importer.Make(ScheduleJsonReader.Read(json), "democon", "UTC");

        var count = json!["schedule"]!["conference"]!["days"]!.AsArray().Sum(day => day!["rooms"]!.AsObject().Sum(room => room.Value!.AsArray().Count));
        Assert.Equal(count, result.Event.Sessions.Count);
        Assert.True(EventCheck.Of(result.Event).IsValid);
    }

    [Theory]
    [InlineData("xml", "<schedule><conference>", "body")]
    [InlineData("xml", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><schedule>&e;</schedule>", "body")]
    [InlineData("json", "{\"schedule\":{}}", "body")]
    [InlineData("json", "[", "body")]
    [InlineData("csv", "id,title\n", "id")]
    [InlineData("doc", "x", "format")]
    public async Task Import_OfWhatIsNoSchedule_NamesTheField(string format, string body, string field)
    {
        using var organiser = fixture.Host.As("sofia", "organiser");
        using var content = new StringContent(body, Encoding.UTF8, format == "xml" ? "application/xml" : format == "csv" ? "text/csv" : "application/json");

        using var answer = await organiser.PostAsync($"/api/events/v1/events/import-nothing/import/{format}?timeZone=UTC", content, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["errors"]![field]);
    }

    [Fact]
    public async Task Table_ExportedAndImported_IsTheSameProgramme()
    {
        using var organiser = fixture.Host.As("sofia", "organiser");
        var table = await organiser.GetByteArrayAsync("/api/events/v1/events/forum-2026/programme.csv", Cancelled);
        using var content = new ByteArrayContent(table);

        using var answer = await organiser.PostAsync("/api/events/v1/events/forum-2026/import/csv", content, Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        var changes = JsonNode.Parse(await organiser.GetStringAsync("/api/events/v1/events/forum-2026/draft/changes", Cancelled))!.AsArray();

        Assert.Empty(changes);
    }

    [Fact]
    public async Task Programme_AsPdfJsonLdAndXml_IsWhatItSaysAndWithoutDatesRefused()
    {
        using var anyone = fixture.Host.Anonymous();

        var pdf = await anyone.GetByteArrayAsync("/api/events/v1/events/forum-2026/programme.pdf?lang=bg", Cancelled);
        var linked = JsonNode.Parse(await anyone.GetStringAsync("/api/events/v1/events/assembly-2025/event.jsonld", Cancelled))!;
        using var refused = await anyone.GetAsync("/api/events/v1/events/forum-2026/schedule.xml", Cancelled);

        Assert.Equal("%PDF-", Encoding.ASCII.GetString(pdf, 0, 5));
        Assert.Equal("2025-10-15T11:30:00+02:00", (string)linked["subEvent"]![0]!["startDate"]!);
        Assert.Equal("Event", (string)linked["@type"]!);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Fact]
    public async Task Feed_OfAPerson_HasOwnSessionsAndWhereTheyLead()
    {
        using var organiser = fixture.Host.As("sofia", "organiser");
        var visit = Programmes.Session("feed-visit", "09:00", "11:00", "R1");
        visit["joins"] = "feed-meeting";
        await organiser.PublishNewAsync(Programmes.Of("feed", visit, Programmes.Session("feed-meeting", "11:30", "12:30", "R1"), Programmes.Session("feed-other", "15:00", "16:00", "R1")));
        using var person = fixture.Host.As("sant-boi", "citizen", "feed");
        await person.RegisterAsync("feed-visit");
        using var made = await person.PostAsync("/api/events/v1/events/feed/feed", null, Cancelled);
        var address = new Uri((string)JsonNode.Parse(await made.Content.ReadAsStringAsync(Cancelled))!["address"]!);
        using var anyone = fixture.Host.Anonymous();

        var calendar = await anyone.GetStringAsync(address.PathAndQuery, Cancelled);

        Assert.Contains("SUMMARY;LANGUAGE=en:Session feed-visit", calendar, StringComparison.Ordinal);
        Assert.Contains("SUMMARY;LANGUAGE=en:Session feed-meeting", calendar, StringComparison.Ordinal);
        Assert.DoesNotContain("feed-other", calendar, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/api/events/v1/feeds/AAAAAAAAAAAAAAAAAAAAAA.ics", Cancelled)).StatusCode);
    }

    private static void AssertXml(byte[] xml)
    {
        var schemas = new XmlSchemaSet();
        schemas.Add(null, Path.Combine(Outside.Schedules, "schedule.xml.xsd"));
        var mistakes = new List<string>();
        XDocument.Load(new MemoryStream(xml)).Validate(schemas, (_, mistake) => mistakes.Add(mistake.Message));
        Assert.Empty(mistakes.Take(5));
    }

    private static async Task AssertJsonAsync(string json) => Assert.Empty((await Outside.ReadAsync("node", "schedule.mjs", json, Path.Combine(Outside.Schedules, "schedule.schema.json"))).Take(5).Select(mistake => (string)mistake!));
}
