using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LivingCity.Twin.Models.Numerics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>
/// AC power flow by Newton's method in polar form (Tinney and Hart 1967). Each bus is a 2 × 2 block with the unknowns angle and relative magnitude; a generator bus keeps its block with the
/// identity in place of the reactive equation, so the pattern of the factors outlives scenarios, set points and reactive limits. Storage is made once; solving again allocates nothing.
/// Not thread safe: one for each thread, over a shared <see cref="PowerNetwork"/>.
/// </summary>
public sealed class NewtonRaphson
{
    private readonly PowerNetwork _network;
    private readonly BlockSparseLu _factors;
    private readonly Vector128<double>[] _step;
    private readonly Complex[] _flow;
    private readonly bool[] _holdsVoltage;

    /// <summary>Makes the storage for a network.</summary>
    public NewtonRaphson(PowerNetwork network)
    {
        _network = network;
        _factors = new BlockSparseLu(network.Pattern);
        _step = new Vector128<double>[network.Pattern.Size];
        _flow = new Complex[network.Size];
        _holdsVoltage = new bool[network.Size];
        Injection = network.Injections();
        Voltage = new Complex[network.Size];
    }

    /// <summary>Power put into each energised bus, p.u.; a scenario changes it before <see cref="Iterate"/>.</summary>
    public Complex[] Injection { get; }

    /// <summary>Voltage of each energised bus, p.u.</summary>
    public Complex[] Voltage { get; }

    /// <summary>Newton steps of the last solution.</summary>
    public int Iterations { get; private set; }

    /// <summary>Greatest mismatch of the last solution, p.u.</summary>
    public double Mismatch { get; private set; }

    internal Complex[] Flow => _flow;

    /// <summary>Solves the case as it stands and gives the whole result.</summary>
    public PowerFlowResult Solve(PowerFlowSettings settings, CancellationToken cancellationToken = default)
    {
        Start(settings.Start);
        var converged = Iterate(settings.Tolerance, settings.MaximumIterations, cancellationToken);
        List<int> atLimit = [];
        Complex[] given = settings.EnforceReactiveLimits ? [.. Injection] : [];
        while (converged && settings.EnforceReactiveLimits && ReactiveLimits.Enforce(_network, this, _holdsVoltage, atLimit))
        {
            converged = Iterate(settings.Tolerance, settings.MaximumIterations, cancellationToken);
        }

        given.CopyTo(Injection, 0);
        return PowerFlowReport.Make(_network, Voltage, _flow, converged, Iterations, Mismatch, atLimit);
    }

    /// <summary>Sets the voltages that the next solution starts from, and which buses hold their voltage.</summary>
    public void Start(PowerFlowStart start)
    {
        var angles = start == PowerFlowStart.Dc ? DcPowerFlow.Angles(_network) : null;
        var slack = _network.Source.Buses[_network.Energised[Array.IndexOf(_network.Types, BusType.Slack)]].VoltageAngle;
        for (var i = 0; i < Voltage.Length; i++)
        {
            var bus = _network.Source.Buses[_network.Energised[i]];
            _holdsVoltage[i] = _network.Types[i] != BusType.Load;
            var magnitude = _holdsVoltage[i] ? _network.SetPoints[i] : start == PowerFlowStart.Case && bus.VoltageMagnitude > 0 ? bus.VoltageMagnitude : 1;
            var angle = _network.Types[i] == BusType.Slack || start == PowerFlowStart.Case ? bus.VoltageAngle : angles is null ? slack : angles[i];
            Voltage[i] = Complex.FromPolarCoordinates(magnitude, angle * Math.PI / 180);
        }
    }

    /// <summary>Newton steps from the present voltages until the tolerance (p.u.) is met.</summary>
    /// <returns>False where it was not met, or the Jacobian became singular.</returns>
    public bool Iterate(double tolerance, int maximumIterations, CancellationToken cancellationToken = default)
    {
        for (Iterations = 0; ; Iterations++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Mismatch = EvaluateMismatch();
            if (Mismatch <= tolerance)
            {
                return true;
            }

            if (Iterations == maximumIterations || !double.IsFinite(Mismatch) || !SolveStep(cancellationToken))
            {
                return false;
            }

            Update();
        }
    }

    private double EvaluateMismatch()
    {
        var admittance = _network.Admittance;
        var greatest = 0.0;
        for (var i = 0; i < _flow.Length; i++)
        {
            var current = admittance.Diagonal[i] * Voltage[i];
            for (var p = admittance.Start[i]; p < admittance.Start[i + 1]; p++)
            {
                current += admittance.Value[p] * Voltage[admittance.Column[p]];
            }

            var flow = Voltage[i] * Complex.Conjugate(current);
            _flow[i] = flow;
            var unknown = _network.UnknownOf[i];
            if (unknown >= 0)
            {
                var active = Injection[i].Real - flow.Real;
                var reactive = _holdsVoltage[i] ? 0 : Injection[i].Imaginary - flow.Imaginary;
                _step[unknown] = Vector128.Create(active, reactive);
                // Written so that a NaN is taken over, not lost.
                greatest = Math.Abs(active) <= greatest ? greatest : Math.Abs(active);
                greatest = Math.Abs(reactive) <= greatest ? greatest : Math.Abs(reactive);
            }
        }

        return greatest;
    }

    private bool SolveStep(CancellationToken cancellationToken)
    {
        if (!FactoriseJacobian(cancellationToken))
        {
            return SolvePivoting();
        }

        _factors.Solve(_step);
        return true;
    }

    private bool FactoriseJacobian(CancellationToken cancellationToken)
    {
        for (var step = 0; step < _step.Length; step++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                _factors.Reset();
                cancellationToken.ThrowIfCancellationRequested();
            }

            WriteRow(step);
            if (!_factors.EliminateRow(step))
            {
                _factors.Reset();
                return false;
            }
        }

        return true;
    }

    // The blocks on the diagonal can be tiny where reactances of both signs meet, as with series capacitors.
    private bool SolvePivoting()
    {
        var columns = new List<(int Row, double Value)>[2 * _step.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = [];
        }

        for (var step = 0; step < _step.Length; step++)
        {
            WriteRow(step);
            foreach (var column in _factors.Pattern.ColumnsOf(step))
            {
                var block = _factors.Work[column];
                _factors.Work[column] = default;
                for (var k = 0; k < 4; k++)
                {
                    if (block[k] != 0)
                    {
                        columns[2 * column + k % 2].Add((2 * step + k / 2, block[k]));
                    }
                }
            }
        }

        if (PivotingLu.Factorise(columns) is not { } factors)
        {
            return false;
        }

        factors.Solve(MemoryMarshal.Cast<Vector128<double>, double>(_step.AsSpan()));
        return true;
    }

    // With S_ij = V_i·conj(Y_ij·V_j): ∂P_i/∂θ_j = Im S_ij, ∂Q_i/∂θ_j = −Re S_ij, and for relative magnitudes ∂P_i/∂ln V_j = Re S_ij, ∂Q_i/∂ln V_j = Im S_ij.
    private void WriteRow(int step)
    {
        var admittance = _network.Admittance;
        var work = _factors.Work;
        var i = _network.BusOfStep[step];
        var voltage = Voltage[i];
        var holds = _holdsVoltage[i];
        for (var p = admittance.Start[i]; p < admittance.Start[i + 1]; p++)
        {
            var j = admittance.Column[p];
            var unknown = _network.UnknownOf[j];
            if (unknown >= 0)
            {
                var s = voltage * Complex.Conjugate(admittance.Value[p] * Voltage[j]);
                var column = _holdsVoltage[j] ? 0.0 : 1.0;
                work[unknown] = holds
                    ? Vector256.Create(s.Imaginary, s.Real * column, 0, 0)
                    : Vector256.Create(s.Imaginary, s.Real * column, -s.Real, s.Imaginary * column);
            }
        }

        var own = Complex.Conjugate(admittance.Diagonal[i]) * (voltage.Real * voltage.Real + voltage.Imaginary * voltage.Imaginary);
        var flow = _flow[i];
        work[step] = holds
            ? Vector256.Create(own.Imaginary - flow.Imaginary, 0, 0, 1)
            : Vector256.Create(own.Imaginary - flow.Imaginary, flow.Real + own.Real, flow.Real - own.Real, flow.Imaginary + own.Imaginary);
    }

    private void Update()
    {
        for (var i = 0; i < Voltage.Length; i++)
        {
            var unknown = _network.UnknownOf[i];
            if (unknown >= 0)
            {
                var (sine, cosine) = Math.SinCos(_step[unknown][0]);
                Voltage[i] *= new Complex(cosine, sine) * (1 + _step[unknown][1]);
            }
        }
    }
}
