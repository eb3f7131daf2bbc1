namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Flow over one branch: MW and Mvar into it at both ends, and the share of its rating (NaN where it has none).</summary>
public readonly record struct BranchFlow(double FromActive, double FromReactive, double ToActive, double ToReactive, double Loading)
{
    /// <summary>Active losses, MW.</summary>
    public double Losses => FromActive + ToActive;
}

/// <summary>Voltages and flows of a network. Arrays follow the buses and branches of the case; NaN where there is no voltage, zero flow where a branch is off.</summary>
/// <param name="Converged">Whether the tolerance was met; the figures of a run that did not converge mean nothing.</param>
/// <param name="Iterations">Newton steps or sweeps taken.</param>
/// <param name="Mismatch">Greatest power mismatch left, p.u.</param>
/// <param name="Magnitude">Voltage magnitudes, p.u.</param>
/// <param name="Angle">Voltage angles, degrees.</param>
/// <param name="Flows">Branch flows.</param>
/// <param name="Losses">Active losses of all branches, MW.</param>
/// <param name="SlackActive">Active power that the slack buses generate, MW.</param>
/// <param name="SlackReactive">Reactive power that the slack buses generate, Mvar.</param>
/// <param name="AtReactiveLimit">Numbers of the buses held at a reactive limit.</param>
public sealed record PowerFlowResult(
    bool Converged,
    int Iterations,
    double Mismatch,
    IReadOnlyList<double> Magnitude,
    IReadOnlyList<double> Angle,
    IReadOnlyList<BranchFlow> Flows,
    double Losses,
    double SlackActive,
    double SlackReactive,
    IReadOnlyList<int> AtReactiveLimit)
{
    /// <summary>Lowest voltage (p.u.) and its place among the buses of the case.</summary>
    public (double Magnitude, int Bus) LowestVoltage() => Magnitude.Select((v, i) => (v, i)).Where(p => !double.IsNaN(p.v)).Min();
}
