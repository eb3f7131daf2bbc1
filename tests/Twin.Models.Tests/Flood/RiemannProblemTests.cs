using LivingCity.Twin.Models.Flood;

namespace LivingCity.Twin.Models.Tests.Flood;

/// <summary>The five dam-break problems of Toro (2001), "Shock-Capturing Methods for Free-Surface Shallow Flows", against the exact solution of the Riemann problem, dry beds included.</summary>
public sealed class RiemannProblemTests
{
    [Theory]
    [InlineData(1, 2.5, 0.1, 0, 7, 0.01)]
    [InlineData(1, -5, 1, 5, 2.5, 0.01)]
    [InlineData(1, 0, 0, 0, 4, 0.005)]
    [InlineData(0, 0, 1, 0, 4, 0.005)]
    [InlineData(0.1, -3, 0.1, 3, 5, 0.002)]
    public void Run_ToroProblem_FollowsTheExactSolution(double leftDepth, double leftSpeed, double rightDepth, double rightSpeed, double time, double tolerance)
    {
        // The window of 50 m is that of the book; the channel is longer, so that its walls are not felt.
        const double Cell = 0.1, Half = 60;
        const int Columns = (int)(2 * Half / Cell);
        var terrain = FloodCases.Terrain(Columns, 3, Cell, (_, _) => 0);

        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Roughness = [0],
            Duration = time,
            Scheme = FloodScheme.FiniteVolume,
            InitialDepth = FloodCases.Depths(terrain, (x, _) => x < Half ? leftDepth : rightDepth),
            InitialVelocity = cell => (cell % Columns * Cell < Half ? leftSpeed : rightSpeed, 0),
        });

        var exact = new ShallowRiemannProblem(leftDepth, leftSpeed, rightDepth, rightSpeed);
        var pairs = FloodCases.Profile(result).Select((h, i) => (Found: h, At: (i + 0.5) * Cell - Half)).Where(p => Math.Abs(p.At) < 20)
            .Select(p => (p.Found, Expected: exact.Depth(p.At / time))).ToList();
        var error = pairs.Average(p => Math.Abs(p.Found - p.Expected));
        Assert.True(error <= tolerance, $"mean error {error} m");
        Assert.All(result.Depth.Values, h => Assert.True(h >= 0));
        Assert.True(Math.Abs(result.Balance.RelativeError) < 1e-12);
    }
}

/// <summary>Exact solution of the Riemann problem of the shallow-water equations over a flat bed (Toro 2001, chapters 5 and 6).</summary>
internal sealed class ShallowRiemannProblem
{
    private const double Gravity = 9.80665;

    private readonly (double H, double U, double C) _left;
    private readonly (double H, double U, double C) _right;
    private readonly bool _dry;
    private readonly double _middle;
    private readonly double _speed;

    public ShallowRiemannProblem(double leftDepth, double leftSpeed, double rightDepth, double rightSpeed)
    {
        (_left, _right) = ((leftDepth, leftSpeed, Celerity(leftDepth)), (rightDepth, rightSpeed, Celerity(rightDepth)));
        _dry = leftDepth == 0 || rightDepth == 0 || rightSpeed - leftSpeed >= 2 * (_left.C + _right.C);
        double low = 0, high = 20;
        for (var i = 0; i < 200 && !_dry; i++)
        {
            _middle = (low + high) / 2;
            (low, high) = Change(_middle, leftDepth) + Change(_middle, rightDepth) + rightSpeed - leftSpeed > 0 ? (low, _middle) : (_middle, high);
        }

        _speed = (leftSpeed + rightSpeed + Change(_middle, rightDepth) - Change(_middle, leftDepth)) / 2;
    }

    /// <summary>Depth where x/t has a value.</summary>
    public double Depth(double ray)
    {
        if (_dry)
        {
            return _left.H > 0 && ray <= _left.U + 2 * _left.C ? OnSide(ray, _left, double.NegativeInfinity)
                : _right.H > 0 && ray >= _right.U - 2 * _right.C ? OnSide(-ray, (_right.H, -_right.U, _right.C), double.NegativeInfinity)
                : 0;
        }

        return ray <= _speed ? OnSide(ray, _left, _speed) : OnSide(-ray, (_right.H, -_right.U, _right.C), -_speed);
    }

    // The wave on the left of the contact; the right one is its mirror image. Without a middle state the fan runs down to dry land.
    private double OnSide(double ray, (double H, double U, double C) side, double speed)
    {
        var reached = double.IsNegativeInfinity(speed);
        if (!reached && _middle > side.H)
        {
            return ray <= side.U - side.C * Math.Sqrt((_middle + side.H) * _middle / (2 * side.H * side.H)) ? side.H : _middle;
        }

        var tail = reached ? side.U + 2 * side.C : speed - Celerity(_middle);
        return ray <= side.U - side.C ? side.H : ray >= tail ? (reached ? 0 : _middle) : Math.Pow((side.U + 2 * side.C - ray) / 3, 2) / Gravity;
    }

    // What a side's wave takes from the velocity on its way to the middle depth.
    private static double Change(double middle, double side) => middle <= side
        ? 2 * (Celerity(middle) - Celerity(side))
        : (middle - side) * Math.Sqrt(Gravity * (middle + side) / (2 * middle * side));

    private static double Celerity(double depth) => Math.Sqrt(Gravity * depth);
}
