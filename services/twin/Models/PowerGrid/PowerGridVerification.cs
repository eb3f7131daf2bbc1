using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Published cases of the power flow.</summary>
internal static class PowerGridVerification
{
    private const string Matpower = "MATPOWER test cases, solved at a tolerance of 1e-10 (Zimmerman, Murillo-Sánchez and Thomas 2011, IEEE Transactions on Power Systems 26, 12–19)";

    public static IReadOnlyList<VerificationCase> Cases { get; } =
    [
        Closed(),
        Published("case9", 71.641021, 4.641021, 0.99563086, 9),
        Published("case14", 232.393272, 13.393272),
        Published("case30", 25.973803, 2.443803, 0.96062371, 8),
        Published("case118", 513.862872, 132.862872, 0.943, 76),
        Published("case33bw", 3.917677, 0.202677, 0.91309048, 18),
        new("dc-case9", "DC power flow of case9", Matpower, "grid/case9.m", (path, _) =>
        {
            double[] expected = [0, 9.796019, 5.060560, -2.211159, -3.738091, 2.206657, 0.822441, 3.959011, -4.063400];
            var angles = DcPowerFlow.Solve(PowerNetwork.Build(MatpowerReader.ReadFile(path)));
            return [.. expected.Select((angle, i) => new VerificationCheck($"angle of bus {i + 1}, degrees", angle, angles[i], 1e-6))];
        }),
        new("sweep-case33bw", "Backward/forward sweep of case33bw against Newton's method", Matpower, "grid/case33bw.m", (path, cancellationToken) =>
        {
            var network = PowerNetwork.Build(MatpowerReader.ReadFile(path), cancellationToken);
            var batch = RadialBatch.Run(
                RadialFeeder.Build(network), 1, network.Source.Buses.Select(b => b.ActiveLoad).ToArray(), network.Source.Buses.Select(b => b.ReactiveLoad).ToArray(), 1e-12, cancellationToken: cancellationToken);
            return [new("losses, MW", 0.202677, batch.Losses[0], 1e-6), new("lowest voltage, p.u.", 0.91309048, batch.Magnitude.Min(), 1e-8)];
        }),
    ];

    private static VerificationCase Published(string name, double slack, double losses, double? lowest = null, int bus = 0) =>
        new(name, $"AC power flow of {name}", Matpower, $"grid/{name}.m", (path, cancellationToken) =>
        {
            var network = PowerNetwork.Build(MatpowerReader.ReadFile(path), cancellationToken);
            var result = new NewtonRaphson(network).Solve(new PowerFlowSettings(1e-10), cancellationToken);
            List<VerificationCheck> checks = [new("slack generation, MW", slack, result.SlackActive, 1e-6), new("losses, MW", losses, result.Losses, 1e-6)];
            if (lowest is not null)
            {
                var found = result.LowestVoltage();
                checks.Add(new("lowest voltage, p.u.", lowest.Value, found.Magnitude, 1e-8));
                checks.Add(new("bus of the lowest voltage", bus, network.Source.Buses[found.Bus].Number, 0));
            }

            return checks;
        });

    private static VerificationCase Closed() => new("two-buses", "Angle over a lossless line", "P = V1·V2/X·sin δ (any textbook; Kundur 1994, equation 6.23)", null, (_, cancellationToken) =>
    {
        var source = new PowerCase(
            100,
            [new(1, BusType.Slack, 0, 0, 0, 0, 1, 0, 110, 1.1, 0.9), new(2, BusType.Generator, 50, 0, 0, 0, 1, 0, 110, 1.1, 0.9)],
            [new(1, 0, 0, 999, -999, 1, true, 999, 0), new(2, 0, 0, 999, -999, 1, true, 999, 0)],
            [new(1, 2, 0, 0.4, 0, 0, 0, 0, true)]);
        var result = new NewtonRaphson(PowerNetwork.Build(source, cancellationToken)).Solve(new PowerFlowSettings(1e-12), cancellationToken);
        return [new("angle, degrees", -Math.Asin(0.2) * 180 / Math.PI, result.Angle[1], 1e-9)];
    });
}
