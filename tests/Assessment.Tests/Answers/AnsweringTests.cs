using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Assessment.Tests.Independent;
using LivingCity.Contracts.Events;
using LivingCity.Contracts.Ingestion;
using LivingCity.Contracts.Twin;
using LivingCity.Testing;

namespace LivingCity.Assessment.Tests.Answers;

public sealed class AnsweringTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answer_ThatSomebodyElseChanged_IsRefusedWithWhatStandsThere()
    {
        using var officer = host.As("sofia", "data-officer");
        using var planner = host.As("sofia", "planner");
        var path = await Respondent.StartAsync(officer);
        using var first = await Respondent.SaveAsync(officer, path, "governance.strategy", "1");
        using var second = await Respondent.SaveAsync(planner, path, "governance.strategy", "3", version: 1);

        using var late = await Respondent.SaveAsync(officer, path, "governance.strategy", "2", version: 1);
        using var blind = await Respondent.SaveAsync(officer, path, "governance.strategy", "2");
        using var same = await Respondent.SaveAsync(officer, path, "governance.strategy", "3");

        Assert.Equal("\"2\"", second.Headers.ETag!.Tag);
        var conflict = (await Respondent.ProblemAsync(late, HttpStatusCode.PreconditionFailed)).GetProperty("current");
        Assert.Equal(("3", 2L, "tester"), (conflict.GetProperty("value").GetString(), conflict.GetProperty("version").GetInt64(), conflict.GetProperty("answeredBy").GetString()));
        Assert.Equal("3", (await Respondent.ProblemAsync(blind, HttpStatusCode.PreconditionRequired)).GetProperty("current").GetProperty("value").GetString());
        Assert.Equal(HttpStatusCode.NoContent, same.StatusCode);
        var history = (await officer.GetFromJsonAsync<JsonArray>($"{path}/changes?after=0", Cancelled))!;
        Assert.Equal(["1", "3"], history.Select(change => (string)change!["answer"]!["value"]!));
    }

    [Fact]
    public async Task Answers_ByTwentyPeopleAtOnce_AreOneWinnerAndNineteenShownConflicts()
    {
        using var officer = host.As("sofia", "data-officer");
        var path = await Respondent.StartAsync(officer);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Respondent.SaveAsync(officer, path, "services.online", 10 + number, version: 0)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.NoContent), answer => Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM answer_change WHERE assessment_id = '{path.Split('/')[^1]}'", "sofia"));
    }

    [Theory]
    [InlineData("services.online", "101", "value")]
    [InlineData("services.online", "\"50\"", "value")]
    [InlineData("people.roles", "[\"none\",\"data\"]", "value")]
    [InlineData("people.roles", "[]", "value")]
    [InlineData("people.roles", "[\"data\",\"data\"]", "value")]
    [InlineData("people.tools", "{\"remote\":\"1\",\"files\":\"1\"}", "value.sign")]
    [InlineData("people.tools", "{\"remote\":\"1\",\"files\":\"1\",\"sign\":\"1\",\"fax\":\"1\"}", "value.fax")]
    [InlineData("governance.reviewed", "\"2026-02-30\"", "value")]
    [InlineData("inclusion.statement", "[\"javascript:alert(1)\"]", "value")]
    [InlineData("people.wishes", "\"  \"", "value")]
    public async Task Answer_OfAnyKindThatDoesNotFit_IsRefusedByName(string question, string value, string field)
    {
        using var officer = host.As("sofia", "data-officer");
        var path = await Respondent.StartAsync(officer);

        using var answer = await Respondent.SaveAsync(officer, path, question, JsonNode.Parse(value)!);

        Assert.True((await Respondent.ProblemAsync(answer, HttpStatusCode.BadRequest)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Assessment_OfTwoDepartments_ShowsHowFarEachIs()
    {
        using var officer = host.As("sofia", "data-officer");
        var path = await Respondent.StartAsync(officer);
        using var people = await officer.PutAsJsonAsync($"{path}/departments/people", new { name = "Human resources", parts = new[] { "people" } }, Cancelled);
        using var none = await officer.PutAsJsonAsync($"{path}/departments/none", new { name = "Nobody", parts = new[] { "nothing" } }, Cancelled);
        using var answer = await Respondent.SaveAsync(officer, path, "people.training", "3");

        var department = (await officer.GetFromJsonAsync<JsonArray>($"{path}/departments", Cancelled))!.Single()!;

        Assert.Equal((8, 6), ((int)department["questions"]!, department["open"]!.AsArray().Count)); // one is answered, one is optional
        Assert.Contains("nothing", (await Respondent.ProblemAsync(none, HttpStatusCode.BadRequest)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comment_OnAQuestion_IsReadByColleaguesOnly()
    {
        using var officer = host.As("sofia", "data-officer");
        using var planner = host.As("sofia", "planner");
        using var foreign = host.As("sant-boi", "data-officer");
        var path = await Respondent.StartAsync(officer);
        using var said = await officer.PostAsJsonAsync($"{path}/comments", new { question = "data.sharing", text = "Ask the legal office." }, Cancelled);

        Assert.Equal(HttpStatusCode.Created, said.StatusCode);
        Assert.Equal("Ask the legal office.", (string)(await planner.GetFromJsonAsync<JsonArray>($"{path}/comments", Cancelled))!.Single()!["text"]!);
        Assert.Empty((await foreign.GetFromJsonAsync<JsonArray>($"{path}/comments", Cancelled))!);
    }

    [Fact]
    public async Task Review_ByAnotherPerson_FreezesReturnsApprovesAndIsNeededToSubmit()
    {
        using var officer = host.As("sofia", "data-officer");
        using var assessor = host.As("sofia", "assessor");
        var path = await Respondent.StartAsync(officer, "climate-needs/1", review: true);
        await Respondent.AnswerAllAsync(officer, path);
        using var early = await officer.PostAsync($"{path}/submission", null, Cancelled);
        using var asked = await officer.PostAsync($"{path}/review-request", null, Cancelled);
        using var frozen = await Respondent.SaveAsync(officer, path, "heat.felt", "never", version: 1);
        using var speechless = await assessor.PostAsJsonAsync($"{path}/review", new { decision = "returned" }, Cancelled);
        using var byOfficer = await officer.PostAsJsonAsync($"{path}/review", new { decision = "approved" }, Cancelled);
        using var returned = await assessor.PostAsJsonAsync($"{path}/review", new { decision = "returned", note = "Name the plan." }, Cancelled);
        using var again = await officer.PostAsync($"{path}/review-request", null, Cancelled);
        using var approved = await assessor.PostAsJsonAsync($"{path}/review", new { decision = "approved", note = "Good." }, Cancelled);

        var submitted = await Respondent.SubmitAsync(officer, path);

        await Respondent.ProblemAsync(early, HttpStatusCode.Conflict);
        await Respondent.ProblemAsync(frozen, HttpStatusCode.Conflict);
        await Respondent.ProblemAsync(speechless, HttpStatusCode.BadRequest);
        Assert.Equal(HttpStatusCode.Forbidden, byOfficer.StatusCode);
        Assert.All([asked, returned, again, approved], step => Assert.Equal(HttpStatusCode.NoContent, step.StatusCode));
        Assert.Equal("submitted", (string)submitted["status"]!);
        Assert.Equal(["requested", "returned", "requested", "approved"], (await officer.GetFromJsonAsync<JsonArray>($"{path}/reviews", Cancelled))!.Select(step => (string)step!["decision"]!));
    }

    [Fact]
    public async Task Review_OfOwnAnswers_IsRefused()
    {
        using var assessor = host.As("sofia", "assessor");
        var path = await Respondent.StartAsync(assessor, "climate-needs/1", review: true);
        await Respondent.AnswerAllAsync(assessor, path);
        using var asked = await assessor.PostAsync($"{path}/review-request", null, Cancelled);

        using var approved = await assessor.PostAsJsonAsync($"{path}/review", new { decision = "approved" }, Cancelled);

        Assert.Contains("own-answers", (await Respondent.ProblemAsync(approved, HttpStatusCode.Conflict)).GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_IsStreamedCheckedListedAndGivenBackAsItWas()
    {
        using var officer = host.As("sofia", "data-officer");
        using var foreign = host.As("sant-boi", "data-officer");
        var path = await Respondent.StartAsync(officer);
        var content = "%PDF-1.7\n"u8.ToArray().Concat(Enumerable.Range(0, 3_000_000).Select(number => (byte)(number * 31))).ToArray();

        using var added = await officer.PostAsync($"{path}/evidence?question=governance.strategy-document&name=%D1%81%D1%82%D1%80%D0%B0%D1%82%D0%B5%D0%B3%D0%B8%D1%8F.pdf", Body(content, "application/pdf"), Cancelled);
        var file = (await added.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;
        using var given = await officer.GetAsync(added.Headers.Location, Cancelled);

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), (string)file["sha256"]!);
        Assert.Equal(content, await given.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal("attachment", given.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", given.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(HttpStatusCode.NotFound, (await foreign.GetAsync(added.Headers.Location, Cancelled)).StatusCode);
        Assert.Single((await officer.GetFromJsonAsync<JsonArray>($"{path}/evidence", Cancelled))!);
    }

    [Theory]
    [InlineData("application/pdf", "no pdf at all", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("image/png", "%PDF-1.7", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/html", "<script>alert(1)</script>", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/csv", "a\0b", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/csv", "a;b", HttpStatusCode.Created)]
    public async Task Evidence_ThatIsNotWhatItClaims_IsRefused(string type, string content, HttpStatusCode status)
    {
        using var officer = host.As("sofia", "data-officer");
        var path = await Respondent.StartAsync(officer);

        using var added = await officer.PostAsync($"{path}/evidence?question=governance.strategy-document&name=file", Body(System.Text.Encoding.UTF8.GetBytes(content), type), Cancelled);

        Assert.Equal(status, added.StatusCode);
    }

    [Fact]
    public async Task Evidence_LongerThanAllowed_LeavesNothingBehind()
    {
        using var officer = host.As("sofia", "data-officer");
        var path = await Respondent.StartAsync(officer);
        using var endless = new StreamContent(new MemoryStream([.. "%PDF-"u8.ToArray(), .. new byte[11 * 1024 * 1024]]));
        endless.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{path}/evidence?question=data.sharing&name=long.pdf") { Content = endless };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.ExpectContinue = true;

        using var refused = await officer.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Empty((await officer.GetFromJsonAsync<JsonArray>($"{path}/evidence", Cancelled))!);
    }

    [Fact]
    public async Task Package_VerifiesOfflineAndNoLongerAfterAnyChange()
    {
        using var officer = host.As("sofia", "data-officer");
        using var anyone = host.Anonymous();
        var path = await Respondent.StartAsync(officer);
        await Respondent.AnswerAllAsync(officer, path);
        var submitted = await Respondent.SubmitAsync(officer, path);
        var package = await officer.GetStringAsync($"{path}/package", Cancelled);
        var kid = (string)(await anyone.GetFromJsonAsync<JsonObject>("/api/assessment/v1/signing-keys", Cancelled))!["keys"]![0]!["kid"]!;

        var verified = await VerifyAsync(package, kid);
        var spoiled = JsonNode.Parse(package)!;
        var payload = System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars((string)spoiled["payload"]!));
        spoiled["payload"] = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(payload.Replace("\"level\":", "\"level\": ", StringComparison.Ordinal)));
        var changed = await VerifyAsync(spoiled.ToJsonString(), kid);
        var stranger = await VerifyAsync(package, "another");

        Assert.Equal(0, verified.Code);
        Assert.Equal((double)submitted["result"]!["overall"]!, JsonElement.Parse(verified.Output).GetProperty("score").GetDouble());
        Assert.Equal((1, 1), (changed.Code, stranger.Code));
        Assert.Contains("NOT VALID", changed.Error, StringComparison.Ordinal);

        // The independent script scores what is in the package the same.
        var signed = JsonElement.Parse(payload);
        var questionnaire = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(Script.Repository, "services/assessment/Questionnaires/Documents/digital-maturity-2/structure.json"), Cancelled));
        var answers = signed.GetProperty("answers").EnumerateArray().ToDictionary(answer => answer.GetProperty("question").GetString()!, answer => new { value = answer.GetProperty("value"), notApplicable = answer.GetProperty("notApplicable").GetBoolean() });
        var scores = await Script.RunAsync("python3", [Path.Combine(Script.Tests, "Independent/score.py")], new { questionnaire, submissions = new[] { new { day = signed.GetProperty("scoredOn").GetString(), answers } } });
        Assert.Equal(scores[0].GetProperty("overall").GetDouble(), signed.GetProperty("score").GetProperty("overall").GetDouble());
    }

    [Fact]
    public async Task Start_WhereThePlatformHasMeasured_IsAnsweredAndSaysSoUntilSomebodyChangesIt()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        foreach (var number in Enumerable.Range(1, 7))
        {
            await bus.PublishAsync(new DatasetDescribed("lleida", $"urn:dataset:{number}", new Dictionary<string, string>(), new Dictionary<string, string>(), [], "ENVI", "/", "text/csv", "urn:l", DateTimeOffset.UtcNow), "lleida");
        }

        var now = DateTimeOffset.UtcNow;
        foreach (var (hours, sensors) in new[] { (3, new[] { "a", "b" }), (1, ["a"]), (0, ["a", "b"]) })
        {
            await bus.PublishAsync(new ObservationsRecorded("lleida", now.AddHours(-hours), [.. sensors.Select(sensor => new Observation($"urn:{sensor}", "WeatherObserved", now, new Dictionary<string, Measurement>()))]), "lleida");
        }

        await bus.PublishAsync(new ModelsRegistered("lleida", ["flood/1.0.0", "heat/1.0.0", "traffic/1.0.0"], now), "lleida");
        await bus.PublishAsync(new ModelsRegistered("lleida", ["flood/0.9.0"], now.AddDays(-1)), "lleida"); // an older one that comes late
        await Eventually.EqualAsync(2L, () => host.ScalarAsync<long>("SELECT count(*) FROM inbox_message WHERE consumer LIKE '%ModelsKnown'"));
        await Eventually.EqualAsync(7L, () => host.ScalarAsync<long>("SELECT count(*) FROM described_dataset", "lleida"));
        await Eventually.EqualAsync(5L, () => host.ScalarAsync<long>("SELECT count(*) FROM sensor_hour", "lleida"));
        using var officer = host.As("lleida", "data-officer");

        var path = await Respondent.StartAsync(officer);

        var answers = (await Respondent.ReadAsync(officer, path))["answers"]!;
        Assert.Equal(7, (int)answers["data.published"]!["value"]!);
        Assert.Equal(62.5, (double)answers["data.uptime"]!["value"]!); // five of two sensors' four hours each
        Assert.Equal(3, (int)answers["governance.register"]!["value"]!);
        Assert.All((string[])["data.published", "data.uptime", "governance.register"], question => Assert.NotNull(answers[question]!["measured"]));
        using var changed = await Respondent.SaveAsync(officer, path, "data.published", 9, version: 1);
        Assert.Null((await Respondent.ReadAsync(officer, path))["answers"]!["data.published"]!["measured"]);
    }

    [Fact]
    public async Task Rescoring_OfASubmission_IsTheSameUntilSomebodyTamperedWithTheStore()
    {
        using var officer = host.As("sofia", "data-officer");
        var path = await Respondent.StartAsync(officer);
        using var early = await officer.GetAsync($"{path}/rescoring", Cancelled);
        await Respondent.AnswerAllAsync(officer, path, seed: 11);
        await Respondent.SubmitAsync(officer, path);

        var honest = (await officer.GetFromJsonAsync<JsonObject>($"{path}/rescoring", Cancelled))!;
        await host.ScalarAsync<long>($"WITH changed AS (UPDATE answer SET value = '99.5' WHERE assessment_id = '{path.Split('/')[^1]}' AND question = 'services.online' RETURNING 1) SELECT count(*) FROM changed", "sofia");
        var changed = (await officer.GetFromJsonAsync<JsonObject>($"{path}/rescoring", Cancelled))!;

        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Equal((true, false), ((bool)honest["identical"]!, (bool)changed["identical"]!));
        Assert.Empty(honest["later"]!.AsArray());
    }

    [Fact]
    public async Task DeclarationSigned_MakesAMemberOnce()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        var signatory = Guid.NewGuid();
        await bus.PublishAsync(new DeclarationSigned("oulu", signatory, "Oulu", "city", new DateTimeOffset(2023, 6, 15, 9, 0, 0, TimeSpan.Zero), "assembly-2023"), "oulu");
        await bus.PublishAsync(new DeclarationSigned("oulu", signatory, "Oulu", "city", new DateTimeOffset(2025, 10, 15, 9, 0, 0, TimeSpan.Zero)), "oulu");
        await Eventually.EqualAsync(2L, () => host.ScalarAsync<long>("SELECT count(*) FROM inbox_message WHERE consumer LIKE '%Membership'"));
        using var officer = host.As("oulu", "data-officer");

        Assert.Equal("2023-06-15", (string)(await officer.GetFromJsonAsync<JsonObject>("/api/assessment/v1/city", Cancelled))!["memberSince"]!);
    }

    [Fact]
    public async Task OwnQuestionnaire_WithAMissingText_IsPublishedOnlyWhenItIsThere()
    {
        using var assessor = host.As("sofia", "assessor");
        var structure = new
        {
            id = "own-survey/1", engine = 1, languages = new[] { "en", "pl" }, levels = new[] { 0 }, dimensions = new[]
            {
                new { id = "d", weight = 1, indicators = new[] { new { id = "i", weight = 1, questions = new object[] { new { id = "trees", kind = "number", unit = "trees", points = new[] { new[] { 0, 0 }, [10, 100] } } } } } },
            },
        };
        var english = new Dictionary<string, string> { ["title"] = "T", ["note"] = "N", ["level/1"] = "L", ["d"] = "D", ["i"] = "I", ["trees"] = "How many trees?", ["unit:trees.one"] = "{0} tree", ["unit:trees.other"] = "{0} trees" };
        var polish = new Dictionary<string, string>(english) { ["trees"] = "Ile drzew?", ["unit:trees.one"] = "{0} drzewo", ["unit:trees.few"] = "{0} drzewa", ["unit:trees.other"] = "{0} drzewa" };
        using var created = await assessor.PostAsJsonAsync("/api/assessment/v1/drafts", new { structure, texts = new { en = english, pl = polish } }, Cancelled);
        using var early = await assessor.PostAsync("/api/assessment/v1/drafts/own-survey/1/publication", null, Cancelled);
        polish["unit:trees.many"] = "{0} drzew";
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/assessment/v1/drafts/own-survey/1/texts/pl") { Content = JsonContent.Create(polish) };
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        using var translated = await assessor.SendAsync(request, Cancelled);

        using var published = await assessor.PostAsync("/api/assessment/v1/drafts/own-survey/1/publication", null, Cancelled);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("pl: unit:trees.many", (await Respondent.ProblemAsync(early, HttpStatusCode.Conflict)).GetProperty("missing").EnumerateArray().Single().GetString());
        Assert.Equal(HttpStatusCode.NoContent, translated.StatusCode);
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        var path = await Respondent.StartAsync(assessor, "own-survey/1");
        using var answer = await Respondent.SaveAsync(assessor, path, "trees", 5);
        Assert.Equal(50, (double)(await Respondent.SubmitAsync(assessor, path))["result"]!["overall"]!);
    }

    private static ByteArrayContent Body(byte[] content, string type)
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        return body;
    }

    private static async Task<(int Code, string Output, string Error)> VerifyAsync(string package, string thumbprint)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, package, Cancelled);
        var result = await Script.TryAsync("node", [Path.Combine(Script.Repository, "eng/verify-assessment.mjs"), file, thumbprint]);
        File.Delete(file);
        return result;
    }
}
