using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.Traffic;

/// <summary>Traffic and low emission zones: equilibrium flows before and after measures, emissions, NO2 at addresses, and who is affected.</summary>
public sealed class TrafficModel : Model
{
    /// <inheritdoc/>
    public override ModelDescription Description { get; } = new(
        "traffic",
        "1.0.0",
        "Traffic and low emission zones",
        "User-equilibrium flows of several vehicle classes before and after bans, tolls, speed limits, closures, bus lanes, a shift to cycling and fleet renewal; NOx, particles and CO₂; NO2 at addresses; effects by district and income group.",
        [
            "User equilibrium (Wardrop 1952; Beckmann, McGuire and Winsten 1956) with travel times of the Bureau of Public Roads (1964), solved by Algorithm B (Dial 2006; Nie 2010)",
            "Emission factors in COPERT form (EMEP/EEA guidebook 2019, chapter 1.A.3.b, Tier 3) from an own, illustrative table",
            "Line-source dispersion in the manner of CALINE3 (Benson 1979) with the urban curves of Briggs (1973); NO2 from NOx after Romberg et al. (1996)",
        ],
        [
            "Static: one period, no queues that grow or spill back; demand does not react to cost except where a measure says so.",
            "Drivers know all travel times; real ones do not.",
            "Emission factors are illustrative: in the order of the guidebook's Tier 2 levels, not compared with its tables, with a generic change with speed. Differences between scenarios are more to be trusted than levels; street decisions need the Tier 3 curves of the local fleet.",
            "Dispersion knows no buildings: street canyons are under-estimated. Of the non-exhaust particles only tyres, brakes and road surface are counted.",
        ],
        [
            new("network", ValueKind.Text, "", "Road network as a TNTP file; this or roads.", false),
            new("roads", ValueKind.Features, "", "Road network as lines: highway, maxspeed (km/h), lanes, oneway, capacity (cars/h).", false),
            new("trips", ValueKind.Text, "vehicles", "Trips of the period as a TNTP file."),
            new("zones", ValueKind.Features, "", "Points: zone, and where known district, income_group. Required with roads.", false),
            new("nodes", ValueKind.Features, "", "Points with id that place the nodes of a TNTP network.", false),
            new("classes", ValueKind.Table, "", "Columns name, kind (of the emission table), share of all trips, pcu, value_of_time (€/h). One class of cars where none are given.", false),
            new("areas", ValueKind.Features, "", "Polygons with name, such as the low emission zone.", false),
            new("interventions", ValueKind.Table, "", "Columns measure (ban, toll in €, speed-limit in km/h, close, bus-lane as share of capacity, cycling-shift as share of trips, fleet-renewal as share), class (or *), area or links (numbers from 1, by blanks), amount, to (class after renewal).", false),
            new("receptors", ValueKind.Features, "", "Points with people (number of residents), and where known district, income_group.", false),
            new("wind", ValueKind.Table, "", "Columns direction (° it comes from), speed (m/s), stability (A–F), share. Twelve even directions at 3 m/s where none is given.", false),
        ],
        [
            new("totals", ValueKind.Table, "", "Travel time, distance and emissions, baseline and scenario."),
            new("links", ValueKind.Table, "", "Flow, time and speed of each link, baseline and scenario."),
            new("roads", ValueKind.Features, "", "Links on the map with flow and NOx, where their place is known."),
            new("zones", ValueKind.Table, "", "Mean trip time from each zone, and trips that a ban leaves without a path."),
            new("groups", ValueKind.Table, "", "The same by district and income group."),
            new("receptors", ValueKind.Table, "", "NO2 at each receptor, baseline and scenario."),
            new("no2", ValueKind.Grid, "µg/m³", "NO2 in the scenario on a grid over the network and 200 m around it; given where grid-cell is above 0 and the links have a place."),
            new("no2-change", ValueKind.Grid, "µg/m³", "Change of it by the measures."),
            new("exposure", ValueKind.Table, "", "People above the guideline and the limits, by district and income group."),
        ],
        [
            new("relative-gap", 1e-8, "1", "Accuracy of the equilibrium.", "1e-4 is usual; differences between scenarios need more", 1e-14, 0.1),
            new("time-unit", 60, "s", "Seconds in the time unit of a TNTP network.", "TNTP networks are mostly in minutes", 1e-6, 86400),
            new("length-unit", 1000, "m", "Metres in the length unit of a TNTP network.", "TNTP networks are in km, miles or feet", 1e-6, 1e6),
            new("toll-factor", -1, "1", "Cost of a unit of toll in time units of a TNTP network; −1 takes what the file says.", "file; Chicago Sketch is published with 0.02", -1, 1e6),
            new("distance-factor", -1, "1", "Cost of a unit of length in time units of a TNTP network; −1 takes what the file says.", "file; Chicago Sketch is published with 0.04", -1, 1e6),
            new("period", 1, "h", "Length of the period that the trips belong to.", "peak hour", 0.01, 24),
            new("mean-factor", 0.45, "1", "Annual mean traffic as a share of the period's.", "illustrative: a peak hour with 9 % of the traffic of a day", 0, 1),
            new("epsg", 25832, "1", "Reference system to compute in.", "ETRS89 / UTM 32N", 1024, 32767),
            new("background-nox", 15, "µg/m³", "NOx that comes from outside the network.", "illustrative order of an urban background; set the local one", 0, 500),
            new("grid-cell", 0, "m", "Cell size of the NO2 grid; 0 for none.", "none: the grid costs more than the receptors", 0, 1000),
            new("banned-trips", "renew", "1", "What happens to trips that a ban leaves without a path.", "renew: they are made with the last class of the table; drop: they are not made by car", Choices: ["renew", "drop"]),
        ]);

    /// <inheritdoc/>
    public override IReadOnlyList<VerificationCase> Verification => TrafficVerification.Cases;

    /// <inheritdoc/>
    protected override void Check(ModelRun run, ICollection<InputMistake> mistakes) => TrafficInputs.Read(run, mistakes);

    /// <inheritdoc/>
    protected override void Execute(ModelRun run)
    {
        var inputs = TrafficInputs.Read(run, []);
        var settings = new EquilibriumSettings(run.Number("relative-gap"));
        var before = TrafficScenario.Assign(inputs, [], settings, null, new Share(run, 0, 0.4), run.CancellationToken);
        var after = TrafficScenario.Assign(inputs, inputs.Interventions, settings, before.Equilibrium.State, new Share(run, 0.4, 0.8), run.CancellationToken);
        TrafficOutputs.Write(run, inputs, before, after);
    }

    private sealed class Share(ModelRun run, double from, double to) : IProgress<double>
    {
        private double _reached;

        // A scenario may be solved twice, when a ban takes trips their paths; the share done never goes back.
        public void Report(double value) => run.Report(from + (to - from) * (_reached = Math.Max(_reached, value)));
    }
}
