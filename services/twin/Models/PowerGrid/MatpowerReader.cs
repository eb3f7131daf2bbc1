using LivingCity.Twin.Models.Formats;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>
/// MATPOWER case files, versions 1 and 2 (MATPOWER manual, appendix B): comments, continued lines, unit conversions written as statements, generators and branches out of service,
/// several generators on a bus, isolated buses, parallel branches, phase shifters, bus numbers in any order.
/// </summary>
public static class MatpowerReader
{
    /// <summary>Reads a case from text.</summary>
    /// <exception cref="InputFormatException">The text is no case, with the line where it stops being one.</exception>
    public static PowerCase Read(string text, string name = "case")
    {
        var variables = MatpowerScript.Run(text, name);
        var buses = Matrix("bus", 9);
        var generators = Matrix("gen", 8);
        var branches = Matrix("branch", 6);
        var basePower = variables.GetValueOrDefault("baseMVA") is { IsScalar: true } scalar ? scalar.Values[0] : double.NaN;
        if (!(basePower > 0))
        {
            throw new InputFormatException(name, 0, "baseMVA is missing or not positive.");
        }

        var read = new PowerCase(
            basePower,
            [.. Rows(buses).Select(r => ReadBus(buses, r))],
            [.. Rows(generators).Select(r => ReadGenerator(generators, r))],
            [.. Rows(branches).Select(r => ReadBranch(branches, r))]);
        Check(read, name, buses, generators, branches);
        return read;

        ScriptMatrix Matrix(string key, int columns) => variables.GetValueOrDefault(key) switch
        {
            null => throw new InputFormatException(name, 0, $"the {key} matrix is missing."),
            { Rows: > 0 } matrix when matrix.Columns < columns => throw new InputFormatException(name, matrix.Line, $"the {key} matrix has {matrix.Columns} columns; {columns} at least are needed."),
            var matrix => matrix,
        };
    }

    /// <summary>Reads a case from a file.</summary>
    /// <exception cref="InputFormatException">The file is no case.</exception>
    public static PowerCase ReadFile(string path) => Read(File.ReadAllText(path), Path.GetFileName(path));

    private static IEnumerable<int> Rows(ScriptMatrix matrix) => Enumerable.Range(0, matrix.Rows);

    private static Bus ReadBus(ScriptMatrix m, int r) => new(
        (int)m[r, 0], (BusType)(int)m[r, 1], m[r, 2], m[r, 3], m[r, 4], m[r, 5], m[r, 7], m[r, 8], At(m, r, 9, 0), At(m, r, 11, 1.1), At(m, r, 12, 0.9), (int)m[r, 6]);

    private static Generator ReadGenerator(ScriptMatrix m, int r) =>
        new((int)m[r, 0], m[r, 1], m[r, 2], m[r, 3], m[r, 4], m[r, 5], m[r, 7] > 0, At(m, r, 8, double.PositiveInfinity), At(m, r, 9, double.NegativeInfinity));

    private static Branch ReadBranch(ScriptMatrix m, int r) =>
        new((int)m[r, 0], (int)m[r, 1], m[r, 2], m[r, 3], m[r, 4], m[r, 5], At(m, r, 8, 0), At(m, r, 9, 0), At(m, r, 10, 1) > 0);

    private static double At(ScriptMatrix m, int row, int column, double otherwise) => column < m.Columns ? m[row, column] : otherwise;

    private static void Check(PowerCase read, string name, ScriptMatrix buses, ScriptMatrix generators, ScriptMatrix branches)
    {
        var numbers = new HashSet<int>();
        foreach (var bus in read.Buses)
        {
            if (!numbers.Add(bus.Number))
            {
                throw new InputFormatException(name, buses.Line, $"bus {bus.Number} occurs twice.");
            }

            if (!Enum.IsDefined(bus.Type))
            {
                throw new InputFormatException(name, buses.Line, $"bus {bus.Number} has type {(int)bus.Type}; it must be from 1 to 4.");
            }
        }

        if (read.Generators.FirstOrDefault(g => !numbers.Contains(g.Bus)) is { } generator)
        {
            throw new InputFormatException(name, generators.Line, $"a generator stands on bus {generator.Bus}, which does not exist.");
        }

        if (read.Branches.FirstOrDefault(b => !numbers.Contains(b.From) || !numbers.Contains(b.To)) is { } branch)
        {
            throw new InputFormatException(name, branches.Line, $"a branch joins {branch.From} and {branch.To}, of which one does not exist.");
        }

        if (read.Branches.FirstOrDefault(b => b.InService && b.Resistance == 0 && b.Reactance == 0) is { } shorted)
        {
            throw new InputFormatException(name, branches.Line, $"the branch {shorted.From}–{shorted.To} has no impedance: join its buses instead.");
        }
    }
}
