using LivingCity.Twin.Models.Geo;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.KdTree;
using NetTopologySuite.Index.Strtree;

namespace LivingCity.Twin.Models.GreenSpace;

/// <summary>Paths on foot as a graph: every vertex of a line is a node, nodes within half a metre are one, and long straight pieces have nodes on the way, where doors and parks join them.</summary>
internal sealed class FootNetwork
{
    private const double Spacing = 10;

    private readonly List<Coordinate> _nodes = [];
    private readonly List<List<(int To, double Length)>> _edges = [];
    private readonly KdTree<NodeNumber> _tree = new(0.5);

    public FootNetwork(IEnumerable<Geometry> paths)
    {
        foreach (var path in paths)
        {
            for (var part = 0; part < path.NumGeometries; part++)
            {
                Add(path.GetGeometryN(part).Coordinates);
            }
        }
    }

    public int Count => _nodes.Count;

    public Coordinate At(int node) => _nodes[node];

    /// <summary>Node next to a point and how far it is, in m; −1 in an empty network.</summary>
    public (int Node, double Distance) Nearest(Coordinate at)
    {
        var found = _tree.NearestNeighbor(at);
        return found is null ? (-1, double.PositiveInfinity) : (found.Data.Value, found.Coordinate.Distance(at));
    }

    /// <summary>Length of the shortest way from any of the nodes to every node, m, up to a reach.</summary>
    public double[] Distances(IEnumerable<(int Node, double Start)> from, double reach)
    {
        var label = new double[_nodes.Count];
        Array.Fill(label, double.PositiveInfinity);
        var queue = new PriorityQueue<int, double>();
        foreach (var (node, start) in from)
        {
            if (start < label[node])
            {
                label[node] = start;
                queue.Enqueue(node, start);
            }
        }

        while (queue.TryDequeue(out var node, out var distance))
        {
            if (distance > label[node])
            {
                continue;
            }

            foreach (var (to, length) in _edges[node])
            {
                if (distance + length < label[to] && distance + length <= reach)
                {
                    label[to] = distance + length;
                    queue.Enqueue(to, label[to]);
                }
            }
        }

        return label;
    }

    private void Add(Coordinate[] line)
    {
        for (var i = 1; i < line.Length; i++)
        {
            Coordinate start = line[i - 1], end = line[i];
            var length = start.Distance(end);
            var pieces = Math.Max(1, (int)Math.Ceiling(length / Spacing));
            var from = Node(start);
            for (var piece = 1; piece <= pieces; piece++)
            {
                var share = (double)piece / pieces;
                var to = Node(piece == pieces ? end : new Coordinate(double.Lerp(start.X, end.X, share), double.Lerp(start.Y, end.Y, share)));
                _edges[from].Add((to, length / pieces));
                _edges[to].Add((from, length / pieces));
                from = to;
            }
        }
    }

    private int Node(Coordinate at)
    {
        var found = _tree.Insert(at, new NodeNumber(_nodes.Count)).Data.Value;
        if (found == _nodes.Count)
        {
            _nodes.Add(at);
            _edges.Add([]);
        }

        return found;
    }

    // The tree holds references only.
    private sealed record NodeNumber(int Value);
}

/// <summary>Trees that can be seen from buildings.</summary>
internal static class TreeView
{
    /// <summary>Number of trees within a distance (m) of each building that no other building hides.</summary>
    public static int[] Visible(IReadOnlyList<Geometry> buildings, IReadOnlyList<Coordinate> trees, double distance, CancellationToken cancellationToken)
    {
        var obstacles = new STRtree<int>();
        for (var i = 0; i < buildings.Count; i++)
        {
            obstacles.Insert(buildings[i].EnvelopeInternal, i);
        }

        obstacles.Build();
        var stand = new STRtree<int>();
        for (var i = 0; i < trees.Count; i++)
        {
            stand.Insert(new Envelope(trees[i]), i);
        }

        stand.Build();
        var visible = new int[buildings.Count];
        Parallel.For(0, buildings.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, b =>
        {
            var around = buildings[b].EnvelopeInternal.Copy();
            around.ExpandBy(distance);
            foreach (var tree in stand.Query(around))
            {
                // The eye is at the point of the wall next to the tree.
                var nearest = NetTopologySuite.Operation.Distance.DistanceOp.NearestPoints(buildings[b], buildings[b].Factory.CreatePoint(trees[tree]));
                if (nearest[0].Distance(trees[tree]) <= distance)
                {
                    var sight = buildings[b].Factory.CreateLineString([nearest[0], trees[tree]]);
                    visible[b] += obstacles.Query(sight.EnvelopeInternal).Any(other => other != b && buildings[other].Intersects(sight)) ? 0 : 1;
                }
            }
        });
        return visible;
    }
}
