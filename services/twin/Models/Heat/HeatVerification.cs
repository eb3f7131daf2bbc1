using System.Text.Json;
using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Heat;

/// <summary>Published cases of the heat model.</summary>
internal static class HeatVerification
{
    private const string UtciSource = "Bröde et al. (2012), International Journal of Biometeorology 56, 481–494; values of the operational procedure";

    public static IReadOnlyList<VerificationCase> Cases { get; } =
    [
        new("utci", "Universal Thermal Climate Index", UtciSource, null, (_, _) =>
        [
            Felt(25, 27, 1, 50, 25.2), Felt(19, 24, 1, 50, 20.0), Felt(19, 14, 1, 50, 16.8), Felt(27, 22, 10, 50, 20.0), Felt(51, 22, 16, 50, double.NaN),
        ]),
        new("urban-cooling", "Cooling capacity and park cooling on a 5 × 6 grid", "InVEST urban cooling model, figures of its test case", "heat/urban-cooling.json", (path, cancellationToken) => UrbanCoolingCase(path, cancellationToken)),
    ];

    private static VerificationCheck Felt(double ta, double tr, double va, double rh, double expected) =>
        new($"UTCI at ({ta}, {tr}, {va}, {rh}), °C", expected, Utci.Evaluate(ta, tr, va, rh), 0.1);

    private static List<VerificationCheck> UrbanCoolingCase(string path, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var root = document.RootElement;
        var cell = root.GetProperty("pixel_size_m").GetDouble();
        Raster Grid(string name)
        {
            double[][] rows = [.. root.GetProperty(name).EnumerateArray().Select(r => (double[])[.. r.EnumerateArray().Select(v => v.GetDouble())])];
            return new(rows[0].Length, rows.Length, cell, 0, 0, [.. rows.SelectMany(r => r)]);
        }

        var table = root.GetProperty("biophysical");
        double[] Column(string name) => [.. table.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
        double[] codes = Column("lucode"), green = Column("green_area"), kc = Column("kc"), albedo = Column("albedo"), shade = Column("shade");
        LandCover[] covers = [.. codes.Select((code, i) => new LandCover((int)code, green[i], kc[i], albedo[i], shade[i]))];
        var settings = new UrbanCoolingSettings(20, 5, root.GetProperty("green_area_cooling_distance_m").GetDouble(), 30);
        var result = UrbanCooling.Run(UrbanCooling.Describe(Grid("lulc"), covers), Grid("reference_evapotranspiration"), settings, cancellationToken);
        return
        [
            .. Compare("CC", Grid("expected_cc"), result.CoolingCapacity),
            .. Compare("CC of parks", Grid("expected_cc_park"), result.ParkCapacity),
        ];
    }

    private static IEnumerable<VerificationCheck> Compare(string name, Raster expected, Raster found) =>
        expected.Values.Select((value, i) => new VerificationCheck($"{name} in row {i / expected.Columns + 1}, column {i % expected.Columns + 1}", value, found.Values[i], 1e-6));
}
