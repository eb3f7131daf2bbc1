using System.Globalization;
using System.Text;

namespace LivingCity.Platform.Tests;

/// <summary><c>kill -9</c> in the middle of an import, of a service, of the broker, of the database: every acknowledged observation is there once, and has its effect.</summary>
public sealed class CrashTests(Platform platform)
{
    private const int Stations = 4;
    private const int Hours = 40;
    private const int PerHour = 30;
    private const int Readings = Stations * Hours * PerHour;

    [Theory]
    [InlineData("ingestion")]
    [InlineData("messaging")]
    [InlineData("postgres")]
    [InlineData("twin")]
    [InlineData("gateway")]
    public async Task Kill_InTheMiddleOfAnImport_LosesNothingAndRepeatsNothing(string victim)
    {
        var csv = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(csv, Table(victim), TestContext.Current.CancellationToken);
        var mapping = Path.Combine(AppContext.BaseDirectory, "mappings", "sofia-air.json");
        var stored = $"SELECT count(*) FROM attribute_instance WHERE entity_id LIKE '%:station-{victim}-%' AND number IS NOT NULL";
        try
        {
            var import = CommandLine.RunAsync(platform.Gateway, "import", csv, "--mapping", mapping);
            await Eventually.TrueAsync(async () => await platform.ScalarAsync<long>("ingestion", stored, "sofia") > 0, "the import is under way");
            platform.App.KillResource(victim);
            var (exitCode, output) = await import;

            Assert.True(exitCode == 0, output);
            Assert.Equal(Readings, await platform.ScalarAsync<long>("ingestion", stored, "sofia"));
            await Eventually.EqualAsync(Readings, () => platform.ScalarAsync<long>("twin", $"SELECT count(*) FROM reading WHERE station_id LIKE '%:station-{victim}-%'", "sofia"), TimeSpan.FromMinutes(2));
            await Eventually.EqualAsync(0L, () => platform.ScalarAsync<long>("ingestion", "SELECT count(*) FROM outbox_message", "sofia"));
            await Eventually.EqualAsync(
                await platform.ScalarAsync<long>("twin", "SELECT count(*) FROM inbox_message WHERE consumer LIKE '%LiveState'", "sofia"),
                () => platform.ScalarAsync<long>("dataspace", "SELECT count(*) FROM inbox_message WHERE consumer LIKE '%CoverageUpdate'", "sofia"));
        }
        finally
        {
            File.Delete(csv);
        }
    }

    /// <summary>Readings within two days, which the twin keeps whole.</summary>
    private static string Table(string victim)
    {
        var start = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        var table = new StringBuilder("timest,station,param,level,station_name,longitude,latitude,param_name\n");
        for (var number = 0; number < Hours * PerHour; number++)
        {
            for (var station = 0; station < Stations; station++)
            {
                table.AppendLine(CultureInfo.InvariantCulture, $"{start.AddMinutes(number * 2):yyyy-MM-dd HH:mm:ss},{victim}-{station},0,{10 + (number % 50)},{victim},23.3,42.7,PM");
            }
        }

        return table.ToString();
    }
}
