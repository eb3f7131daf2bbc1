using System.CommandLine;
using System.Globalization;
using LivingCity.Cli.Platform;
using Spectre.Console;

namespace LivingCity.Cli.Import;

/// <summary><c>import</c>: a long-form CSV into the context broker, with every row accounted for.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var csv = new Argument<FileInfo>("csv") { Description = "The file: one reading a row, with a header." };
        var mapping = new Option<FileInfo>("--mapping") { Description = "How its columns become attributes (see tools/Cli/mappings).", Required = true };
        var quarantine = new Option<FileInfo?>("--quarantine") { Description = "Write the rows that are not imported here, with their reasons." };
        var command = new Command("import", "Imports readings through the public API.") { csv, mapping, quarantine };
        var connection = ConnectionOptions.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var importer = new Importer(platform, await Mapping.ReadAsync(parsed.GetValue(mapping)!.FullName, cancellationToken));
            using var text = parsed.GetValue(csv)!.OpenText();
            var report = await AnsiConsole.Status().StartAsync("importing", status => importer.RunAsync(text, sent => status.Status($"{sent} readings stored"), cancellationToken));
            Print(report);
            if (parsed.GetValue(quarantine) is { } file)
            {
                await File.WriteAllLinesAsync(file.FullName, ["row,reason,detail", .. report.Quarantined.Select(row => $"{row.Row},\"{row.Reason}\",\"{row.Detail}\"")], cancellationToken);
            }

            return report.AddsUp ? 0 : 1;
        });
        return command;
    }

    public static void Print(ImportReport report)
    {
        var table = new Table().AddColumn("rows").AddColumn(new TableColumn("").RightAligned());
        table.AddRow("read", Number(report.Rows)).AddRow("stored", Number(report.Sent)).AddRow("merged with another row", Number(report.Merged)).AddRow("quarantined", Number(report.Quarantined.Count));
        foreach (var reason in report.Quarantined.GroupBy(row => row.Reason).OrderByDescending(group => group.Count()))
        {
            table.AddRow($"  {Markup.Escape(reason.Key)}", Number(reason.Count()));
        }

        AnsiConsole.Write(table);
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
