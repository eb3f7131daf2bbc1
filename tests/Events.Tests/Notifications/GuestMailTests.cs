using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LivingCity.Events.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.Events.Tests.Notifications;

/// <summary>People without a login come back by the links in their messages.</summary>
public sealed partial class GuestMailTests(Infrastructure infrastructure) : IAsyncLifetime
{
    private readonly MailCatcher mail = new();
    private ServiceHost<Program>? host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => host = await ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string>
    {
        // As the development stack names its catcher.
        ["services:mail:smtp:0"] = $"http://127.0.0.1:{mail.Port}", ["Mail:Interval"] = "00:00:00.1", ["Mail:Site"] = "https://city.example",
    });

    public async ValueTask DisposeAsync()
    {
        await host!.DisposeAsync();
        await mail.DisposeAsync();
    }

    [Fact]
    public async Task Invitation_IsMailedInItsLanguage_AndItsLinkLeadsToASeatWhoseLinkIsMailedToo()
    {
        using var organiser = host!.As("sofia", "organiser");
        using var anyone = host.Anonymous();

        using var made = await organiser.PostAsJsonAsync("/api/events/v1/events/forum-2026/invitations", new { name = "Guest", email = "guest@example.org", language = "fr" }, Cancelled);
        using var bad = await organiser.PostAsJsonAsync("/api/events/v1/events/forum-2026/invitations", new { name = "Guest", email = "nowhere" }, Cancelled);
        var invitation = Invited().Match(await NextAsync(1)).Groups[1].Value;
        using var seated = await anyone.PostAsJsonAsync("/api/events/v1/sessions/forum-2026-newcomers/guests", new { name = "Guest", email = "guest@example.org", consent = true, invitation }, Cancelled);
        var link = Managed().Match(await NextAsync(2)).Groups[1].Value;
        var seat = (await anyone.GetFromJsonAsync<JsonObject>($"/api/events/v1/guests/{link}", Cancelled))!;
        using var forged = await anyone.GetAsync($"/api/events/v1/guests/{invitation}", Cancelled);
        using var given = await anyone.DeleteAsync($"/api/events/v1/guests/{link}", Cancelled);
        using var gone = await anyone.GetAsync($"/api/events/v1/guests/{link}", Cancelled);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.Created), (made.StatusCode, bad.StatusCode, seated.StatusCode));
        Assert.Equal(("forum-2026-newcomers", "confirmed"), ((string)seat["session"]!, (string)seat["state"]!));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (forged.StatusCode, given.StatusCode, gone.StatusCode));
        Assert.Contains("Vous n’avez plus de place", await NextAsync(3), StringComparison.Ordinal);
    }

    private async Task<string> NextAsync(int number)
    {
        await Eventually.EqualAsync(number, () => Task.FromResult(mail.Caught.Count));
        var message = mail.Caught.ElementAt(number - 1).Message;
        var encoded = Regex.Match(message, @"Content-Transfer-Encoding: base64\s*\n\n([A-Za-z0-9+/=\n]+)", RegexOptions.IgnoreCase);
        return encoded.Success ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded.Groups[1].Value.Replace("\n", "", StringComparison.Ordinal))) : message.Replace("=\n", "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"https://city\.example/programme/forum-2026\?invitation=(\S+)")]
    private static partial Regex Invited();

    [GeneratedRegex(@"https://city\.example/guest/(\S+)")]
    private static partial Regex Managed();
}
