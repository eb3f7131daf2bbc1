using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.Traffic;

/// <summary>Published cases of the traffic model.</summary>
internal static class TrafficVerification
{
    private const string Networks = "Transportation Networks for Research (bstabler/TransportationNetworks), best-known objective of Beckmann";

    private const string Guidebook = "EMEP/EEA air pollutant emission inventory guidebook 2019, 1.A.3.b: form of the hot emission factor, worked example";

    // t = 10x, 50 + x, 50 + x, 10x, 10 + x; the constants of the first and fourth are zero, which the form of the bureau has only as a limit.
    private static RoadNetwork Braess { get; } = new(2, 4, 1,
    [
        new(1, 3, 1, 1, 1e-9, 1e10, 1), new(1, 4, 1, 1, 50, 0.02, 1), new(3, 2, 1, 1, 50, 0.02, 1), new(4, 2, 1, 1, 1e-9, 1e10, 1), new(3, 4, 1, 1, 10, 0.1, 1),
    ]);

    public static IReadOnlyList<VerificationCase> Cases { get; } =
    [
        Best("SiouxFalls", 4231335.287107),
        Best("Anaheim", 1286032.171096),
        Best("Barcelona", 1265654.922032),
        new("braess", "Paradox of Braess: six drivers, with the new road each takes 92 minutes", "Braess (1968), Unternehmensforschung 12, 258–268", null, (_, cancellationToken) =>
        {
            var trips = new TripMatrix(2) { [1, 2] = 6 };
            var result = UserEquilibrium.Solve(Braess, [new("cars", trips)], new(), cancellationToken: cancellationToken);
            return [new("mean travel time", 92, result.TotalTime / 6, 1e-6), new("flow on the new road", 2, result.Flow[4], 1e-6)];
        }),
        new("copert", "Emission factor in COPERT form", Guidebook, null, (_, _) =>
        {
            var curve = new EmissionCurve(2, 0.3, 2, 7, 0, 1, 4);
            return [new("10 vehicles, 1 km, 10 km/h", 146.92857142857142, curve.Of(10, 1, 10), 1e-10), new("10 vehicles, 1 km, 20 km/h", 336.8125, curve.Of(10, 1, 20), 1e-10)];
        }),
    ];

    private static VerificationCase Best(string name, double objective) =>
        new(name, $"User equilibrium of {name}", Networks, $"traffic/{name}", (folder, cancellationToken) =>
        {
            var network = TntpReader.ReadNetwork(File.ReadAllText(Path.Combine(folder, $"{name}_net.tntp")));
            var trips = TntpReader.ReadTrips(File.ReadAllText(Path.Combine(folder, $"{name}_trips.tntp")));
            var result = UserEquilibrium.Solve(network, [new("cars", trips)], new(), cancellationToken: cancellationToken);
            return [new("Beckmann's objective", objective, result.Objective, 1e-6 * Math.Max(1, objective * 1e-6)), new("relative gap", 0, result.RelativeGap, 1e-12)];
        });
}
