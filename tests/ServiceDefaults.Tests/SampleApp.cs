using System.Net.Http.Headers;
using LivingCity.ServiceDefaults;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using LivingCity.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LivingCity.ServiceDefaults.Tests;

/// <summary>The smallest service that uses all of the defaults: it notes things, and hears of what is noted.</summary>
public sealed class SampleApp : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Infrastructure infrastructure;

    private SampleApp(WebApplication app, Infrastructure infrastructure, string database, string broker) =>
        (this.app, this.infrastructure, Database, Broker) = (app, infrastructure, database, broker);

    public string Database { get; }

    public string Broker { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<SampleApp> StartAsync(Infrastructure infrastructure, SampleApp? peer = null, string? database = null, params string[] settings)
    {
        database ??= peer?.Database ?? await infrastructure.CreateDatabaseAsync();
        var broker = peer?.Broker ?? await infrastructure.CreateVirtualHostAsync();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = "Production",
            Args = [$"--ConnectionStrings:database={database}", $"--ConnectionStrings:messaging={broker}", $"--Authentication:Authority={infrastructure.Issuer.Authority}", .. settings],
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults("sample");
        builder.AddDatabase(typeof(SampleApp).Assembly);
        builder.AddMessaging(typeof(Noted).Assembly, handlers => handlers.Add<Noted, HearNote>("notes", concurrency: 8));
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        var sample = new SampleApp(app, infrastructure, database, broker);
        Map(app, sample);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return sample;
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<SampleApp> ReadyAsync(Infrastructure infrastructure, SampleApp? peer = null, string? database = null, params string[] settings)
    {
        var sample = await StartAsync(infrastructure, peer, database, settings);
        await sample.BecomesReadyAsync();
        return sample;
    }

    public async Task BecomesReadyAsync()
    {
        using var client = Anonymous();
        await Eventually.TrueAsync(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, "the sample is ready");
    }

    public HttpClient Anonymous() => new() { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };

    public HttpClient As(string? city, params string[] roles) => With(infrastructure.Issuer.Token(city, roles));

    public HttpClient With(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync();
    }

    /// <summary>Lets the requests to <c>/slow</c> end.</summary>
    public TaskCompletionSource Slow { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private static void Map(WebApplication app, SampleApp sample)
    {
        app.MapGet("/slow", async () =>
        {
            await sample.Slow.Task;
            return Results.Ok("done");
        }).RequireAuthorization(Access.Public);
        app.MapPost("/notes", async (NewNote note, Caller caller, Work work, CancellationToken cancellationToken) =>
        {
            await using var insert = work.Command("INSERT INTO note (tenant, id, text) VALUES ($1, $2, $3)", caller.RequiredCity, note.Id, note.Text);
            await insert.ExecuteNonQueryAsync(cancellationToken);
            work.Publish(new Noted(note.Id, note.Text), note.Key ?? note.Id.ToString());
            return note.Text == "refuse" ? Results.Conflict() : Results.Created($"/notes/{note.Id}", note);
        }).RequireAuthorization(Access.SignedIn).Transactional();
        app.MapGet("/notes", async (Caller caller, Data.Database database, CancellationToken cancellationToken) =>
        {
            await using var work = await database.BeginAsync(caller.City, cancellationToken);
            await using var count = work.Command("SELECT count(*) FROM note"); // no tenant in the statement: row-level security alone decides
            return Results.Ok(await count.ExecuteScalarAsync(cancellationToken));
        }).RequireAuthorization(Access.SignedIn);
        app.MapPost("/admin", () => Results.NoContent()).RequireAuthorization(Access.PlatformAdmin);
        app.MapGet("/officer", () => Results.NoContent()).RequireAuthorization(Access.DataOfficer);
        app.MapGet("/public", () => Results.NoContent()).RequireAuthorization(Access.Public);
        app.MapGet("/broken", string () => throw new InvalidOperationException("a secret of the inside")).RequireAuthorization(Access.Public);
        app.MapGet("/without-policy", () => Results.NoContent());
    }
}

/// <summary>A note.</summary>
public sealed record NewNote(Guid Id, string Text, string? Key = null);

/// <summary>Something was noted.</summary>
public sealed record Noted(Guid Id, string Text);

/// <summary>Writes down what it hears, and cannot hear "poison" until the table <c>antidote</c> has a row.</summary>
public sealed class HearNote : IMessageHandler<Noted>
{
    public async Task HandleAsync(Noted message, Work work, CancellationToken cancellationToken)
    {
        await using var insert = work.Command("INSERT INTO heard (id, text) VALUES ($1, $2)", message.Id, message.Text);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await using var antidote = work.Command("SELECT EXISTS (SELECT FROM antidote)");
        if (message.Text == "poison" && await antidote.ExecuteScalarAsync(cancellationToken) is false)
        {
            throw new InvalidOperationException("poisoned");
        }
    }
}
