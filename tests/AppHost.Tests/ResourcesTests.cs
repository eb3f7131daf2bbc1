using Npgsql;

namespace LivingCity.AppHost.Tests;

/// <summary>How resources start, wait, crash and stop; with small programs in the place of services.</summary>
public sealed class ResourcesTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Executable_ThatCrashes_IsStartedAgain()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("crashing", "sh", ".", "-c", "echo working; exit 3");
        await using var app = await StartAsync(builder);

        var crashed = await app.ResourceNotifications.WaitForResourceAsync("crashing", resource => resource.Restarts >= 2, Cancelled);

        Assert.Equal(3, crashed.ExitCode);
        Assert.True(app.Logs("crashing").Count(line => line == "working") >= 2);
    }

    [Fact]
    public async Task WaitForCompletion_OfWhatEnds_StartsAfterwards()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        using var folder = new TestFolder();
        var file = folder.File("record");
        var first = builder.AddExecutable("first", "sh", ".", "-c", $"echo done > {file}");
        builder.AddExecutable("second", "sh", ".", "-c", $"cat {file}; sleep 600").WaitForCompletion(first);
        await using var app = await StartAsync(builder);

        await app.ResourceNotifications.WaitForResourceHealthyAsync("second", Cancelled);
        await Eventually.TrueAsync(() => Task.FromResult(app.Logs("second").Contains("done")), "the second has read what the first wrote");
        Assert.Equal(ResourceState.Completed, app.ResourceNotifications.Get("first").State);
    }

    [Fact]
    public async Task Start_WithAMissingProgram_IsOneLineThatSaysHowToInstallIt()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("missing", "no-such-program", ".");
        builder.AddExecutable("present", "sh", ".", "-c", "sleep 600");
        await using var app = await builder.BuildAsync(Cancelled);

        var failure = await Assert.ThrowsAsync<ResourceFailedException>(() => app.StartAsync(Cancelled));

        Assert.Equal("no-such-program is not installed: run eng/setup.sh (or install no-such-program).", failure.Message);
    }

    [Fact]
    public async Task Dependency_ThatCannotRun_FailsWhatNeedsItWithTheReason()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var unknown = builder.AddExecutable("unknown", "sh", "/no/such/folder", "-c", "true");
        builder.AddExecutable("dependent", "sh", ".", "-c", "true").WaitFor(unknown);
        await using var app = await StartAsync(builder);

        var failure = await Assert.ThrowsAsync<ResourceFailedException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("dependent", Cancelled));

        Assert.StartsWith("dependent needs unknown. ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_OfDependentResources_IsInReverseOrder()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        using var folder = new TestFolder();
        var file = folder.File("record");
        var lower = builder.AddExecutable("lower", "sh", ".", "-c", Recorder("lower", file));
        builder.AddExecutable("upper", "sh", ".", "-c", Recorder("upper", file)).WaitFor(lower);
        var app = await StartAsync(builder);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("upper", Cancelled);
        await Eventually.TrueAsync(() => Task.FromResult(app.Logs("upper").Contains("trapping") && app.Logs("lower").Contains("trapping")), "both listen to the signal");

        await app.DisposeAsync();

        Assert.Equal(["upper", "lower"], await File.ReadAllLinesAsync(file, Cancelled));
    }

    [Fact]
    public async Task Stop_OfAProcessWithAChild_LeavesNeitherBehind()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("parent", "sh", ".", "-c", "sleep 600 & echo $!; wait");
        var app = await StartAsync(builder);
        await Eventually.TrueAsync(() => Task.FromResult(app.Logs("parent").Count > 0), "the child runs");
        var child = int.Parse(app.Logs("parent")[0], System.Globalization.CultureInfo.InvariantCulture);

        await app.DisposeAsync();

        Assert.False(Processes.IsAlive(child));
    }

    [Fact]
    public async Task Data_InAFolder_OutlivesTheRunAndIsReachedWithTheSamePassword()
    {
        using var folder = new TestFolder();
        await using (var first = await StartPostgresAsync(folder.Path))
        {
            await ExecuteAsync(first, "CREATE TABLE kept AS SELECT 42 AS id");
        }

        await using (var second = await StartPostgresAsync(folder.Path))
        {
            Assert.Equal(42, await ExecuteAsync(second, "SELECT id FROM kept"));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("secrets.json")));
        }
    }

    [Fact]
    public async Task Start_OnAFolderInUse_IsOneLineThatSaysSo()
    {
        using var folder = new TestFolder();
        await using var first = await StartAsync(DistributedApplicationTestingBuilder.Create().WithDataFolder(folder.Path));
        await using var second = DistributedApplicationTestingBuilder.Create().WithDataFolder(folder.Path).Build();

        var failure = await Assert.ThrowsAsync<ResourceFailedException>(() => second.StartAsync(Cancelled));

        Assert.StartsWith($"Another stack is running on {folder.Path}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAFolderWithOtherThings_RefusesIt()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("letter.txt"), "mine", Cancelled);
        await using var app = DistributedApplicationTestingBuilder.Create().WithDataFolder(folder.Path).Build();

        await Assert.ThrowsAsync<ResourceFailedException>(() => app.StartAsync(Cancelled));

        Assert.True(File.Exists(folder.File("letter.txt")));    }

    [Fact]
    public async Task Postgres_WithAConfiguredConnectionString_UsesThatServer()
    {
        using var folder = new TestFolder();
        await using var elsewhere = await StartPostgresAsync(folder.Path);
        var builder = DistributedApplicationTestingBuilder.Create($"--ConnectionStrings:postgres={await elsewhere.GetConnectionStringAsync("postgres", Cancelled)}");
        builder.AddPostgres("postgres").AddDatabase("guest-db");
        await using var app = await StartAsync(builder);

        await app.ResourceNotifications.WaitForResourceHealthyAsync("guest-db", Cancelled);

        Assert.Empty(app.ProcessIds("postgres"));
        var connection = new NpgsqlConnectionStringBuilder(await app.GetConnectionStringAsync("guest-db", Cancelled));
        Assert.Equal(elsewhere.GetEndpoint("postgres").Port, connection.Port);
        Assert.Equal("guest-db", connection.Database);
    }

    [Fact]
    public void AddResource_WithANameTwice_IsRefused()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddParameter("once", "value");

        Assert.Throws<ArgumentException>(() => builder.AddParameter("once", "other"));
    }

    private static string Recorder(string name, string file) => $"trap 'echo {name} >> {file}; exit 0' TERM; echo trapping; while :; do sleep 0.05; done";

    private static async Task<DistributedApplication> StartAsync(DistributedApplicationTestingBuilder builder)
    {
        var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        return app;
    }

    private static async Task<DistributedApplication> StartPostgresAsync(string folder)
    {
        var builder = DistributedApplicationTestingBuilder.Create().WithDataFolder(folder);
        builder.AddPostgres("postgres").AddDatabase("kept-db");
        var app = await StartAsync(builder);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("kept-db", Cancelled);
        return app;
    }

    private static async Task<object?> ExecuteAsync(DistributedApplication app, string sql)
    {
        await using var connection = new NpgsqlConnection(await app.GetConnectionStringAsync("kept-db", Cancelled) + ";Pooling=false");
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancelled);
    }
}
