namespace LivingCity.Twin.Models.Flood;

/// <summary>Work space of one thread for a chunk of a strip: states of cells with two rows and a register of columns around them, and rows of face states and fluxes.</summary>
internal sealed unsafe class FiniteVolumeScratch
{
    public const int ChunkColumns = 256, Width = ChunkColumns + 2 * FloodGrid.Lanes, StateRows = ActiveTiles.StripRows + 2 * FloodGrid.Halo;

    private const int FaceRows = 36;

    // A register before and behind, because neighbours are read one column past the ends.
    private readonly FieldBuffer _memory = new(Width * (6 * StateRows + FaceRows) + 2 * FloodGrid.Lanes);

    /// <summary>State of cells: 0 level, 1 depth, 2 velocity east, 3 velocity south, 4 wave speed, 5 content that may leave for each unit of velocity and wave speed.</summary>
    public float* State(int variable, int row) => _memory.Pointer + FloodGrid.Lanes + (variable * StateRows + row) * Width;

    /// <summary>Rows for faces.</summary>
    public float* Row(int number) => State(6, 0) + number * Width;
}
