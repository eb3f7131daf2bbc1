using Spectre.Console;

namespace LivingCity.AppHost.Embedded;

/// <summary>The console, without colours and line folding when its output goes to a file or a pipe.</summary>
internal static class Terminal
{
    private const int Unfolded = 240;

    public static bool IsInteractive => !Console.IsOutputRedirected && Output.Profile.Capabilities is { Interactive: true, Ansi: true };

    public static IAnsiConsole Output { get; } = Create();

    private static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Console;
        }

        var plain = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        plain.Profile.Width = Unfolded;
        return plain;
    }
}
