using System.CommandLine;
using System.Globalization;
using LivingCity.Cli.Import;
using LivingCity.Cli.Journey;
using LivingCity.Cli.Platform;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 140;
}

var root = new RootCommand("Living City from the command line, through the gateway as any integrator.") { ImportCommand.Create(), JourneyCommand.Create() };
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is PlatformException or FormatException or IOException or System.Text.Json.JsonException)
{
    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]{exception.Message}[/]");
    return 1;
}
