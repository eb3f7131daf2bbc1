using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Testing;
using Npgsql;

namespace LivingCity.Events.Tests;

public sealed class RegistrationTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    [Fact]
    public async Task Register_TwiceAtOnce_IsOneSeat()
    {
        using var person = host.As("sofia", "citizen", "twice");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RegisterAsync(person, "forum-2026-dinner")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single((await person.GetFromJsonAsync<JsonArray>("/api/events/v1/registrations", TestContext.Current.CancellationToken))!);
    }

    [Fact]
    public async Task Register_ForTwoSiteVisitsAtOnce_IsOneOfThem()
    {
        for (var number = 0; number < 20; number++)
        {
            using var person = host.As("sofia", "citizen", $"visitor{number}");

            var answers = await Task.WhenAll(RegisterAsync(person, "forum-2026-gate"), RegisterAsync(person, "forum-2026-techpark"));

            Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        }
    }

    [Fact]
    public async Task Register_BeyondCapacity_IsRefusedAcrossCitiesAndASeatGivenBackIsFree()
    {
        await using (var connection = new NpgsqlConnection(host.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var limit = new NpgsqlCommand("UPDATE session SET capacity = 3 WHERE id = 'forum-2026-cio'", connection);
            await limit.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var people = Enumerable.Range(0, 12).Select(number => host.As(number % 2 == 0 ? "sofia" : "sant-boi", "citizen", $"cio{number}")).ToArray();
        var answers = await Task.WhenAll(people.Select(person => RegisterAsync(person, "forum-2026-cio")));
        var winner = Array.FindIndex(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        var given = await people[winner].DeleteAsync(answers[winner].Headers.Location, TestContext.Current.CancellationToken);
        var next = await RegisterAsync(people[Array.FindIndex(answers, answer => answer.StatusCode == HttpStatusCode.Conflict)], "forum-2026-cio");

        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.NoContent, given.StatusCode);
        Assert.Equal(HttpStatusCode.Created, next.StatusCode);
    }

    [Fact]
    public async Task Register_WithoutSessionOrToken_IsRefused()
    {
        using var person = host.As("sofia", "citizen");
        using var anyone = host.Anonymous();
        using var nobodysCity = host.As(null, "citizen");

        Assert.Equal(HttpStatusCode.NotFound, (await RegisterAsync(person, "no-such-session")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await RegisterAsync(anyone, "forum-2026-dinner")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await RegisterAsync(nobodysCity, "forum-2026-dinner")).StatusCode);
    }

    [Fact]
    public async Task Cancel_SomebodyElsesSeat_DoesNotExist()
    {
        using var person = host.As("sofia", "citizen", "owner");
        using var other = host.As("sofia", "citizen", "other");
        var registered = await RegisterAsync(person, "forum-2026-tour");

        var cancelled = await other.DeleteAsync(registered.Headers.Location, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, cancelled.StatusCode);
    }

    private static Task<HttpResponseMessage> RegisterAsync(HttpClient client, string session) => client.PostAsync($"/api/events/v1/sessions/{session}/registrations", null);
}
