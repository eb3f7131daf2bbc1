using System.Numerics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Pi model of one branch in p.u. with an ideal transformer at its from end (MATPOWER manual, section 3.2): currents into the branch are Y·V.</summary>
/// <param name="Index">Place of the branch in the case.</param>
/// <param name="From">Energised bus at the from end.</param>
/// <param name="To">Energised bus at the to end.</param>
internal readonly record struct BranchModel(
    int Index, int From, int To, Complex FromFrom, Complex FromTo, Complex ToFrom, Complex ToTo, Complex Impedance, double Charging, Complex Tap, double Rating)
{
    public static BranchModel Make(Branch branch, int index, int from, int to, double basePower)
    {
        var impedance = new Complex(branch.Resistance, branch.Reactance);
        var series = 1 / impedance;
        var tap = Complex.FromPolarCoordinates(branch.Ratio == 0 ? 1 : branch.Ratio, branch.Shift * Math.PI / 180);
        var own = series + new Complex(0, branch.Charging / 2);
        return new(
            index, from, to, own / (tap * Complex.Conjugate(tap)), -series / Complex.Conjugate(tap), -series / tap, own, impedance, branch.Charging, tap, branch.Rating / basePower);
    }
}
