namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Voltages that an iteration starts from.</summary>
public enum PowerFlowStart
{
    /// <summary>The voltages in the case, magnitudes of generator buses at their set points.</summary>
    Case,

    /// <summary>Set points where there are any, else 1 p.u., all at the angle of the slack.</summary>
    Flat,

    /// <summary>Flat magnitudes with the angles of the DC power flow.</summary>
    Dc,
}

/// <summary>How a power flow is solved.</summary>
/// <param name="Tolerance">Greatest power mismatch at any bus, p.u.</param>
/// <param name="MaximumIterations">Newton steps before it is given up.</param>
/// <param name="EnforceReactiveLimits">
/// Whether generator buses that leave their reactive limits are held at the limit and give up their voltage: all violators at once, then solved again, as MATPOWER's option 1 does.
/// Slack buses keep their voltage.
/// </param>
/// <param name="Start">Voltages to start from.</param>
public sealed record PowerFlowSettings(double Tolerance = 1e-8, int MaximumIterations = 20, bool EnforceReactiveLimits = false, PowerFlowStart Start = PowerFlowStart.Case);
