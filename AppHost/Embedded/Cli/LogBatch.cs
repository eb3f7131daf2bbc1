using Spectre.Console;
using Spectre.Console.Rendering;

namespace LivingCity.AppHost.Embedded;

/// <summary>Log lines that are written at once, because a live table is drawn anew after each write.</summary>
internal sealed class LogBatch : Renderable
{
    private readonly List<(string Prefix, Style Style, string Line)> lines = [];

    public void Add(string prefix, Style style, string line) => lines.Add((prefix, style, line));

    public void WriteTo(IAnsiConsole console)
    {
        if (console.Profile.Capabilities.Ansi && lines.Count > 0)
        {
            console.Write(this);
            return;
        }

        // Past Spectre's layout, which would fold long lines.
        foreach (var (prefix, _, line) in lines)
        {
            console.Profile.Out.Writer.WriteLine(prefix + line);
        }
    }

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // Erases the table below, of which shorter lines would leave the right half standing.
        yield return Segment.Control("\u001b[J");
        foreach (var (prefix, style, line) in lines)
        {
            yield return new Segment(prefix, style);
            yield return new Segment(line);
            yield return Segment.LineBreak;
        }
    }
}
