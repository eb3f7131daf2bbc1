namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Columns of the matrices of a case file, counted from 1 (MATPOWER manual, appendix B), and the functions that case files call.</summary>
internal static class MatpowerColumns
{
    private static readonly string[] Bus =
        ["BUS_I", "BUS_TYPE", "PD", "QD", "GS", "BS", "BUS_AREA", "VM", "VA", "BASE_KV", "ZONE", "VMAX", "VMIN", "LAM_P", "LAM_Q", "MU_VMAX", "MU_VMIN"];

    private static readonly string[] Branch =
        ["F_BUS", "T_BUS", "BR_R", "BR_X", "BR_B", "RATE_A", "RATE_B", "RATE_C", "TAP", "SHIFT", "BR_STATUS", "ANGMIN", "ANGMAX", "PF", "QF", "PT", "QT"];

    private static readonly string[] Generator =
        ["GEN_BUS", "PG", "QG", "QMAX", "QMIN", "VG", "MBASE", "GEN_STATUS", "PMAX", "PMIN"];

    public static Dictionary<string, ScriptMatrix?> Constants()
    {
        Dictionary<string, ScriptMatrix?> constants = [];
        foreach (var names in (string[][])[Bus, Branch, Generator, ["PQ", "PV", "REF", "NONE"]])
        {
            for (var i = 0; i < names.Length; i++)
            {
                constants[names[i]] = new ScriptMatrix(1, 1, [i + 1], 0);
            }
        }

        constants["pi"] = new ScriptMatrix(1, 1, [Math.PI], 0);
        return constants;
    }

    public static Func<double, double>? Function(string name) => name switch
    {
        "sqrt" => Math.Sqrt,
        "sin" => Math.Sin,
        "cos" => Math.Cos,
        "tan" => Math.Tan,
        "acos" => Math.Acos,
        "asin" => Math.Asin,
        "atan" => Math.Atan,
        "abs" => Math.Abs,
        "exp" => Math.Exp,
        _ => null,
    };
}
