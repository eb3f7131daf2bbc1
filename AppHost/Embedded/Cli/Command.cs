namespace LivingCity.AppHost.Embedded;

/// <summary>Carries out what the command line asks for; returns the exit code.</summary>
internal static class Command
{
    public static async Task<int> RunAsync(DistributedApplication application, StackOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return options.Command switch
            {
                "run" => await RunCommand.RunAsync(application, options, cancellationToken),
                "down" => await DownCommand.RunAsync(options.DataFolder, cancellationToken),
                "reset" => await ResetCommand.RunAsync(options.DataFolder, cancellationToken),
                "status" => await StatusCommand.RunAsync(options.DataFolder, cancellationToken),
                "help" => Help(0),
                var wrong => Help(2, wrong["error:".Length..]),
            };
        }
        catch (ResourceFailedException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    private static int Help(int exitCode, string? problem = null)
    {
        if (problem is not null)
        {
            Console.Error.WriteLine(problem);
        }

        Console.WriteLine(CommandLine.Usage);
        return exitCode;
    }
}
