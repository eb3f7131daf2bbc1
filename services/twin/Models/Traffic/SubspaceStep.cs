using System.Numerics.Tensors;

namespace LivingCity.Twin.Models.Traffic;

/// <summary>
/// Goes further where a pass over the bushes leads: minimises Beckmann's objective, to second order, in the plane of the last pass and the step before it. That makes the passes the preconditioner of conjugate gradients (the
/// locally optimal form of Knyazev 2001, SIAM Journal on Scientific Computing 23, 517–541), for which stiff links that many origins share are no obstacle.
/// </summary>
/// <param name="bushes">Bushes; their links stay as they are as long as this object lives.</param>
/// <param name="times">Flows and times of all links, in step with the bushes.</param>
/// <param name="fixedCost">For each class the cost of each link besides time.</param>
/// <param name="from">Tail of each link.</param>
/// <param name="nodes">Number of nodes.</param>
internal sealed class SubspaceStep(Bush[] bushes, LinkTimes times, double[][] fixedCost, int[] from, int nodes)
{
    // In flow by bush: before the pass, after it, and the step of the time before.
    private readonly double[][] _before = [.. bushes.Select(b => new double[b.Flow.Length])];
    private readonly double[][] _after = [.. bushes.Select(b => new double[b.Flow.Length])];
    private readonly double[][] _step = [.. bushes.Select(b => new double[b.Flow.Length])];
    private readonly double[] _passOfLink = new double[times.Flow.Length];
    private readonly double[] _stepOfLink = new double[times.Flow.Length];
    private readonly double[] _through = new double[nodes];

    /// <summary>Notes the flows before a pass.</summary>
    public void Remember() => Copy(_before);

    /// <summary>Goes on after a pass, or leaves the flows as the pass made them where that would not lower the objective. Cancelled, the flows are not to be used.</summary>
    public void Extend(CancellationToken cancellationToken)
    {
        Copy(_after);
        var (a, b, expected) = Minimise(cancellationToken);
        if (expected < 0 && double.IsFinite(expected))
        {
            for (var i = 0; i < bushes.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Move(i, a, b);
            }

            times.Recount(bushes);
            // The objective is convex: as long as it does not rise half as steeply at the end as it fell at the start it is lower there.
            if (!(Slope() <= -0.5 * expected))
            {
                for (var i = 0; i < bushes.Length; i++)
                {
                    _after[i].CopyTo(bushes[i].Flow, 0);
                }

                times.Recount(bushes);
            }
        }

        for (var i = 0; i < bushes.Length; i++)
        {
            TensorPrimitives.Subtract(bushes[i].Flow, _before[i], _step[i]);
        }
    }

    private void Copy(double[][] target)
    {
        for (var i = 0; i < bushes.Length; i++)
        {
            bushes[i].Flow.CopyTo(target[i], 0);
        }
    }

    // Factors of the pass and of the step for the least objective, and the slope of the objective along that way.
    private (double Pass, double Step, double Expected) Minimise(CancellationToken cancellationToken)
    {
        var (slopePass, slopeStep) = Project(cancellationToken);
        double passPass = 0, passStep = 0, stepStep = 0;
        for (var link = 0; link < _passOfLink.Length; link++)
        {
            double p = _passOfLink[link], s = _stepOfLink[link], derivative = times.Derivative[link];
            slopePass += times.Time[link] * p;
            slopeStep += times.Time[link] * s;
            passPass += derivative * p * p;
            passStep += derivative * p * s;
            stepStep += derivative * s * s;
        }

        var determinant = passPass * stepStep - passStep * passStep;
        var (a, b) = determinant > 1e-10 * passPass * stepStep
            ? ((passStep * slopeStep - stepStep * slopePass) / determinant, (passStep * slopePass - passPass * slopeStep) / determinant)
            : (passPass > 0 ? -slopePass / passPass : 0, 0);
        return (a, b, a * slopePass + b * slopeStep);
    }

    // Changes by link; what fixed costs make of the slopes.
    private (double Pass, double Step) Project(CancellationToken cancellationToken)
    {
        Array.Clear(_passOfLink);
        Array.Clear(_stepOfLink);
        double pass = 0, step = 0;
        for (var i = 0; i < bushes.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double[] flow = bushes[i].Flow, cost = fixedCost[bushes[i].Class], before = _before[i], last = _step[i];
            for (var e = 0; e < flow.Length; e++)
            {
                double p = flow[e] - before[e], s = last[e];
                var link = bushes[i].Link[e];
                _passOfLink[link] += p;
                _stepOfLink[link] += s;
                pass += cost[link] * p;
                step += cost[link] * s;
            }
        }

        return (pass, step);
    }

    // Flows below zero are cut, and each node is brought what leaves it and ends there, in the shares that its entering links would then have.
    private void Move(int i, double a, double b)
    {
        var bush = bushes[i];
        double[] flow = bush.Flow, before = _before[i], last = _step[i], after = _after[i];
        Array.Clear(_through);
        for (var e = 0; e < flow.Length; e++)
        {
            _through[from[bush.Link[e]]] -= flow[e];
        }

        for (var place = bush.Order.Length - 1; place > 0; place--)
        {
            int begin = bush.Start[place], end = bush.Start[place + 1];
            double arrived = 0, wanted = 0;
            for (var e = begin; e < end; e++)
            {
                arrived += after[e];
                flow[e] = Math.Max(0, after[e] + a * (after[e] - before[e]) + b * last[e]);
                wanted += flow[e];
            }

            var needed = Math.Max(0, arrived + _through[bush.Order[place]]);
            for (var e = begin; e < end; e++)
            {
                flow[e] = wanted > 0 ? flow[e] * (needed / wanted) : arrived > 0 ? after[e] * (needed / arrived) : e == begin ? needed : 0;
                _through[from[bush.Link[e]]] += flow[e];
            }
        }
    }

    // Slope of the objective at the end of the way taken.
    private double Slope()
    {
        double slope = 0;
        for (var i = 0; i < bushes.Length; i++)
        {
            var cost = fixedCost[bushes[i].Class];
            for (var e = 0; e < bushes[i].Flow.Length; e++)
            {
                var link = bushes[i].Link[e];
                slope += (bushes[i].Flow[e] - _after[i][e]) * (times.Time[link] + cost[link]);
            }
        }

        return slope;
    }
}
