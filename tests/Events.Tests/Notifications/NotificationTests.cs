using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using LivingCity.Events.Notifications;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Notifications;

/// <summary>What people are told, through a mail server that keeps it.</summary>
public sealed partial class NotificationTests(Infrastructure infrastructure) : IAsyncLifetime
{
    private readonly MailCatcher mail = new();
    private ServiceHost<Program>? host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => host = await ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string>
    {
        ["Mail:Host"] = "127.0.0.1", ["Mail:Port"] = mail.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), ["Mail:Interval"] = "00:00:00.1", ["Mail:Site"] = "https://city.example",
    });

    public async ValueTask DisposeAsync()
    {
        await host!.DisposeAsync();
        await mail.DisposeAsync();
    }

    [Fact]
    public async Task RoomChange_ReachesEverybodyConcernedOnceInTheirLanguageWithTheirCalendar()
    {
        using var organiser = host!.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("moving", Programmes.Session("moving-a", "10:00", "11:00", "R1"), Programmes.Session("moving-b", "12:00", "13:00", "R1")));
        string[] languages = ["en", "es", "fr", "bg"];
        for (var number = 0; number < 8; number++)
        {
            using var person = host.As(number % 2 == 0 ? "sofia" : "sant-boi", $"mailed{number}");
            using var told = await person.PutAsJsonAsync("/api/events/v1/events/moving/profile", new { name = $"P{number}", email = $"p{number}@example.org", language = languages[number % 4], consent = true }, Cancelled);
            Assert.True(told.IsSuccessStatusCode);
            await person.RegisterAsync(number < 6 ? "moving-a" : "moving-b");
        }

        await Eventually.EqualAsync(8, () => Task.FromResult(mail.Caught.Count));
        mail.Caught.Clear();
        await organiser.EditAsync("moving", draft => draft["sessions"]![0]!["room"] = "R2");
        await organiser.PublishAsync("moving");
        await organiser.PublishAsync("moving");

        await Eventually.EqualAsync(6, () => Task.FromResult(mail.Caught.Count));
        await Eventually.EqualAsync(0L, () => host.ScalarAsync<long>("SELECT count(*) FROM notification WHERE sent_at IS NULL", "sofia"));
        Assert.Equal(Enumerable.Range(0, 6).Select(number => $"p{number}@example.org"), mail.Caught.Select(caught => caught.To).Order());
        Assert.All(mail.Caught, caught =>
        {
            var calendar = Parts(caught.Message).Single(part => part.StartsWith("BEGIN:VCALENDAR", StringComparison.Ordinal));
            Assert.Contains("METHOD:REQUEST", calendar, StringComparison.Ordinal);
            Assert.Contains("SEQUENCE:1", calendar, StringComparison.Ordinal);
            Assert.Contains("R2", calendar, StringComparison.Ordinal);
            Assert.Contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click", caught.Message, StringComparison.OrdinalIgnoreCase);
        });
        Assert.Contains("ha cambiado", Parts(mail.Caught.First(caught => caught.To == "p1@example.org").Message)[0], StringComparison.Ordinal);
        Assert.Contains("е променена", Parts(mail.Caught.First(caught => caught.To == "p3@example.org").Message)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unsubscribing_ByTheLink_EndsMessages_AndLookingAtItDoesNot()
    {
        using var organiser = host!.As("sofia", "organiser");
        await organiser.PublishNewAsync(Programmes.Of("leaving", Programmes.Session("leaving-a"), Programmes.Session("leaving-b"), Programmes.Session("leaving-c")));
        using var person = host.As("sofia", "leaver");
        using var told = await person.PutAsJsonAsync("/api/events/v1/events/leaving/profile", new { name = "L", email = "leaver@example.org", consent = true }, Cancelled);
        await person.RegisterAsync("leaving-a");
        await Eventually.EqualAsync(1, () => Task.FromResult(mail.Caught.Count));
        var link = new Uri(Link().Match(mail.Caught.First().Message.Replace("=\n", "", StringComparison.Ordinal)).Groups[1].Value);
        using var anyone = host.Anonymous();

        using var looked = await anyone.GetAsync(link.AbsolutePath, Cancelled);
        await person.RegisterAsync("leaving-b");
        await Eventually.EqualAsync(2, () => Task.FromResult(mail.Caught.Count));
        using var left = await anyone.PostAsync(link.AbsolutePath, null, Cancelled);
        using var forged = await anyone.PostAsync(link.AbsolutePath[..^4] + "AAAA", null, Cancelled);
        await person.RegisterAsync("leaving-c");
        await Eventually.EqualAsync(0L, () => host.ScalarAsync<long>("SELECT count(*) FROM notification WHERE sent_at IS NULL", "sofia"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (looked.StatusCode, left.StatusCode, forged.StatusCode));
        Assert.Equal(2, mail.Caught.Count);
    }

    [Fact]
    public async Task MailServer_ThatRefuses_GetsTheMessageAgainLater()
    {
        mail.Refuses = true;
        using var person = host!.As("sofia", "refused");
        using var told = await person.PutAsJsonAsync("/api/events/v1/events/forum-2026/profile", new { name = "R", email = "refused@example.org", consent = true }, Cancelled);
        await person.RegisterAsync("forum-2026-dinner");
        await Eventually.TrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM notification WHERE attempts > 0 AND sent_at IS NULL", "sofia") == 1, "it was tried");

        mail.Refuses = false;

        await Eventually.TrueAsync(() => Task.FromResult(mail.Caught.Count == 1), "it arrives", TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Address_ThatNoMailCanGoTo_IsGivenUp_AndOthersAreTold()
    {
        var token = infrastructure.Issuer.Describe("sofia", "addressless");
        token.Claims["email"] = "nobody at nowhere";
        using var person = host!.With(TestIssuer.Sign(token));
        await person.RegisterAsync("forum-2026-dinner");
        await Eventually.TrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM notification WHERE error IS NOT NULL", "sofia") == 1, "it was tried, and why it failed is kept");

        using var other = host.As("sofia", "addressed");
        using var told = await other.PutAsJsonAsync("/api/events/v1/events/forum-2026/profile", new { name = "O", email = "other@example.org", consent = true }, Cancelled);
        await other.RegisterAsync("forum-2026-dinner");

        await Eventually.TrueAsync(() => Task.FromResult(mail.Caught.Any(caught => caught.To == "other@example.org")), "others are told");
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT count(*) FROM notification WHERE sent_at IS NULL AND try_after IS NOT NULL", "sofia"));
    }

    [Fact]
    public async Task Digest_WhenAskedFor_IsOneMessageForAll()
    {
        using var person = host!.As("sofia", "digested");
        using var told = await person.PutAsJsonAsync("/api/events/v1/events/forum-2026/profile", new { name = "D", email = "digest@example.org", consent = true }, Cancelled);
        using var set = await person.PutAsJsonAsync("/api/events/v1/events/forum-2026/notices/settings", new { delivery = "daily" }, Cancelled);
        Assert.True(set.IsSuccessStatusCode);
        await person.RegisterAsync("forum-2026-dinner");
        await Eventually.EqualAsync(1, () => Task.FromResult(mail.Caught.Count));

        await person.RegisterAsync("forum-2026-tour");
        await person.RegisterAsync("forum-2026-cio");
        using var other = host.As("sofia", "undigested");
        using var otherTold = await other.PutAsJsonAsync("/api/events/v1/events/forum-2026/profile", new { name = "O", email = "other@example.org", consent = true }, Cancelled);
        await other.RegisterAsync("forum-2026-dinner");
        await Eventually.TrueAsync(() => Task.FromResult(mail.Caught.Any(caught => caught.To == "other@example.org")), "others are told at once");

        Assert.Equal(2L, await host.ScalarAsync<long>("SELECT count(*) FROM notification WHERE sent_at IS NULL", "sofia"));
        Assert.Single(mail.Caught, caught => caught.To == "digest@example.org");
    }

    [Fact]
    public void Texts_OfEveryKind_AreThereInFourLanguages() => Assert.All(NoticeTexts.AllKinds, kind => Assert.Equal(4, NoticeTexts.Languages.Select(language => NoticeTexts.Of(kind, language).Subject).Distinct().Count()));

    /// <summary>The readable parts of a message: base64 and quoted-printable undone.</summary>
    private static List<string> Parts(string message) =>
    [
        .. Regex.Matches(message, @"Content-Transfer-Encoding: (\S+)\n(?:.+\n)*\n((?:(?!--).*\n?)*)", RegexOptions.IgnoreCase).Select(part => part.Groups[1].Value.ToLowerInvariant() switch
        {
            "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(part.Groups[2].Value.Replace("\n", "", StringComparison.Ordinal).Trim())),
            _ => part.Groups[2].Value.Replace("=\n", "", StringComparison.Ordinal),
        }),
    ];

    [GeneratedRegex(@"List-Unsubscribe: <([^>]+)>", RegexOptions.IgnoreCase)]
    private static partial Regex Link();
}
