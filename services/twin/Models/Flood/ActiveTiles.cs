namespace LivingCity.Twin.Models.Flood;

/// <summary>A run of columns in a strip of rows that has to be computed: columns are multiples of the register width, the end exclusive.</summary>
internal readonly record struct TileRun(int FirstColumn, int EndColumn);

/// <summary>
/// Which parts of the grid hold water or lie next to it. Strips of 16 rows are cut into tiles of 32 columns; a tile counts where it or a neighbour is wet. Water moves one cell in each stage of a step at most,
/// so the map holds for a number of steps, and dry land costs nothing.
/// </summary>
internal sealed unsafe class ActiveTiles
{
    public const int StripRows = 16, TileColumns = 32;

    private const int StagesBetweenUpdates = 12;

    private readonly FloodGrid _grid;
    private readonly int _stepsBetweenUpdates;
    private readonly int _across;
    private readonly bool[] _wet;
    private readonly bool[] _active;
    private readonly bool[] _forced;
    private readonly TileRun[][] _runs;
    private int _age = int.MaxValue;

    public ActiveTiles(FloodGrid grid, int stages)
    {
        (_grid, _stepsBetweenUpdates) = (grid, StagesBetweenUpdates / stages);
        Strips = (grid.Rows + StripRows - 1) / StripRows;
        _across = (grid.Columns + TileColumns - 1) / TileColumns;
        (_wet, _active, _forced) = (new bool[Strips * _across], new bool[Strips * _across], new bool[Strips * _across]);
        _runs = new TileRun[Strips][];
        Array.Fill(_runs, []);
    }

    public int Strips { get; }

    /// <summary>Cells that are computed at present.</summary>
    public long ActiveCells { get; private set; }

    public TileRun[] Runs(int strip) => _runs[strip];

    public static int FirstRow(int strip) => strip * StripRows;

    public int EndRow(int strip) => Math.Min(_grid.Rows, (strip + 1) * StripRows);

    /// <summary>Keeps the tile of a cell, where water comes in, active for ever.</summary>
    public void Force(int cell) => _forced[cell / _grid.Columns / StripRows * _across + cell % _grid.Columns / TileColumns] = true;

    /// <summary>Keeps every tile active, as under rain.</summary>
    public void ForceAll() => Array.Fill(_forced, true);

    /// <summary>Makes the map anew where it is too old; tiles that fall out are handed over to be cleared.</summary>
    public void Refresh(float* depth, Action<int, TileRun>? clear)
    {
        if (_age < _stepsBetweenUpdates)
        {
            _age++;
            return;
        }

        _age = 1;
        for (var strip = 0; strip < Strips; strip++)
        {
            for (var tile = 0; tile < _across; tile++)
            {
                _wet[strip * _across + tile] = _forced[strip * _across + tile] || HasWater(depth, strip, tile);
            }
        }

        ActiveCells = 0;
        for (var strip = 0; strip < Strips; strip++)
        {
            UpdateStrip(strip, clear);
        }
    }

    private void UpdateStrip(int strip, Action<int, TileRun>? clear)
    {
        List<TileRun> runs = [];
        var first = -1;
        for (var tile = 0; tile <= _across; tile++)
        {
            var active = tile < _across && IsNearWater(strip, tile);
            if (active && first < 0)
            {
                first = tile;
            }
            else if (!active && first >= 0)
            {
                runs.Add(new(first * TileColumns, Math.Min(tile * TileColumns, (_grid.Columns + FloodGrid.Lanes - 1) / FloodGrid.Lanes * FloodGrid.Lanes)));
                first = -1;
            }

            if (tile < _across)
            {
                if (_active[strip * _across + tile] && !active)
                {
                    clear?.Invoke(strip, new(tile * TileColumns, Math.Min((tile + 1) * TileColumns, _grid.Columns)));
                }

                _active[strip * _across + tile] = active;
                ActiveCells += active ? (long)(EndRow(strip) - FirstRow(strip)) * Math.Min(TileColumns, _grid.Columns - tile * TileColumns) : 0;
            }
        }

        _runs[strip] = [.. runs];
    }

    private bool IsNearWater(int strip, int tile)
    {
        for (var s = Math.Max(0, strip - 1); s <= Math.Min(Strips - 1, strip + 1); s++)
        {
            for (var t = Math.Max(0, tile - 1); t <= Math.Min(_across - 1, tile + 1); t++)
            {
                if (_wet[s * _across + t])
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool HasWater(float* depth, int strip, int tile)
    {
        var width = Math.Min(TileColumns, _grid.Columns - tile * TileColumns);
        for (var row = FirstRow(strip); row < EndRow(strip); row++)
        {
            if (new ReadOnlySpan<float>(depth + _grid.Index(row * _grid.Columns + tile * TileColumns), width).ContainsAnyExcept(0f))
            {
                return true;
            }
        }

        return false;
    }
}
