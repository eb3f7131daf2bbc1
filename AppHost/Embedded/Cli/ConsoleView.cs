using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Spectre.Console;

namespace LivingCity.AppHost.Embedded;

/// <summary>The terminal: log lines with the resource's name, and below them, in a real terminal, a table that stays current.</summary>
internal sealed class ConsoleView
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);
    private static readonly Color[] Palette = [Color.Aqua, Color.Green, Color.Yellow, Color.Fuchsia, Color.Blue, Color.Olive, Color.Teal, Color.Purple, Color.Lime];
    private readonly DistributedApplication application;
    private readonly IAnsiConsole console = Terminal.Output;
    private readonly Channel<(string? Resource, string Line)> lines = Channel.CreateUnbounded<(string?, string)>(new() { SingleReader = true });
    private readonly bool table;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private bool announced;

    private ConsoleView(DistributedApplication application, bool table)
    {
        this.application = application;
        this.table = table;
        application.Output.Appended += (resource, line) => lines.Writer.TryWrite((resource, line));
        if (!table)
        {
            application.ResourceNotifications.StateChanged += Note;
        }
    }

    public static ConsoleView Create(DistributedApplication application, StackOptions options) =>
        new(application, options.Table && Terminal.IsInteractive);

    private void Note(ResourceSnapshot resource)
    {
        if (resource.Kind != "database")
        {
            lines.Writer.TryWrite((resource.Name, $"is {resource.State.ToString().ToLowerInvariant()}"));
        }
    }

    public void Say(string line) => lines.Writer.TryWrite((null, line));

    public Task ShowAsync() => Task.Run(() => table ? console.Live(Current()).StartAsync(UpdateAsync) : UpdateAsync(null));

    public async Task EndAsync(Task showing)
    {
        lines.Writer.Complete();
        await showing;
        Console.WriteLine("Stopped.");
    }

    private async Task UpdateAsync(LiveDisplayContext? live)
    {
        while (!lines.Reader.Completion.IsCompleted)
        {
            var batch = new LogBatch();
            while (lines.Reader.TryRead(out var line))
            {
                Add(batch, line.Resource, line.Line);
            }

            Announce(batch);
            live?.UpdateTarget(Current());
            batch.WriteTo(console);
            var something = table ? lines.Reader.Completion : lines.Reader.WaitToReadAsync().AsTask();
            await Task.WhenAny(something, Task.Delay(Refresh));
        }

        var last = new LogBatch();
        Announce(last);
        live?.UpdateTarget(Current());
        last.WriteTo(console);
    }

    private Table Current() => ResourceTable.Of(application.ResourceNotifications.All);

    private void Announce(LogBatch batch)
    {
        var resources = application.ResourceNotifications.All;
        if (!announced && resources.Count > 0 && resources.All(resource => resource.State is ResourceState.Healthy or ResourceState.Completed))
        {
            announced = true;
            foreach (var line in Ready())
            {
                Add(batch, null, line);
            }
        }
    }

    private IEnumerable<string> Ready() =>
    [
        string.Create(CultureInfo.InvariantCulture, $"Living City is ready: {application.PublicAddress ?? "no public address"} (after {clock.Elapsed.TotalSeconds:0.0} s)"),
        $"  documentation of the API: {application.PublicAddress}/docs",
        $"  dashboard: {application.Dashboard}",
        "  sign in as planner@sofia.example, officer@sant-boi.example, ... with password 'demo' (AppHost/realms/README.md lists the users)",
    ];

    private void Add(LogBatch batch, string? resource, string line)
    {
        if (resource is null)
        {
            batch.Add("", Style.Plain, line);
        }
        else
        {
            batch.Add(resource.PadRight(NameWidth) + " | ", new Style(ColorOf(resource)), line);
        }
    }

    private int NameWidth => application.Resources.Where(resource => resource.HasLifecycle).Select(resource => resource.Name.Length).DefaultIfEmpty().Max();

    private Color ColorOf(string resource) => Palette[application.Resources.TakeWhile(other => other.Name != resource).Count() % Palette.Length];
}
