using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.GreenSpace;

/// <summary>Published cases of the green space model.</summary>
internal static class GreenSpaceVerification
{
    private const string Access = "InVEST urban nature access model, figures of its test cases";

    public static IReadOnlyList<VerificationCase> Cases { get; } =
    [
        Decay("density", new(DecayKind.Density, 3), [0.75, 2.0 / 3, 5.0 / 12, 0, 0]),
        Decay("power", new(DecayKind.Power, 3, -5), [1, 1, 1.0 / 32, 1.0 / 243, 0]),
        Decay("gaussian", new(DecayKind.Gaussian, 3), [1, 0.8626563, 0.4935753, 0, 0]),
        new("balance", "Supply for one person less the demand", Access, null, (_, _) =>
        {
            double[] expected = [50.5, 25, 50];
            var found = FloatingCatchment.Balance([100.5, 75, 100], 50);
            return [.. expected.Select((value, i) => new VerificationCheck($"balance {i + 1}, m² per person", value, found[i], 1e-9))];
        }),
    ];

    private static VerificationCase Decay(string name, DistanceDecay decay, double[] expected) => new(
        $"decay-{name}", $"Decay of the form {name} at distances 0 to 4 with reach 3", Access, null,
        (_, _) => [.. expected.Select((value, distance) => new VerificationCheck($"weight at {distance}", value, decay.At(distance), 1e-7))]);
}
