using System.Net.Http.Json;
using LivingCity.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LivingCity.ServiceDefaults.Tests;

public sealed class DatabaseTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Migrations_ManyReplicasAtOnce_AreAppliedOnce()
    {
        var first = await SampleApp.StartAsync(infrastructure);
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SampleApp.StartAsync(infrastructure, first)));

        foreach (var replica in others.Append(first))
        {
            await replica.BecomesReadyAsync();
            await replica.DisposeAsync();
        }

        Assert.Equal(2L, await first.ScalarAsync<long>("SELECT count(*) FROM schema_migration"));
    }

    [Fact]
    public async Task Migrations_DatabaseThatIsMissing_IsMadeWhereTheLoginMay()
    {
        var server = new NpgsqlConnectionStringBuilder(await infrastructure.AdministratorAsync()) { Database = $"made{Guid.NewGuid():N}" };

        await using var sample = await SampleApp.ReadyAsync(infrastructure, database: server.ConnectionString);

        Assert.Equal(server.Database, await sample.ScalarAsync<string>("SELECT current_database()"));
    }

    [Fact]
    public async Task Transaction_ThatIsForgotten_IsEndedByTheServer()
    {
        await using var sample = await SampleApp.ReadyAsync(infrastructure);
        await using var work = await sample.Services.GetRequiredService<Data.Database>().BeginAsync(null, TestContext.Current.CancellationToken);
        await using var setting = work.Command("SELECT current_setting('idle_in_transaction_session_timeout')");

        Assert.Equal("1min", await setting.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RowLevelSecurity_HidesOtherTenantsFromAStatementThatForgetsTheTenant_EvenForASuperuser()
    {
        var server = new NpgsqlConnectionStringBuilder(await infrastructure.AdministratorAsync()) { Database = $"made{Guid.NewGuid():N}" };
        await using var asSuperuser = await SampleApp.ReadyAsync(infrastructure, database: server.ConnectionString);
        await using var asOwner = await SampleApp.ReadyAsync(infrastructure);

        foreach (var sample in (SampleApp[])[asSuperuser, asOwner])
        {
            using var sofia = sample.As("sofia", "citizen");
            using var santBoi = sample.As("sant-boi", "citizen");
            using var nobody = sample.As(null, "platform-admin");
            await sofia.PostAsJsonAsync("/notes", new { id = Guid.NewGuid(), text = "one" }, TestContext.Current.CancellationToken);
            await santBoi.PostAsJsonAsync("/notes", new { id = Guid.NewGuid(), text = "two" }, TestContext.Current.CancellationToken);
            await santBoi.PostAsJsonAsync("/notes", new { id = Guid.NewGuid(), text = "three" }, TestContext.Current.CancellationToken);

            Assert.Equal(1, await sofia.GetFromJsonAsync<long>("/notes", TestContext.Current.CancellationToken));
            Assert.Equal(2, await santBoi.GetFromJsonAsync<long>("/notes", TestContext.Current.CancellationToken));
            Assert.Equal(0, await nobody.GetFromJsonAsync<long>("/notes", TestContext.Current.CancellationToken));
        }
    }
}
