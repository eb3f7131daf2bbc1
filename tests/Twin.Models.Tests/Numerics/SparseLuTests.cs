using FsCheck;
using FsCheck.Fluent;
using LivingCity.Twin.Models.Numerics;
using LivingCity.Twin.Models.PowerGrid;

namespace LivingCity.Twin.Models.Tests.Numerics;

public sealed class SparseLuTests
{
    [Fact]
    public void Solve_AnySparseMatrixWithAnEmptyDiagonal_LeavesNoResidual() =>
        Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var size = random.Next(1, 60);
            var columns = Permuted(size, random);
            double[] right = [.. Enumerable.Range(0, size).Select(_ => random.NextDouble() - 0.5)], solution = [.. right];
            PivotingLu.Factorise(columns)!.Solve(solution);
            double[] residual = [.. right];
            for (var column = 0; column < size; column++)
            {
                columns[column].ForEach(entry => residual[entry.Row] -= entry.Value * solution[column]);
            }

            return residual.Max(Math.Abs) < 1e-8 * (1 + solution.Max(Math.Abs));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Factorise_SingularMatrix_SaysSo() =>
        Assert.Null(PivotingLu.Factorise([[(0, 1.0), (1, 2.0)], [(0, 2.0), (1, 4.0)]]));

    [Fact]
    public void DcAngles_ReactancesThatCancelOnTheDiagonal_AreSolvedWithPivoting()
    {
        var angles = DcPowerFlow.Solve(PowerNetwork.Build(SeriesCapacitor()));

        // All 0.5 p.u. take the way without reactance, and 0.1 p.u. of it lie before bus 2.
        Assert.Equal(-0.05 * 180 / Math.PI, angles[1], 1e-10);
        Assert.Equal(0, angles[2], 1e-10);
    }

    [Fact]
    public void NewtonRaphson_ReactancesThatCancelOnTheDiagonal_AreSolvedWithPivoting()
    {
        var result = new NewtonRaphson(PowerNetwork.Build(SeriesCapacitor())).Solve(new(1e-12, Start: PowerFlowStart.Flat));

        // No impedance lies between buses 1 and 3, so their voltages are one; at bus 2 it is 1 − j·0.1·(0.5 − j·0.2).
        Assert.True(result.Converged);
        Assert.Equal(1, result.Magnitude[2], 1e-10);
        Assert.Equal(Math.Sqrt(0.98 * 0.98 + 0.05 * 0.05), result.Magnitude[1], 1e-10);
        Assert.Equal(50, result.SlackActive, 1e-8);
    }

    // A fully compensated line beside an ordinary one: the diagonal entry of bus 2 vanishes, the matrix is regular.
    private static PowerCase SeriesCapacitor() => new(
        100,
        [new(1, BusType.Slack, 0, 0, 0, 0, 1, 0, 110, 1.1, 0.9), new(2, BusType.Load, 0, 0, 0, 0, 1, 0, 110, 1.1, 0.9), new(3, BusType.Load, 50, 20, 0, 0, 1, 0, 110, 1.1, 0.9)],
        [new(1, 0, 0, 999, -999, 1, true, 999, 0)],
        [new(1, 2, 0, 0.1, 0, 0, 0, 0, true), new(2, 3, 0, -0.1, 0, 0, 0, 0, true), new(1, 3, 0, 0.2, 0, 0, 0, 0, true)]);

    // A permutation without a fixed point keeps it regular; a few small entries fill it in.
    private static List<(int Row, double Value)>[] Permuted(int size, Random random)
    {
        int[] rows = [.. Enumerable.Range(0, size)];
        random.Shuffle(rows);
        var columns = new List<(int Row, double Value)>[size];
        for (var column = 0; column < size; column++)
        {
            columns[column] = [(rows[column], 5 + random.NextDouble())];
            foreach (var row in Enumerable.Range(0, 3).Select(_ => random.Next(size)).Distinct().Where(row => row != rows[column] && row != column))
            {
                columns[column].Add((row, random.NextDouble() - 0.5));
            }
        }

        return columns;
    }
}
