using System.Globalization;

namespace LivingCity.Ingestion.Benchmarks;

/// <summary>The same requests at every size of the city, so that the table shows how the cost grows.</summary>
internal sealed class Growth(Stand stand)
{
    private const int Connections = 16;
    private const double Seconds = 6;

    private readonly List<(int Size, string What, Measured Measured)> results = [];

    public async Task MeasureAsync(int size)
    {
        Console.WriteLine(FormattableString.Invariant($"{size:N0} entities of {City.Types} types, {Connections} connections, {Seconds} s each; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"));
        await RunAsync(size, "GET by id", random => ("GET", $"/ngsi-ld/v1/entities/{City.Id(random.Next(size))}", null));
        await RunAsync(size, "PATCH one attribute", random => ("PATCH", $"/ngsi-ld/v1/entities/{City.Id(random.Next(size))}/attrs/level",
            FormattableString.Invariant($$"""{"type":"Property","value":{{random.Next(1000)}},"unitCode":"C62","observedAt":"{{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.ffffffZ}}"}""")));
        await RunAsync(size, "q: type and text", random => Query(random, size, $"q=status==%22closed%22;owner==urn:ngsi-ld:Department:{random.Next(500)}"));
        await RunAsync(size, "q: type and number", random => Query(random, size, $"q=level>{random.Next(900)};status==%22working%22"));
        await RunAsync(size, "type, first page", random => Query(random, size, ""));
        await RunAsync(size, "geo: near 500 m", random => ("GET", FormattableString.Invariant(
            $"/ngsi-ld/v1/entities?type={City.TypeOf(random.Next(City.Types))}&limit=20&georel=near;maxDistance==500&geometry=Point&coordinates=[{23 + (random.NextDouble() / 2):F5},{42.5 + (random.NextDouble() / 2):F5}]"), null));
    }

    public void Print()
    {
        var sizes = results.Select(result => result.Size).Distinct().ToArray();
        Console.WriteLine($"\n| requests/s (p99 ms) | {string.Join(" | ", sizes.Select(size => size.ToString("N0", CultureInfo.InvariantCulture)))} |\n|---|{string.Concat(sizes.Select(_ => "---|"))}");
        foreach (var row in results.GroupBy(result => result.What))
        {
            Console.WriteLine($"| {row.Key} | {string.Join(" | ", row.Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Measured.PerSecond:F0} ({cell.Measured.P99:F1})")))} |");
        }
    }

    /// <summary>The same as a picture.</summary>
    public void Draw(string path) => Plot.Write(path, [.. results.GroupBy(result => result.What)
        .Select(row => (row.Key, (IReadOnlyList<(int, double)>)[.. row.Select(cell => (cell.Size, cell.Measured.PerSecond))]))]);

    private static (string Method, string Path, string? Body) Query(Random random, int size, string condition) =>
        ("GET", $"/ngsi-ld/v1/entities?type={City.TypeOf(random.Next(Math.Min(size, City.Types)))}&limit=20{(condition.Length > 0 ? "&" + condition : "")}", null);

    private async Task RunAsync(int size, string what, Func<Random, (string Method, string Path, string? Body)> request)
    {
        var measured = await new Load(stand).RunAsync(Connections, Seconds, request);
        results.Add((size, what, measured));
        Console.WriteLine($"  {what,-22}{measured}");
    }
}
