namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Kind of bus in a power flow (MATPOWER manual, table B-1).</summary>
public enum BusType
{
    Load = 1,
    Generator = 2,
    Slack = 3,
    Isolated = 4,
}

/// <summary>One bus. Powers in MW and Mvar, voltages in per unit of <paramref name="BaseVoltage"/> (kV), angles in degrees; shunts are MW and Mvar drawn and injected at 1 p.u.</summary>
public sealed record Bus(
    int Number,
    BusType Type,
    double ActiveLoad,
    double ReactiveLoad,
    double ShuntConductance,
    double ShuntSusceptance,
    double VoltageMagnitude,
    double VoltageAngle,
    double BaseVoltage,
    double MaximumVoltage,
    double MinimumVoltage,
    int Area = 1);

/// <summary>One generator. Powers in MW and Mvar, set point in p.u.</summary>
public sealed record Generator(
    int Bus, double ActivePower, double ReactivePower, double MaximumReactive, double MinimumReactive, double VoltageSetPoint, bool InService, double MaximumActive, double MinimumActive);

/// <summary>One line or transformer: impedance and total charging in p.u., rating in MVA (0 means none), ratio off nominal at the from end (0 means a line), shift in degrees.</summary>
public sealed record Branch(
    int From, int To, double Resistance, double Reactance, double Charging, double Rating, double Ratio, double Shift, bool InService);

/// <summary>A network as a case file describes it. Bus numbers are names: they need not be consecutive.</summary>
/// <param name="BasePower">Power base, MVA.</param>
/// <param name="Buses">Buses.</param>
/// <param name="Generators">Generators, several on one bus allowed.</param>
/// <param name="Branches">Branches, parallel ones allowed.</param>
public sealed record PowerCase(double BasePower, IReadOnlyList<Bus> Buses, IReadOnlyList<Generator> Generators, IReadOnlyList<Branch> Branches);
