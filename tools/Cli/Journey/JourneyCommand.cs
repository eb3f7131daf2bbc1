using System.CommandLine;
using LivingCity.Cli.Platform;

namespace LivingCity.Cli.Journey;

/// <summary><c>journey</c>: real measurements through all five services, step by step.</summary>
internal static class JourneyCommand
{
    public static Command Create()
    {
        var data = new Option<DirectoryInfo?>("--data") { Description = "The folder with the published data sets. Without it, the synthetic city is looked at (start the stack with --city demo)." };
        var command = new Command("journey", "Shows the city's journey: measure, share, compute, assess, meet.") { data };
        var connection = ConnectionOptions.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var readings = parsed.GetValue(data) is { Exists: true } folder ? new FileInfo(Path.Combine(folder.FullName, "sofia-air", "sample.csv")) : null;
            var journey = new CityJourney(platform, readings is { Exists: true } ? readings : null);
            return await journey.RunAsync(cancellationToken) ? 0 : 1;
        });
        return command;
    }
}
