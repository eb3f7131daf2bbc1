using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Heat;

/// <summary>Heat before or after measures.</summary>
internal sealed record HeatScenario(UrbanCoolingResult Cooling, Raster Temperature, Raster Utci)
{
    private static readonly string[] Measures = ["trees", "cool-roof", "de-sealing", "shade", "fountain", "cool-room"];

    public static IReadOnlyList<LandCover> ReadTable(Table table) =>
    [
        .. Enumerable.Range(0, table.Rows.Count).Select(r => new LandCover(
            (int)table.Number(r, "lucode"), table.Number(r, "green_area"), table.Number(r, "kc"), table.Number(r, "albedo"), table.Number(r, "shade"))),
    ];

    public static void Check(ModelRun run, ICollection<InputMistake> mistakes)
    {
        var codes = ReadTable(run.Table("biophysical")!).Select(t => t.Code).ToHashSet();
        foreach (var (feature, i) in (run.Features("interventions")?.Features ?? []).Select((f, i) => (f, i)))
        {
            var amount = feature.Number("amount") ?? double.NaN;
            var message = feature.Text("measure") switch
            {
                "trees" or "cool-roof" or "shade" when !(amount >= 0 && amount <= 1) => "amount must be from 0 to 1.",
                "de-sealing" when !codes.Contains((int)amount) => "amount must be a land cover of the table.",
                "fountain" when !(amount >= 0 && amount <= 10) => "amount must be from 0 to 10 K.",
                "cool-room" when !(amount >= 0 && amount <= 24) => "amount must be from 0 to 24 hours.",
                { } measure when Measures.Contains(measure) => null,
                _ => $"measure must be one of {string.Join(", ", Measures)}.",
            };
            if (message is not null)
            {
                mistakes.Add(new($"interventions[{i}]", message));
            }
        }
    }

    public static HeatScenario Compute(ModelRun run, IReadOnlyList<Feature> interventions)
    {
        var cover = run.Grid("land-cover")!;
        var table = ReadTable(run.Table("biophysical")!);
        var layers = UrbanCooling.Describe(cover, table);
        var byCode = table.ToDictionary(t => t.Code);
        double[] shadeOfSun = [.. layers.Shade.Values], cooling = new double[cover.Values.Length];
        foreach (var feature in interventions)
        {
            var amount = feature.Number("amount") ?? 0;
            foreach (var cell in CellMask.Cells(cover, feature.Geometry))
            {
                switch (feature.Text("measure"))
                {
                    case "trees":
                        layers.Shade.Values[cell] = Math.Min(1, layers.Shade.Values[cell] + amount);
                        shadeOfSun[cell] = Math.Min(1, shadeOfSun[cell] + amount);
                        break;
                    case "cool-roof": layers.Albedo.Values[cell] = amount; break;
                    case "shade": shadeOfSun[cell] = Math.Max(shadeOfSun[cell], amount); break;
                    case "fountain": cooling[cell] = Math.Max(cooling[cell], amount); break;
                    case "de-sealing":
                        var land = byCode[(int)amount];
                        (layers.Green.Values[cell], layers.CropCoefficient.Values[cell], layers.Albedo.Values[cell]) = (land.GreenArea, land.CropCoefficient, land.Albedo);
                        (layers.Shade.Values[cell], shadeOfSun[cell]) = (land.Shade, Math.Max(shadeOfSun[cell], land.Shade));
                        break;
                    default: break;
                }
            }
        }

        var settings = new UrbanCoolingSettings(run.Number("reference-temperature"), run.Number("heat-island"), run.Number("park-distance"), run.Number("averaging-radius"));
        var result = UrbanCooling.Run(layers, run.Grid("evapotranspiration")!, settings, run.CancellationToken);
        var temperature = cover.With([.. result.AirTemperature.Values.Select((t, i) => t - cooling[i])]);
        return new(result, temperature, Felt(run, temperature, shadeOfSun, layers.Albedo.Values));
    }

    private static Raster Felt(ModelRun run, Raster temperature, double[] shade, double[] albedo)
    {
        var count = temperature.Values.Length;
        double[] radiant = new double[count], wind = new double[count], humidity = new double[count], utci = new double[count];
        Array.Fill(wind, run.Number("wind"));
        Array.Fill(humidity, run.Number("humidity"));
        Parallel.For(0, temperature.Rows, new ParallelOptions { CancellationToken = run.CancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, row =>
        {
            for (var i = row * temperature.Columns; i < (row + 1) * temperature.Columns; i++)
            {
                radiant[i] = RadiantTemperature.ClearSky(
                    temperature.Values[i], humidity[i], run.Number("hour"), (int)run.Number("day-of-year"), run.Number("latitude"), new(shade[i], 0.7, albedo[i]));
            }

            int start = row * temperature.Columns, length = temperature.Columns;
            Heat.Utci.Evaluate(
                temperature.Values.AsSpan(start, length), radiant.AsSpan(start, length), wind.AsSpan(start, length), humidity.AsSpan(start, length), utci.AsSpan(start, length));
        });
        return temperature.With(utci);
    }
}
