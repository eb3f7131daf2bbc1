using System.Numerics;
using System.Runtime.Intrinsics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>
/// Backward and forward sweep over a radial feeder (Shirmohammadi et al. 1988, IEEE Transactions on Power Systems 3), eight scenarios side by side in the lanes of vector registers.
/// Not thread safe: one for each thread, over a shared <see cref="RadialFeeder"/>.
/// </summary>
internal sealed class RadialSweep(RadialFeeder feeder)
{
    private readonly LaneComplex[] _current = new LaneComplex[feeder.Bus.Length];
    private readonly LaneComplex[] _series = new LaneComplex[feeder.Bus.Length];

    /// <summary>Power drawn at each place, p.u.</summary>
    public LaneComplex[] Load { get; } = new LaneComplex[feeder.Bus.Length];

    /// <summary>Voltage at each place, p.u.</summary>
    public LaneComplex[] Voltage { get; } = new LaneComplex[feeder.Bus.Length];

    /// <summary>Current out of the slack, p.u.</summary>
    public LaneComplex SourceCurrent => _current[0];

    /// <summary>Sweeps from a flat start until no voltage changes by more than the tolerance (p.u.).</summary>
    /// <returns>The lanes that met the tolerance, as a mask: a scenario without a solution does not take its neighbours along.</returns>
    public Vector512<double> Solve(double tolerance, int maximumSweeps)
    {
        Array.Fill(Voltage, LaneComplex.All(feeder.SourceVoltage));
        var met = Vector512<double>.Zero;
        for (var sweep = 1; sweep <= maximumSweeps; sweep++)
        {
            Backward();
            // A voltage that is no number any more compares as not met.
            met = Vector512.LessThanOrEqual(Forward(), Vector512.Create(tolerance * tolerance));
            if (Vector512.EqualsAll(met.AsInt64(), Vector512<long>.AllBitsSet))
            {
                break;
            }
        }

        return met;
    }

    private void Backward()
    {
        for (var i = 0; i < _current.Length; i++)
        {
            var shunt = feeder.Shunts[i];
            var current = LaneComplex.Current(Load[i], Voltage[i]);
            _current[i] = shunt == Complex.Zero ? current : current + Voltage[i] * shunt;
        }

        for (var i = _current.Length - 1; i > 0; i--)
        {
            ref readonly var segment = ref feeder.Segments[i];
            var parent = feeder.Parent[i];
            if (segment.IsPlain)
            {
                _series[i] = _current[i];
                _current[parent] += _current[i];
                continue;
            }

            var charging = new Complex(0, segment.HalfCharging);
            _series[i] = _current[i] * Complex.Conjugate(segment.FedTap) + Voltage[i] * (charging / segment.FedTap);
            var feeding = _series[i] + Voltage[parent] * (charging / segment.FeedingTap);
            _current[parent] += feeding * (1 / Complex.Conjugate(segment.FeedingTap));
        }
    }

    private Vector512<double> Forward()
    {
        var greatest = Vector512<double>.Zero;
        for (var i = 1; i < _current.Length; i++)
        {
            ref readonly var segment = ref feeder.Segments[i];
            var voltage = segment.IsPlain
                ? Voltage[feeder.Parent[i]] - _series[i] * segment.Impedance
                : (Voltage[feeder.Parent[i]] * (1 / segment.FeedingTap) - _series[i] * segment.Impedance) * segment.FedTap;
            greatest = Vector512.Max(greatest, (voltage - Voltage[i]).Norm);
            Voltage[i] = voltage;
        }

        return greatest;
    }
}
