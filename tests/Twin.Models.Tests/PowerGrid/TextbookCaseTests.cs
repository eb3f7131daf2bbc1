using LivingCity.Twin.Models.PowerGrid;

namespace LivingCity.Twin.Models.Tests.PowerGrid;

/// <summary>Small cases whose solutions stand in textbooks, and elements whose effect has a closed form.</summary>
public sealed class TextbookCaseTests
{
    private static readonly PowerFlowSettings Tight = new(1e-12);

    [Fact]
    public void Solve_GraingerAndStevensonFourBuses_GivesTheirVoltages()
    {
        // Grainger and Stevenson (1994), "Power System Analysis", example 9.2 (case4gs of MATPOWER): P and Q in MW and Mvar.
        var source = MatpowerReader.Read(
            """
            mpc.version = '2';
            mpc.baseMVA = 100;
            mpc.bus = [
              1 3  50  30.99 0 0 1 1 0 230 1 1.1 0.9;
              2 1 170 105.35 0 0 1 1 0 230 1 1.1 0.9;
              3 1 200 123.94 0 0 1 1 0 230 1 1.1 0.9;
              4 2  80  49.58 0 0 1 1 0 230 1 1.1 0.9;
            ];
            mpc.gen = [
              4 318 0 100 -100 1.02 100 1 318 0;
              1   0 0 100 -100 1    100 1   0 0;
            ];
            mpc.branch = [
              1 2 0.01008 0.0504 0.1025 250 250 250 0 0 1 -360 360;
              1 3 0.00744 0.0372 0.0775 250 250 250 0 0 1 -360 360;
              2 4 0.00744 0.0372 0.0775 250 250 250 0 0 1 -360 360;
              3 4 0.01272 0.0636 0.1275 250 250 250 0 0 1 -360 360;
            ];
            """);

        var result = new NewtonRaphson(PowerNetwork.Build(source)).Solve(Tight);

        AssertClose([1, 0.98242, 0.96900, 1.02], result.Magnitude, 1e-5);
        AssertClose([0, -0.976, -1.872, 1.523], result.Angle, 1e-3);
        Assert.Equal(186.81, result.SlackActive, 0.01);
        Assert.Equal(114.50, result.SlackReactive, 0.01);
    }

    [Fact]
    public void Solve_StaggAndElAbiadFiveBuses_GivesTheirVoltages()
    {
        // Stagg and El-Abiad (1968), "Computer Methods in Power System Analysis", chapter 8: found there by Gauss's and Seidel's method to four digits.
        var source = MatpowerReader.Read(
            """
            mpc.baseMVA = 100;
            mpc.bus = [
              1 3  0  0 0 0 1 1 0 110 1 1.1 0.9;
              2 1 20 10 0 0 1 1 0 110 1 1.1 0.9;
              3 1 45 15 0 0 1 1 0 110 1 1.1 0.9;
              4 1 40  5 0 0 1 1 0 110 1 1.1 0.9;
              5 1 60 10 0 0 1 1 0 110 1 1.1 0.9;
            ];
            mpc.gen = [ 1 0 0 Inf -Inf 1.06 100 1 Inf -Inf; 2 40 30 30 30 1 100 1 40 0 ];
            mpc.branch = [
              1 2 0.02 0.06 0.06 0 0 0 0 0 1
              1 3 0.08 0.24 0.05 0 0 0 0 0 1
              2 3 0.06 0.18 0.04 0 0 0 0 0 1
              2 4 0.06 0.18 0.04 0 0 0 0 0 1
              2 5 0.04 0.12 0.03 0 0 0 0 0 1
              3 4 0.01 0.03 0.02 0 0 0 0 0 1
              4 5 0.08 0.24 0.05 0 0 0 0 0 1
            ];
            """);

        var result = new NewtonRaphson(PowerNetwork.Build(source)).Solve(Tight);

        double[] real = [1.06, 1.04623, 1.02036, 1.01920, 1.01211], imaginary = [0, -0.05126, -0.08917, -0.09504, -0.10904];
        AssertClose(real, [.. result.Magnitude.Zip(result.Angle, (v, a) => v * Math.Cos(a * Math.PI / 180))], 1e-4);
        AssertClose(imaginary, [.. result.Magnitude.Zip(result.Angle, (v, a) => v * Math.Sin(a * Math.PI / 180))], 1e-4);
    }

    [Theory]
    [InlineData(0.95, 0)]
    [InlineData(1.05, 30)]
    [InlineData(0, -10)]
    public void Solve_UnloadedTransformer_ShowsItsRatioAndShift(double ratio, double shift)
    {
        // MATPOWER manual, section 3.2: the ideal transformer stands at the from end, so without load V_to = V_from/(τ·e^(jθ)).
        var source = TwoBuses(0, new(1, 2, 0.01, 0.1, 0, 0, ratio, shift, true));

        var result = new NewtonRaphson(PowerNetwork.Build(source)).Solve(Tight);

        Assert.Equal(1.03 / (ratio == 0 ? 1 : ratio), result.Magnitude[1], 1e-10);
        Assert.Equal(-shift, result.Angle[1], 1e-9);
    }

    [Fact]
    public void Solve_PhaseShifterBesideALine_DrivesTheCirculatingPower()
    {
        // Two parallel reactances x between buses held at 1 p.u.; a shift θ in one of them drives sin(θ/2)·2/(2x)·cos(θ/2) around where nothing is drawn: half of sin θ/x.
        const double Shift = 12, Reactance = 0.2;
        var source = new PowerCase(
            100,
            [new(1, BusType.Slack, 0, 0, 0, 0, 1, 0, 110, 1.1, 0.9), new(2, BusType.Generator, 0, 0, 0, 0, 1, 0, 110, 1.1, 0.9)],
            [new(1, 0, 0, 999, -999, 1, true, 999, 0), new(2, 0, 0, 999, -999, 1, true, 999, 0)],
            [new(1, 2, 0, Reactance, 0, 0, 0, 0, true), new(1, 2, 0, Reactance, 0, 0, 0, Shift, true)]);

        var result = new NewtonRaphson(PowerNetwork.Build(source)).Solve(Tight);

        // Both carry the same, in opposite directions: the angle between the buses is half the shift.
        var expected = 100 * Math.Sin(Shift / 2 * Math.PI / 180) / Reactance;
        Assert.Equal(-Shift / 2, result.Angle[1], 1e-9);
        Assert.Equal(expected, result.Flows[0].FromActive, 1e-8);
        Assert.Equal(-expected, result.Flows[1].FromActive, 1e-8);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void Solve_LoadBehindAReactance_HasTheHigherVoltageOfTheClosedForm(double load)
    {
        // With V₁ = 1 and Q = 0: V₂⁴ − V₂² + (P·x)² = 0.
        const double Reactance = 0.5;
        var source = TwoBuses(100 * load, new(1, 2, 0, Reactance, 0, 0, 0, 0, true), 1);

        var result = new NewtonRaphson(PowerNetwork.Build(source)).Solve(Tight);

        Assert.Equal(Math.Sqrt((1 + Math.Sqrt(1 - 4 * load * load * Reactance * Reactance)) / 2), result.Magnitude[1], 1e-9);
    }

    [Fact]
    public void Solve_LoadBeyondTheNose_DoesNotConverge()
    {
        // The greatest power over a reactance at unity power factor is 1/(2x).
        var source = TwoBuses(101, new(1, 2, 0, 0.5, 0, 0, 0, 0, true), 1);

        Assert.False(new NewtonRaphson(PowerNetwork.Build(source)).Solve(Tight).Converged);
    }

    private static PowerCase TwoBuses(double load, Branch branch, double setPoint = 1.03) => new(
        100,
        [new(1, BusType.Slack, 0, 0, 0, 0, 1, 0, 110, 1.1, 0.9), new(2, BusType.Load, load, 0, 0, 0, 1, 0, 110, 1.1, 0.9)],
        [new(1, 0, 0, 999, -999, setPoint, true, 999, 0)],
        [branch]);

    private static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<double> found, double tolerance) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, tolerance));
}
