using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Flood;

/// <summary>
/// Layout of a grid in memory: rows from the north with room around them, so that kernels read past the edges and whole registers are loaded. Heights are kept relative to a datum in the middle of the
/// terrain, where single precision is finest.
/// </summary>
internal sealed unsafe class FloodGrid
{
    /// <summary>Height of a cell that never takes water, m above the datum.</summary>
    public const float Wall = 1e6f;

    public const int Lanes = 16, Margin = 16, Halo = 2;

    public FloodGrid(Raster terrain, ReadOnlySpan<double> roughness, ReadOnlySpan<bool> blocked)
    {
        (Columns, Rows, CellSize) = (terrain.Columns, terrain.Rows, terrain.CellSize);
        Stride = (Columns + Lanes - 1) / Lanes * Lanes + 2 * Margin;
        Length = Stride * (Rows + 2 * Halo);
        Bed = new FieldBuffer(Length);
        Roughness = new FieldBuffer(Length);
        Datum = Middle(terrain.Values);
        Bed.Span.Fill(Wall);
        for (var cell = 0; cell < terrain.Values.Length; cell++)
        {
            var at = Index(cell);
            var height = terrain.Values[cell];
            var wall = double.IsNaN(height) || (!blocked.IsEmpty && blocked[cell]);
            Bed.Pointer[at] = wall ? Wall : (float)(height - Datum);
            var n = roughness.Length == 1 ? roughness[0] : roughness[cell];
            Roughness.Pointer[at] = (float)(n * n);
        }
    }

    public int Columns { get; }

    public int Rows { get; }

    public double CellSize { get; }

    public double Area => CellSize * CellSize;

    public int Stride { get; }

    public int Length { get; }

    /// <summary>Height of the datum in the terrain's own reference.</summary>
    public double Datum { get; }

    /// <summary>Height of the bed above the datum, m.</summary>
    public FieldBuffer Bed { get; }

    /// <summary>Manning's n squared.</summary>
    public FieldBuffer Roughness { get; }

    /// <summary>Place in memory of a cell of the raster.</summary>
    public int Index(int cell) => (cell / Columns + Halo) * Stride + Margin + cell % Columns;

    public bool IsWall(int index) => Bed.Pointer[index] >= Wall;

    /// <summary>What single precision took from the height of a cell, m.</summary>
    public double RoundedOff(int index, double height) => height - Datum - Bed.Pointer[index];

    private static double Middle(double[] heights)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var height in heights)
        {
            // A NaN fails both comparisons.
            low = height < low ? height : low;
            high = height > high ? height : high;
        }

        // A flat or low terrain keeps its own zero, so that round figures stay round.
        return low > high || Math.Max(Math.Abs(low), Math.Abs(high)) < 64 ? 0 : Math.Round((low + high) / 2);
    }
}
