using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Flood;

/// <summary>Flood from rain, rivers and the sea over a terrain, with interventions; whom and what it reaches.</summary>
public sealed class FloodModel : Model
{
    /// <inheritdoc/>
    public override ModelDescription Description { get; } = new(
        "flood",
        "1.0.0",
        "Flood",
        "Depth, velocity, hazard and arrival of a flood from rain and inflows, with walls, basins, de-sealing, rain gardens, storage, drains and pumps; buildings and people reached.",
        [
            "Local inertial equations (Bates, Horritt and Fewtrell 2010) with the weighting of de Almeida et al. (2012)",
            "Full shallow-water equations by finite volumes: HLLC, hydrostatic reconstruction (Audusse et al. 2004), second order, implicit friction",
            "Losses: curve number (USDA NEH 630) and Green and Ampt (1911)",
            "Hazard rating of Defra and the Environment Agency (2006), FD2321",
        ],
        [
            "The local inertial form drops the advection of momentum: it is right for slow floods, and does not converge to the exact solution where flow is fast (wave over a flat bed: about 5 % of depth). Flow over a face is held at critical speed (Coulthard et al. 2013, Earth Surface Processes and Landforms 38), so steep streets hold more water than they would. Choose finite-volume there.",
            "Sewers are a capacity to drain, not a network; they never surcharge.",
            "The terrain decides: kerbs, walls and culverts smaller than a cell are not seen unless drawn as interventions.",
        ],
        [
            new("terrain", ValueKind.Grid, "m", "Height of the ground in a projected reference system; cells without value are walls to water."),
            new("roughness", ValueKind.Grid, "s/m^(1/3)", "Manning's n.", false, 0.001, 1),
            new("rain", ValueKind.Series, "mm/h", "Column rain; each value holds until the next.", false, Time: "seconds from the start"),
            new("inflows", ValueKind.Features, "", "Points with the name of their column of hydrographs in series.", false),
            new("hydrographs", ValueKind.Series, "m³/s", "One column for each name in inflows.", false, Time: "seconds from the start"),
            new("stages", ValueKind.Features, "", "Points or lines at the sea or a lake, with the name of their column of levels in series.", false),
            new("levels", ValueKind.Series, "m", "Water level in the terrain's reference, one column for each name in stages.", false, Time: "seconds from the start"),
            new("initial-depth", ValueKind.Grid, "m", "Depth at the start; dry where it is not given.", false, 0, 1000),
            new("curve-number", ValueKind.Grid, "1", "Curve number of the ground.", false, 1, 100),
            new("buildings", ValueKind.Features, "", "Polygons: people, and where known district, income_group. They block water.", false),
            new("gauges", ValueKind.Features, "", "Points with name.", false),
            new("interventions", ValueKind.Features, "", "measure: wall or embankment (line; height in m), basin (polygon; depth in m), de-sealing (polygon; curve_number), rain-garden (polygon; depth in m, infiltration in mm/h, 10.9 where it is not known), storage (polygon; volume of its tanks in m³), drain (polygon; capacity in mm/h), pump (line from where to where; discharge in m³/s).", false),
        ],
        [
            new("maximum-depth", ValueKind.Grid, "m", "Greatest depth of each cell."),
            new("maximum-velocity", ValueKind.Grid, "m/s", "Greatest speed of each cell."),
            new("maximum-hazard", ValueKind.Grid, "m²/s", "Greatest hazard rating of each cell; above 0.75 some are in danger, above 1.25 most, above 2 all."),
            new("arrival", ValueKind.Grid, "s", "First time at which a cell is flooded."),
            new("gauges", ValueKind.Series, "m", "Water level at each gauge."),
            new("buildings", ValueKind.Table, "", "Depth beside each building and the people in it."),
            new("groups", ValueKind.Table, "", "People in flooded buildings, by district and income group."),
            new("totals", ValueKind.Table, "", "Water balance, flooded area, buildings and people."),
        ],
        [
            new("duration", 3600, "s", "Time to simulate.", "an hour", 1, 1e7),
            new("scheme", "local-inertial", "1", "Equations.", "fast, for slow floods", Choices: ["local-inertial", "finite-volume"]),
            new("roughness", 0.035, "s/m^(1/3)", "Manning's n where no grid is given.", "Chow (1959): short grass", 0.001, 1),
            new("loss", "none", "1", "How rain is lost.", "all sealed: the worst case", Choices: ["none", "curve-number", "green-ampt"]),
            new("conductivity", 6.5, "mm/h", "Hydraulic conductivity (Green-Ampt).", "silt loam: Rawls, Brakensiek and Miller (1983)", 0, 1000),
            new("suction", 166.8, "mm", "Suction at the wetting front (Green-Ampt).", "silt loam: Rawls, Brakensiek and Miller (1983)", 0, 2000),
            new("deficit", 0.34, "1", "Moisture deficit (Green-Ampt).", "silt loam at 30 % saturation: Chow, Maidment and Mays (1988)", 0, 1),
            new("drain-capacity", 0, "mm/h", "What the sewers take from every cell.", "none: the worst case; sewers of European cities are often laid out for 20 to 30 mm/h, an illustrative range", 0, 500),
            new("edges", "open", "1", "Whether water leaves over the edges of the grid.", "a window of a larger terrain", Choices: ["open", "closed"]),
            new("edge-slope", 0.001, "1", "Slope of the flow over open edges.", "gentle terrain", 0, 1),
            new("flooded-depth", 0.05, "m", "Depth from which a cell or building counts as flooded.", "above a door sill", 0.001, 10),
        ]);

    /// <inheritdoc/>
    public override IReadOnlyList<VerificationCase> Verification => FloodVerification.Cases;

    /// <inheritdoc/>
    protected override void Check(ModelRun run, ICollection<InputMistake> mistakes)
    {
        var terrain = run.Grid("terrain")!;
        foreach (var name in (string[])["roughness", "curve-number", "initial-depth"])
        {
            if (run.Grid(name) is { } grid && !grid.SameCells(terrain))
            {
                mistakes.Add(new(name, "must have the cells of the terrain."));
            }
        }

        if (run.Choice("loss") == "curve-number" && !run.Has("curve-number"))
        {
            mistakes.Add(new("curve-number", "is required with the loss curve-number."));
        }

        if (run.Series("rain") is { } rain && (!rain.Values.TryGetValue("rain", out var values) || values.Any(v => !(v >= 0))))
        {
            mistakes.Add(new("rain", "must have a column rain without gaps or negative values."));
        }

        foreach (var (feature, i) in (run.Features("inflows")?.Features ?? []).Select((f, i) => (f, i)))
        {
            if (feature.Text("series") is not { } name || run.Series("hydrographs")?.Values.ContainsKey(name) != true)
            {
                mistakes.Add(new($"inflows[{i}]", "series must name a column of hydrographs."));
            }
        }

        foreach (var (feature, i) in (run.Features("stages")?.Features ?? []).Select((f, i) => (f, i)))
        {
            if (feature.Text("series") is not { } name || run.Series("levels")?.Values.ContainsKey(name) != true)
            {
                mistakes.Add(new($"stages[{i}]", "series must name a column of levels."));
            }
        }

        if (!run.Has("rain") && !run.Has("inflows") && !run.Has("stages") && !run.Has("initial-depth"))
        {
            mistakes.Add(new("rain", "rain, inflows, stages or an initial depth must be given."));
        }

        foreach (var name in (string[])["inflows", "gauges"])
        {
            foreach (var (feature, i) in Project(terrain, run.Features(name)).Select((f, i) => (f, i)).Where(p => p.f.Geometry.IsEmpty || CellOf(terrain, p.f) < 0))
            {
                mistakes.Add(new($"{name}[{i}]", "lies outside the terrain."));
            }
        }

        foreach (var twice in (run.Features("gauges")?.Features ?? []).Select(FloodOutputs.NameOfGauge).GroupBy(name => name).Where(g => g.Count() > 1))
        {
            mistakes.Add(new("gauges", $"the name {twice.Key} is used {twice.Count()} times."));
        }

        FloodIntervention.Check(run, mistakes);
    }

    /// <inheritdoc/>
    protected override void Execute(ModelRun run)
    {
        var terrain = run.Grid("terrain")!;
        var buildings = Project(terrain, run.Features("buildings"));
        var gauges = Project(terrain, run.Features("gauges"));
        var setup = FloodIntervention.Apply(
            run, Setup(run, terrain, Project(terrain, run.Features("inflows")), Project(terrain, run.Features("stages")), buildings, gauges), Project(terrain, run.Features("interventions")));
        var result = FloodSimulation.Run(setup, new Progress(run), run.CancellationToken);
        FloodOutputs.Write(run, terrain, result, buildings, gauges);
    }

    private static IReadOnlyList<Feature> Project(Raster terrain, FeatureCollection? features) => features is null ? [] :
        [.. features.Features.Select(f => f with { Geometry = terrain.Epsg is { } epsg ? Crs.Transform(features.Epsg, epsg, f.Geometry) : f.Geometry })];

    private static int CellOf(Raster terrain, Feature feature) => terrain.CellAt(feature.Geometry.Coordinate.X, feature.Geometry.Coordinate.Y);

    private static FloodSetup Setup(ModelRun run, Raster terrain, IReadOnlyList<Feature> inflows, IReadOnlyList<Feature> stages, IReadOnlyList<Feature> buildings, IReadOnlyList<Feature> gauges)
    {
        bool[]? blocked = null;
        if (buildings.Count > 0)
        {
            blocked = new bool[terrain.Values.Length];
            foreach (var cell in buildings.SelectMany(b => CellMask.Cells(terrain, b.Geometry)))
            {
                blocked[cell] = true;
            }
        }

        return new FloodSetup
        {
            Terrain = terrain,
            Roughness = run.Grid("roughness") is { } grid ? [.. grid.Values.Select(n => double.IsNaN(n) ? run.Number("roughness") : n)] : [run.Number("roughness")],
            Blocked = blocked,
            InitialDepth = run.Grid("initial-depth")?.Values,
            Duration = run.Number("duration"),
            Scheme = run.Choice("scheme") == "finite-volume" ? FloodScheme.FiniteVolume : FloodScheme.LocalInertial,
            FloodedDepth = run.Number("flooded-depth"),
            Gauges = [.. gauges.Select(g => CellOf(terrain, g))],
            Forcing = new FloodForcing
            {
                Rain = run.Series("rain") is { } rain ? [.. rain.Seconds.Select((s, i) => (s, rain.Values["rain"][i]))] : [],
                Loss = run.Choice("loss") switch
                {
                    "curve-number" => new CurveNumberLoss([.. run.Grid("curve-number")!.Values.Select(v => double.IsNaN(v) ? 100 : v)]),
                    "green-ampt" => new GreenAmptLoss([run.Number("conductivity")], run.Number("suction"), run.Number("deficit")),
                    _ => null,
                },
                Drains = run.Number("drain-capacity") > 0 ? [.. Enumerable.Repeat(run.Number("drain-capacity"), terrain.Values.Length)] : null,
                Inflows = [.. inflows.Select(f => new Inflow(CellOf(terrain, f), run.Series("hydrographs")!.Seconds, run.Series("hydrographs")!.Values[f.Text("series")!]))],
                Stages = [.. stages.SelectMany(f => CellMask.Cells(terrain, f.Geometry).Where(cell => !double.IsNaN(terrain.Values[cell])).Select(cell => new StageBoundary(cell, run.Series("levels")!, f.Text("series")!)))],
                Open = run.Choice("edges") == "open" ? FloodIntervention.AllEdges(terrain, run.Number("edge-slope")) : [],
            },
        };
    }

    private sealed class Progress(ModelRun run) : IProgress<double>
    {
        public void Report(double value) => run.Report(value);
    }
}
