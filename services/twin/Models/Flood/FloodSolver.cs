namespace LivingCity.Twin.Models.Flood;

/// <summary>What both solvers share: depth kept as the sum of two single-precision numbers (so that what is small beside it is not lost), active tiles, and threads.</summary>
internal abstract unsafe class FloodSolver
{
    public const double Gravity = 9.80665;

    private const int CellsWorthAThread = 8192;

    private readonly int _threads;

    protected FloodSolver(FloodGrid grid, int threads, int stages)
    {
        Grid = grid;
        Tiles = new ActiveTiles(grid, stages);
        (Depth, Rest) = (new FieldBuffer(grid.Length), new FieldBuffer(grid.Length));
        _threads = threads > 0 ? threads : Environment.ProcessorCount;
    }

    public FloodGrid Grid { get; }

    public ActiveTiles Tiles { get; }

    /// <summary>Depth, m, rounded to single precision.</summary>
    public FieldBuffer Depth { get; }

    /// <summary>What rounding took from <see cref="Depth"/>.</summary>
    protected FieldBuffer Rest { get; }

    /// <summary>Lets water leave over an edge of the grid; all edges are walls before.</summary>
    public abstract void OpenEdge(EdgeCell cell, double slope);

    /// <summary>Longest step that is stable now, s; infinite where all is dry.</summary>
    public abstract double StableStep();

    /// <summary>Moves the water for a time, s.</summary>
    /// <returns>Volume that left over open edges, m³.</returns>
    public abstract double Step(double step, CancellationToken cancellationToken);

    /// <summary>Velocity in a cell, m/s, east and south positive.</summary>
    public abstract (double East, double South) Velocity(int index);

    /// <summary>Prescribes the velocity of a cell at the start, m/s, east and south positive.</summary>
    public abstract void SetVelocity(int index, double east, double south);

    /// <summary>Gives a cell the velocity of another, so that water enters or leaves freely where only its level is prescribed.</summary>
    public virtual void FollowVelocity(int index, int other)
    {
    }

    /// <summary>Volume that the last step put into a cell (negative: took out) to hold its level, m³.</summary>
    public virtual double Supplied(int index) => 0;

    /// <summary>Depth of a cell in double precision, m.</summary>
    public double DepthAt(int index) => (double)Depth.Pointer[index] + Rest.Pointer[index];

    /// <summary>Sets the depth of a cell, m.</summary>
    public void SetDepth(int index, double depth)
    {
        Depth.Pointer[index] = (float)depth;
        Rest.Pointer[index] = (float)(depth - Depth.Pointer[index]);
        DepthChanged(index);
    }

    /// <summary>Sets the depth of a cell where many change at once; <see cref="DepthsChanged"/> follows when all are set.</summary>
    public void SetDepthOnly(int index, double depth)
    {
        Depth.Pointer[index] = (float)depth;
        Rest.Pointer[index] = (float)(depth - Depth.Pointer[index]);
    }

    /// <summary>Takes in the depths that <see cref="SetDepthOnly"/> set.</summary>
    public void DepthsChanged()
    {
        for (var row = 0; row < Grid.Rows; row++)
        {
            var at = Grid.Index(row * Grid.Columns);
            for (var column = 0; column < Grid.Columns; column++)
            {
                DepthChanged(at + column);
            }
        }
    }

    /// <summary>Volume on the grid, m³, each row summed with its remainders so that the sum keeps double precision.</summary>
    public double Volume()
    {
        double total = 0, lost = 0;
        for (var row = 0; row < Grid.Rows; row++)
        {
            var at = Grid.Index(row * Grid.Columns);
            double sum = 0;
            for (var column = 0; column < Grid.Columns; column++)
            {
                sum += DepthAt(at + column);
            }

            var corrected = sum - lost;
            var next = total + corrected;
            lost = next - total - corrected;
            total = next;
        }

        return total * Grid.Area;
    }

    protected virtual void DepthChanged(int index)
    {
    }

    /// <summary>Does a piece of work for every strip, on several threads where there is enough of it. The pieces must not depend on each other.</summary>
    protected void ForStrips(Action<int> work, CancellationToken cancellationToken)
    {
        if (_threads == 1 || Tiles.ActiveCells < CellsWorthAThread)
        {
            for (var strip = 0; strip < Tiles.Strips; strip++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                work(strip);
            }
        }
        else
        {
            Parallel.For(0, Tiles.Strips, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellationToken }, work);
        }
    }
}

/// <summary>Side of the grid.</summary>
public enum GridEdge
{
    North,
    East,
    South,
    West,
}

/// <summary>A cell at the edge of the grid.</summary>
internal readonly record struct EdgeCell(int Cell, GridEdge Edge);
