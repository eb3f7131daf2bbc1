namespace LivingCity.Twin.Models.Geo;

/// <summary>
/// A grid of square cells, stored row by row from the north-west corner. NaN marks cells without a value.
/// </summary>
public sealed class Raster
{
    /// <summary>Makes a grid over existing values.</summary>
    /// <exception cref="ArgumentException">The number of values is not columns × rows.</exception>
    public Raster(int columns, int rows, double cellSize, double west, double south, double[] values, int? epsg = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        if (!(cellSize > 0) || !double.IsFinite(cellSize))
        {
            throw new ArgumentOutOfRangeException(nameof(cellSize), cellSize, "must be positive and finite.");
        }

        if (values.LongLength != (long)columns * rows)
        {
            throw new ArgumentException($"{values.LongLength} values do not fill {columns} × {rows} cells.", nameof(values));
        }

        (Columns, Rows, CellSize, West, South, Values, Epsg) = (columns, rows, cellSize, west, south, values, epsg);
    }

    /// <summary>Makes a grid of zeros.</summary>
    public Raster(int columns, int rows, double cellSize, double west = 0, double south = 0, int? epsg = null)
        : this(columns, rows, cellSize, west, south, new double[checked(columns * rows)], epsg)
    {
    }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Side of a cell in units of the reference system, m where it is projected.</summary>
    public double CellSize { get; }

    /// <summary>Western edge (not cell centre).</summary>
    public double West { get; }

    /// <summary>Southern edge (not cell centre).</summary>
    public double South { get; }

    /// <summary>Values, north-west cell first.</summary>
    public double[] Values { get; }

    /// <summary>EPSG code of the reference system; null where it is not known.</summary>
    public int? Epsg { get; }

    /// <summary>Northern edge.</summary>
    public double North => South + Rows * CellSize;

    /// <summary>Value of a cell; row 0 is the northernmost.</summary>
    public double this[int column, int row]
    {
        get => Values[row * Columns + column];
        set => Values[row * Columns + column] = value;
    }

    /// <summary>A grid of the same place and size with other values.</summary>
    public Raster With(double[] values) => new(Columns, Rows, CellSize, West, South, values, Epsg);

    /// <summary>Whether another grid has the same cells.</summary>
    public bool SameCells(Raster other) => Columns == other.Columns && Rows == other.Rows && Math.Abs(CellSize - other.CellSize) < 1e-9 * CellSize
        && Math.Abs(West - other.West) < 1e-3 * CellSize && Math.Abs(South - other.South) < 1e-3 * CellSize;

    /// <summary>Index of the cell that holds a point, or −1 outside. A point on an edge belongs to the cell east or south of it.</summary>
    public int CellAt(double x, double y)
    {
        var column = (int)Math.Floor((x - West) / CellSize);
        var row = (int)Math.Floor((North - y) / CellSize);
        return column >= 0 && column < Columns && row >= 0 && row < Rows ? row * Columns + column : -1;
    }

    /// <summary>Coordinates of a cell's centre.</summary>
    public (double X, double Y) CentreOf(int index) => (West + (index % Columns + 0.5) * CellSize, North - (index / Columns + 0.5) * CellSize);
}
