using System.Runtime.Intrinsics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Result of many scenarios on one feeder.</summary>
/// <param name="Buses">Buses of the case.</param>
/// <param name="Magnitude">Voltage magnitudes in p.u., scenario by scenario in the order of the case's buses; NaN without voltage or convergence.</param>
/// <param name="Losses">Active losses of each scenario, MW.</param>
/// <param name="SlackActive">Active power out of the slack in each scenario, MW.</param>
/// <param name="Converged">Whether each scenario met the tolerance.</param>
public sealed record RadialBatchResult(int Buses, double[] Magnitude, double[] Losses, double[] SlackActive, bool[] Converged);

/// <summary>Many scenarios of load on one radial feeder, on all cores. The result does not depend on the number of threads.</summary>
public static class RadialBatch
{
    private const int MaximumSweeps = 100;

    /// <summary>Solves the scenarios.</summary>
    /// <param name="feeder">Feeder.</param>
    /// <param name="scenarios">Number of scenarios.</param>
    /// <param name="active">Active load in MW, scenario by scenario in the order of the case's buses; generation is negative.</param>
    /// <param name="reactive">Reactive load in Mvar, in the same order.</param>
    /// <param name="tolerance">Greatest change of a voltage in the last sweep, p.u.</param>
    /// <param name="threads">Threads to use; all cores where none are named.</param>
    /// <param name="cancellationToken">Ends the batch.</param>
    /// <exception cref="ArgumentException">The loads are not scenarios × buses long.</exception>
    public static RadialBatchResult Run(
        RadialFeeder feeder, int scenarios, ReadOnlyMemory<double> active, ReadOnlyMemory<double> reactive, double tolerance = 1e-10, int threads = 0, CancellationToken cancellationToken = default)
    {
        var buses = feeder.Network.Source.Buses.Count;
        if (active.Length != scenarios * buses || reactive.Length != scenarios * buses)
        {
            throw new ArgumentException($"{scenarios} scenarios of {buses} buses need {scenarios * buses} loads.", nameof(active));
        }

        var result = new RadialBatchResult(buses, new double[scenarios * buses], new double[scenarios], new double[scenarios], new bool[scenarios]);
        Array.Fill(result.Magnitude, double.NaN);
        var groups = (scenarios + LaneComplex.Lanes - 1) / LaneComplex.Lanes;
        using var sweeps = new ThreadLocal<RadialSweep>(() => new RadialSweep(feeder));
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, groups, options, group => Solve(feeder, sweeps.Value!, group * LaneComplex.Lanes, active.Span, reactive.Span, tolerance, result));
        return result;
    }

    private static void Solve(
        RadialFeeder feeder, RadialSweep sweep, int first, ReadOnlySpan<double> active, ReadOnlySpan<double> reactive, double tolerance, RadialBatchResult result)
    {
        var count = Math.Min(LaneComplex.Lanes, result.Losses.Length - first);
        var basePower = feeder.Network.Source.BasePower;
        Span<double> real = stackalloc double[LaneComplex.Lanes], imaginary = stackalloc double[LaneComplex.Lanes];
        for (var i = 0; i < feeder.Bus.Length; i++)
        {
            var bus = feeder.Network.Energised[feeder.Bus[i]];
            for (var lane = 0; lane < LaneComplex.Lanes; lane++)
            {
                // Lanes past the last scenario repeat it, so that they converge with it.
                var at = (first + Math.Min(lane, count - 1)) * result.Buses + bus;
                (real[lane], imaginary[lane]) = (active[at], reactive[at]);
            }

            var scale = Vector512.Create(1 / basePower);
            sweep.Load[i] = new(Vector512.Create<double>(real) * scale, Vector512.Create<double>(imaginary) * scale);
        }

        var met = sweep.Solve(tolerance, MaximumSweeps).AsInt64();
        var source = LaneComplex.All(feeder.SourceVoltage);
        var slack = sweep.SourceCurrent.Real * source.Real + sweep.SourceCurrent.Imaginary * source.Imaginary;
        var losses = slack;
        for (var i = 0; i < feeder.Bus.Length; i++)
        {
            losses -= sweep.Load[i].Real + sweep.Voltage[i].Norm * Vector512.Create(feeder.Shunts[i].Real);
        }

        for (var lane = 0; lane < count; lane++)
        {
            result.Converged[first + lane] = met[lane] != 0;
            result.Losses[first + lane] = losses[lane] * basePower;
            result.SlackActive[first + lane] = slack[lane] * basePower;
        }

        for (var i = 0; i < feeder.Bus.Length; i++)
        {
            var magnitude = Vector512.Sqrt(sweep.Voltage[i].Norm);
            var bus = feeder.Network.Energised[feeder.Bus[i]];
            for (var lane = 0; lane < count; lane++)
            {
                result.Magnitude[(first + lane) * result.Buses + bus] = met[lane] != 0 ? magnitude[lane] : double.NaN;
            }
        }
    }
}
