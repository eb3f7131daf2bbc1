using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.Geo;
using LivingCity.Twin.Models.Heat;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.GreenSpace;

/// <summary>What each building has.</summary>
/// <param name="Trees">Visible trees.</param>
/// <param name="Canopy">Share of the neighbourhood under trees.</param>
/// <param name="Walk">Way to a park, m; infinite where none is in reach.</param>
/// <param name="ParkArea">Park area for one person, m².</param>
internal sealed record GreenScenario(int[] Trees, double[] Canopy, double[] Walk, double[] ParkArea)
{
    // Grid on which canopy is made from single trees, m.
    private const double CanopyCell = 5;

    public static GreenScenario Compute(ModelRun run, IReadOnlyList<Feature> interventions)
    {
        var epsg = (int)run.Number("epsg");
        var given = run.Features("interventions")?.Epsg ?? 4326;
        List<Geometry> Project(FeatureCollection? features) => features is null ? [] : [.. features.Features.Select(f => Crs.Transform(features.Epsg, epsg, f.Geometry))];
        List<Geometry> added = [.. interventions.Select(f => Crs.Transform(given, epsg, f.Geometry))];
        var buildings = Project(run.Features("buildings"));
        List<(Coordinate At, double Crown)> trees =
        [
            .. (run.Features("trees")?.Features ?? []).Zip(Project(run.Features("trees")), (f, g) => (g.Coordinate, f.Number("crown_radius") ?? 4)),
            .. interventions.Zip(added).Where(p => p.Second is Point).Select(p => (p.Second.Coordinate, p.First.Number("crown_radius") ?? 4)),
        ];
        List<Geometry> parks = [.. Project(run.Features("parks")), .. added.Where(g => g.Dimension == Dimension.Surface)];
        List<Geometry> paths = [.. Project(run.Features("paths")), .. added.Where(g => g.Dimension == Dimension.Curve)];
        var visible = TreeView.Visible(buildings, [.. trees.Select(t => t.At)], run.Number("visible-distance"), run.CancellationToken);
        var canopy = CanopyAround(run, buildings, trees);
        var (walk, area) = Parks(run, buildings, [.. parks.Where(p => p.Area >= run.Number("park-area") * 10000)], paths);
        return new(visible, canopy, walk, area);
    }

    private static double[] CanopyAround(ModelRun run, List<Geometry> buildings, List<(Coordinate At, double Crown)> trees)
    {
        var radius = run.Number("neighbourhood");
        var grid = run.Grid("canopy") is { } canopy ? canopy.With([.. canopy.Values]) : Empty(buildings, radius);
        foreach (var (at, crown) in trees)
        {
            var circle = new Point(at).Buffer(crown);
            foreach (var cell in CellMask.Cells(grid, circle))
            {
                grid.Values[cell] = 1;
            }
        }

        var covered = KernelAverage.DiscSum(grid, radius / grid.CellSize, run.CancellationToken);
        var counted = KernelAverage.DiscSum(grid.With([.. grid.Values.Select(v => double.IsNaN(v) ? double.NaN : 1)]), radius / grid.CellSize, run.CancellationToken);
        return [.. buildings.Select(b => grid.CellAt(b.Centroid.X, b.Centroid.Y) is >= 0 and var cell && counted.Values[cell] > 0 ? covered.Values[cell] / counted.Values[cell] : double.NaN)];
    }

    private static Raster Empty(List<Geometry> buildings, double radius)
    {
        var box = new Envelope();
        buildings.ForEach(b => box.ExpandToInclude(b.EnvelopeInternal));
        box.ExpandBy(radius + CanopyCell);
        return new Raster((int)Math.Ceiling(box.Width / CanopyCell), (int)Math.Ceiling(box.Height / CanopyCell), CanopyCell, box.MinX, box.MinY);
    }

    private static (double[] Walk, double[] Area) Parks(ModelRun run, List<Geometry> buildings, List<Geometry> parks, List<Geometry> paths)
    {
        var reach = Math.Max(run.Number("walk"), run.Number("catchment"));
        var decay = new DistanceDecay(Enum.Parse<DecayKind>(run.Choice("decay"), true), run.Number("catchment"));
        var walk = new double[buildings.Count];
        Array.Fill(walk, double.PositiveInfinity);
        List<CatchmentWay> ways = [];
        var network = paths.Count > 0 ? new FootNetwork(paths) : null;
        var doors = buildings.Select(b => network?.Nearest(b.Centroid.Coordinate) ?? (-1, 0)).ToList();
        for (var p = 0; p < parks.Count; p++)
        {
            run.CancellationToken.ThrowIfCancellationRequested();
            var distance = network is null ? null : network.Distances(Entrances(network, parks[p]), reach);
            for (var b = 0; b < buildings.Count; b++)
            {
                var way = distance is null ? buildings[b].Distance(parks[p]) : doors[b].Item2 + distance[doors[b].Item1];
                walk[b] = Math.Min(walk[b], way);
                if (way <= decay.Reach)
                {
                    ways.Add(new(b, p, way));
                }
            }
        }

        double[] people = [.. run.Features("buildings")!.Features.Select(f => f.Number("people") ?? 0)];
        return (walk, FloatingCatchment.Access(people, [.. parks.Select(p => p.Area)], ways, decay));
    }

    // A park is entered where a path comes within ten metres of it.
    private static IEnumerable<(int Node, double Start)> Entrances(FootNetwork network, Geometry park)
    {
        var edge = park.EnvelopeInternal.Copy();
        edge.ExpandBy(10);
        for (var node = 0; node < network.Count; node++)
        {
            if (edge.Contains(network.At(node)) && park.Distance(new Point(network.At(node))) is <= 10 and var gap)
            {
                yield return (node, gap);
            }
        }
    }
}
