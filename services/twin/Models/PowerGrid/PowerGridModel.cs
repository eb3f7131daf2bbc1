using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Formats;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Energy grid: one day of power flows with and without interventions, and the hosting capacity of every feeder.</summary>
public sealed class PowerGridModel : Model
{
    /// <inheritdoc/>
    public override ModelDescription Description { get; } = new(
        "power-grid",
        "1.0.0",
        "Energy grid",
        "Voltages, loadings, losses and CO₂ of an electricity network over one day, before and after heat pumps, charging, photovoltaics, batteries and reinforcement; hosting capacity of each feeder.",
        [
            "AC power flow by Newton's method in polar form (Tinney and Hart 1967), sparse LU with minimum-degree ordering, pattern reused over the day",
            "Backward/forward sweep (Shirmohammadi et al. 1988) for batches on radial feeders; DC power flow for comparison",
            "Network data in the MATPOWER case format (Zimmerman, Murillo-Sánchez and Thomas 2011)",
            "Heat pumps after Staffell et al. (2012), clear-sky irradiance after Haurwitz (1945), residential load by the standard profile H25 of BDEW (2025)",
        ],
        [
            "Balanced three-phase steady state: no unbalance, harmonics, protection or dynamics.",
            "Drivers' habits are drawn, not observed; repeat with other seeds before deciding on single feeders.",
            "Slack buses have no reactive limit.",
        ],
        [
            new("case", ValueKind.Text, "", "Network as a MATPOWER case file, version 1 or 2."),
            new("interventions", ValueKind.Table, "", "Columns bus, measure (heat-pump, ev, ev-smart in numbers; photovoltaics in kWp; battery in kWh; reinforcement as a factor on the capacity of the branch to the bus in column to), amount.", false),
            new("temperature", ValueKind.Series, "°C", "Outdoor temperature, column temperature, from midnight.", false, Time: "local solar time"),
        ],
        [
            new("totals", ValueKind.Table, "", "Energy, peak, losses, CO₂, overloads and voltage violations, baseline and scenario."),
            new("series", ValueKind.Series, "MW", "Power from above and losses over the day, baseline and scenario."),
            new("buses", ValueKind.Table, "", "Lowest and highest voltage of each bus over the day."),
            new("branches", ValueKind.Table, "", "Highest loading of each branch over the day."),
            new("hosting", ValueKind.Table, "", "Greatest photovoltaic power each feeder takes on top of the case, and what limits it."),
        ],
        [
            new("steps", 96, "1", "Steps of the day.", "quarter hours, as metered", 24, 1440),
            new("day-of-year", 15, "d", "Day of the year, for the sun.", "mid January: the winter peak", 1, 366),
            new("latitude", 48, "°", "Latitude, for the sun.", "central Europe", -66, 66),
            new("clearness", 1, "1", "Share of the clear-sky irradiance.", "clear sky: the worst case for voltage", 0, 1),
            new("mean-temperature", 0, "°C", "Mean outdoor temperature where no series is given; it swings by 4 K over the day.", "cold winter day", -40, 45),
            new("load-shape", "residential", "1", "Shape over the day of the loads in the case.", "residential: standard profile H25 of BDEW (2025), a workday in January; constant: as the case stands", Choices: ["residential", "constant"]),
            new("emission-factor", 250, "g/kWh", "CO₂ per energy from above.", "illustrative, in the order of the European mix; set the supplier's figure", 0, 2000),
            new("highest-voltage", 1.1, "1", "Upper voltage limit, p.u.", "EN 50160: ±10 %", 1, 1.5),
            new("lowest-voltage", 0.9, "1", "Lower voltage limit, p.u.", "EN 50160: ±10 %", 0.5, 1),
            new("hosting-ceiling", 100, "MW", "Power at which the search for hosting capacity stops.", "far above any distribution feeder", 0.001, 1e6),
            new("reactive-limits", "ignore", "1", "Whether generators keep their reactive limits.", "MATPOWER's default", Choices: ["ignore", "enforce"]),
        ]);

    /// <inheritdoc/>
    public override IReadOnlyList<VerificationCase> Verification => PowerGridVerification.Cases;

    /// <inheritdoc/>
    protected override void Check(ModelRun run, ICollection<InputMistake> mistakes)
    {
        var source = MatpowerReader.Read(run.Text("case")!);
        try
        {
            PowerNetwork.Build(source);
        }
        catch (ArgumentException exception)
        {
            mistakes.Add(new("case", exception.Message));
        }

        if (run.Table("interventions") is { } table)
        {
            GridIntervention.Read(table, source, mistakes);
        }

        if (run.Series("temperature") is { } series && !series.Values.ContainsKey("temperature"))
        {
            mistakes.Add(new("temperature", "has no column temperature."));
        }
    }

    /// <inheritdoc/>
    protected override void Execute(ModelRun run)
    {
        var source = MatpowerReader.Read(run.Text("case")!);
        var interventions = run.Table("interventions") is { } table ? GridIntervention.Read(table, source, []) : [];
        var before = new GridDay(run, source, []).Solve(0, 0.4);
        var after = new GridDay(run, GridIntervention.Reinforce(source, interventions), interventions).Solve(0.4, 0.8);
        var network = PowerNetwork.Build(GridIntervention.Reinforce(source, interventions), run.CancellationToken);
        var hosting = HostingCapacity.Compute(network, HostingCapacity.Feeders(network), run.Number("highest-voltage"), run.Number("hosting-ceiling"), run.CancellationToken);
        GridOutputs.Write(run, source, before, after, hosting);
    }
}
