using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Heat;

/// <summary>Heat in the city on a hot day: air temperature, felt temperature in sun and shade, heat stress, who is exposed, and what it does to their health.</summary>
public sealed class HeatModel : Model
{
    /// <inheritdoc/>
    public override ModelDescription Description { get; } = new(
        "heat",
        "1.0.0",
        "Heat",
        "Air temperature, UTCI and wet-bulb globe temperature on a hot day, before and after trees, cool roofs, de-sealing, shade, fountains and cool rooms; exposure and excess deaths by district and age.",
        [
            "InVEST urban cooling: CC = 0.6·shade + 0.2·albedo + 0.2·ETI, parks of two hectares and more, mixing of the air",
            "UTCI (Bröde et al. 2012) with mean radiant temperature after VDI 3787 part 2",
            "Wet-bulb globe temperature 0.567·T + 0.393·e + 3.94",
            "Excess mortality after Baccini et al. (2008)",
        ],
        [
            "Urban cooling is an index model: it ranks measures, and its degrees are only as good as the heat island it is given.",
            "Wind is one value for the whole city; streets that channel it are not seen.",
            "Excess deaths are an expectation over many people; in one district they are no count. Death rates by age are illustrative, and the curve, found for apparent temperature, is used with air temperature.",
        ],
        [
            new("land-cover", ValueKind.Grid, "1", "Codes of land cover in a projected reference system."),
            new("evapotranspiration", ValueKind.Grid, "mm", "Reference evapotranspiration of the same cells.", Minimum: 0),
            new("biophysical", ValueKind.Table, "", "Columns lucode, green_area, kc, albedo, shade for each land cover."),
            new("districts", ValueKind.Features, "", "Polygons: district, income_group, people_0_14, people_15_64, people_65_74, people_75.", false),
            new("temperature", ValueKind.Series, "°C", "Hourly rural air temperature, column temperature, for heat days.", false),
            new("interventions", ValueKind.Features, "", "measure: trees (share of ground shaded), cool-roof (albedo), de-sealing (lucode), shade (share of sun kept off), fountain (cooling in K), cool-room (hours a day; radius in m), each with amount.", false),
        ],
        [
            new("cooling-capacity", ValueKind.Grid, "1", "Cooling capacity."),
            new("heat-mitigation", ValueKind.Grid, "1", "Heat mitigation."),
            new("air-temperature", ValueKind.Grid, "°C", "Air temperature after measures."),
            new("air-temperature-change", ValueKind.Grid, "K", "Change by the measures."),
            new("utci", ValueKind.Grid, "°C", "UTCI after measures at the hour asked for."),
            new("wet-bulb-globe", ValueKind.Grid, "°C", "Wet-bulb globe temperature after measures."),
            new("districts", ValueKind.Table, "", "Mean temperatures and people in strong heat stress by district and income group."),
            new("ages", ValueKind.Table, "", "Exposure hours and excess deaths a day by district and age group."),
            new("totals", ValueKind.Table, "", "City-wide means, heat days, baseline and scenario."),
        ],
        [
            new("reference-temperature", 28, "°C", "Rural air temperature.", "hot summer afternoon", -10, 45),
            new("heat-island", 4, "K", "Greatest excess of the city.", "order of European cities: Oke (1973)", 0, 15),
            new("park-distance", 450, "m", "Distance over which green areas cool.", "InVEST user's guide: 450 m", 0, 5000),
            new("averaging-radius", 500, "m", "Distance over which air mixes.", "InVEST user's guide: 500 to 600 m", 0, 5000),
            new("humidity", 45, "%", "Relative humidity.", "hot summer afternoon", 0, 100),
            new("wind", 2, "m/s", "Wind at 10 m.", "light wind", 0.5, 17),
            new("hour", 15, "h", "Local solar hour of UTCI.", "hottest hour", 0, 24),
            new("day-of-year", 201, "d", "Day of the year.", "20 July", 1, 366),
            new("latitude", 48, "°", "Latitude.", "central Europe", -66, 66),
            new("risk", "north-continental", "1", "Curve of mortality against temperature.", "Baccini et al. (2008), abstract: 1.84 % for each K above 23.3 °C; Mediterranean 3.12 % above 29.4 °C", Choices: ["north-continental", "mediterranean"]),
            new("stress-threshold", 32, "°C", "UTCI from which stress counts as strong.", "Bröde et al. (2012)", 26, 46),
        ]);

    /// <inheritdoc/>
    public override IReadOnlyList<VerificationCase> Verification => HeatVerification.Cases;

    /// <inheritdoc/>
    protected override void Check(ModelRun run, ICollection<InputMistake> mistakes)
    {
        var cover = run.Grid("land-cover")!;
        if (!run.Grid("evapotranspiration")!.SameCells(cover))
        {
            mistakes.Add(new("evapotranspiration", "must have the cells of the land cover."));
        }

        var table = run.Table("biophysical")!;
        if (((string[])["lucode", "green_area", "kc", "albedo", "shade"]).FirstOrDefault(c => table.IndexOf(c) < 0) is { } missing)
        {
            mistakes.Add(new("biophysical", $"has no column {missing}."));
            return;
        }

        try
        {
            UrbanCooling.Describe(cover, HeatScenario.ReadTable(table));
        }
        catch (ArgumentException exception)
        {
            mistakes.Add(new("biophysical", exception.Message));
        }

        HeatScenario.Check(run, mistakes);
    }

    /// <inheritdoc/>
    protected override void Execute(ModelRun run)
    {
        var cover = run.Grid("land-cover")!;
        var interventions = (run.Features("interventions")?.Features ?? []).Select(f => f with { Geometry = Project(f, run.Features("interventions")!, cover) }).ToList();
        var before = HeatScenario.Compute(run, []);
        run.Report(0.4);
        var after = HeatScenario.Compute(run, interventions);
        run.Report(0.8);
        run.Outputs["cooling-capacity"] = after.Cooling.CoolingCapacity;
        run.Outputs["heat-mitigation"] = after.Cooling.HeatMitigation;
        run.Outputs["air-temperature"] = after.Temperature;
        run.Outputs["air-temperature-change"] = cover.With([.. after.Temperature.Values.Zip(before.Temperature.Values, (a, b) => a - b)]);
        run.Outputs["utci"] = after.Utci;
        run.Outputs["wet-bulb-globe"] = cover.With([.. after.Temperature.Values.Select(t => HeatStress.WetBulbGlobe(t, run.Number("humidity")))]);
        HeatOutputs.Write(run, cover, before, after, interventions);
    }

    internal static NetTopologySuite.Geometries.Geometry Project(Feature feature, FeatureCollection of, Raster grid) =>
        grid.Epsg is { } epsg ? Crs.Transform(of.Epsg, epsg, feature.Geometry) : feature.Geometry;
}
