using System.Globalization;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Writes a case as a MATPOWER case file, version 2; numbers keep every bit.</summary>
public static class MatpowerWriter
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes a case under a name that MATLAB takes for a function.</summary>
    public static void Write(PowerCase source, TextWriter text, string name = "network")
    {
        text.Write(string.Create(Culture, $"function mpc = {name}\nmpc.version = '2';\nmpc.baseMVA = {source.BasePower:R};\n"));
        text.Write("\n%\tbus_i\ttype\tPd\tQd\tGs\tBs\tarea\tVm\tVa\tbaseKV\tzone\tVmax\tVmin\nmpc.bus = [\n");
        foreach (var b in source.Buses)
        {
            Row(text, b.Number, (int)b.Type, b.ActiveLoad, b.ReactiveLoad, b.ShuntConductance, b.ShuntSusceptance, b.Area, b.VoltageMagnitude, b.VoltageAngle, b.BaseVoltage, 1, b.MaximumVoltage, b.MinimumVoltage);
        }

        text.Write("];\n\n%\tbus\tPg\tQg\tQmax\tQmin\tVg\tmBase\tstatus\tPmax\tPmin\nmpc.gen = [\n");
        foreach (var g in source.Generators)
        {
            Row(text, g.Bus, g.ActivePower, g.ReactivePower, g.MaximumReactive, g.MinimumReactive, g.VoltageSetPoint, source.BasePower, g.InService ? 1 : 0, g.MaximumActive, g.MinimumActive);
        }

        text.Write("];\n\n%\tfbus\ttbus\tr\tx\tb\trateA\trateB\trateC\tratio\tangle\tstatus\tangmin\tangmax\nmpc.branch = [\n");
        foreach (var b in source.Branches)
        {
            Row(text, b.From, b.To, b.Resistance, b.Reactance, b.Charging, b.Rating, b.Rating, b.Rating, b.Ratio, b.Shift, b.InService ? 1 : 0, -360, 360);
        }

        text.Write("];\n");
    }

    private static void Row(TextWriter text, params ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            text.Write('\t');
            text.Write(double.IsInfinity(value) ? value > 0 ? "Inf" : "-Inf" : value.ToString("R", Culture));
        }

        text.Write(";\n");
    }
}
