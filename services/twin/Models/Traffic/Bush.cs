namespace LivingCity.Twin.Models.Traffic;

/// <summary>
/// The acyclic part of the network that one class from one origin uses: nodes in topological order (the origin first), and for each the links of the bush that enter it, with their flow in cars.
/// </summary>
internal sealed class Bush(int commodityClass, int origin)
{
    public int Class => commodityClass;

    /// <summary>Origin node, from 0.</summary>
    public int Origin => origin;

    public int[] Order { get; set; } = [];

    /// <summary>First entry of each place in the order; one more than there are places.</summary>
    public int[] Start { get; set; } = [];

    public int[] Link { get; set; } = [];

    public double[] Flow { get; set; } = [];

    /// <summary>Places with more than one entering link: where paths can differ.</summary>
    public int[] Merges { get; set; } = [];

    public Bush Copy() => new(commodityClass, origin) { Order = Order, Start = Start, Link = Link, Flow = [.. Flow], Merges = Merges };
}
