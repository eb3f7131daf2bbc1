namespace LivingCity.Gateway.Portal.Live;

/// <summary>One plan while it is drawn.</summary>
internal sealed class CityDrawing(string city, PlanFrame frame, IReadOnlyList<PlanSeed> seeds, double radius)
{
    private const int Parks = 7;
    private readonly List<PlanFeature> features = [];
    private readonly List<IReadOnlyList<PlanPoint>> roads = [];
    private readonly List<(PlanPoint Middle, double Radius)> parks = [];
    private IReadOnlyList<PlanPoint> river = [];

    public CityModelView Draw()
    {
        var outline = PlanShapes.Blob(default, angle => Edge(angle), 120);
        river = River();
        LayRoads();
        PlantParks();

        Fill("land", outline);
        foreach (var seed in seeds)
        {
            var cell = seeds.Where(other => other != seed)
                .Aggregate(outline, (polygon, other) => PlanShapes.Clip(polygon, (seed.At + other.At) * 0.5, seed.At - other.At));
            if (cell.Count < 3)
            {
                continue;
            }

            Fill("district", cell, seed.Name, frame.ToEarth(seed.At));
            Build(seed, cell);
        }

        foreach (var (middle, size) in parks)
        {
            Fill("park", PlanShapes.Blob(middle, angle => size * (1 + (0.16 * Math.Sin((2 * angle) + middle.X)) + (0.1 * Math.Sin((3 * angle) + middle.Y))), 28));
        }

        Fill("river", PlanShapes.Band(river, index => 75 + (25 * Math.Sin(index * 0.5))));
        var far = radius * 1.1;
        var (southWest, northEast) = (frame.ToEarth(new(-far, -far)), frame.ToEarth(new(far, far)));
        return new CityModelView("FeatureCollection", true, frame.ToEarth(default), [.. southWest, .. northEast], features);
    }

    /// <summary>How far the city reaches in a direction.</summary>
    private double Edge(double angle) => radius * (1
        + (0.06 * Math.Sin((2 * angle) + (6 * Noise("edge", 2)))) + (0.045 * Math.Sin((3 * angle) + (6 * Noise("edge", 3)))) + (0.025 * Math.Sin((7 * angle) + (6 * Noise("edge", 7)))));

    /// <summary>Flows past the water gauge, else past the middle, and on beyond the borders.</summary>
    private PlanPoint[] River()
    {
        var gauge = seeds.FirstOrDefault(seed => seed.AtRiver)?.At ?? PlanPoint.Polar(6 * Noise("river", 0), radius * 0.4);
        var side = gauge.Length < 1 ? new PlanPoint(0, 1) : gauge * (1 / gauge.Length);
        var along = new PlanPoint(-side.Y, side.X);
        var passes = side * (gauge.Length - 260);
        return [.. Enumerable.Range(0, 161).Select(step => (step / 40.0) - 2).Select(way =>
            passes + (along * (way * radius * 1.5)) + (side * (radius * ((0.1 * Math.Sin((way * 4.2) + Noise("river", 1))) + (0.05 * Math.Sin((way * 9) + 2)) - (0.1 * Math.Sin(Noise("river", 1))) - (0.05 * Math.Sin(2)) + (0.3 * Math.Min(1, way * way))))))];
    }

    private void LayRoads()
    {
        foreach (var (share, rank) in ((double, int)[])[(0.34, 2), (0.72, 1)])
        {
            var ring = PlanShapes.Blob(default, angle => Edge(angle) * share, 90);
            Lay([.. ring, ring[0]], rank);
        }

        var arms = Math.Max(5, Math.Min(9, seeds.Count + 1));
        for (var arm = 0; arm < arms; arm++)
        {
            var angle = ((arm + (0.5 * Noise("arm", arm))) * 2 * Math.PI / arms) + 0.3;
            var bend = 0.22 * Noise("bend", arm);
            Lay([.. Enumerable.Range(0, 29).Select(step => step / 28.0).Select(way => PlanPoint.Polar(angle + (bend * Math.Min(0.25, way * way) * 4), way * Edge(angle) * 2.8))], arm % 2 == 0 ? 1 : 2);
        }
    }

    private void Lay(IReadOnlyList<PlanPoint> line, int rank)
    {
        roads.Add(line);
        features.Add(new PlanFeature("Feature", new PlanProperties("road", Rank: rank), new PlanGeometry("LineString", line.Select(frame.ToEarth).ToArray())));
    }

    private void PlantParks()
    {
        for (var park = 0; park < Parks; park++)
        {
            var angle = (park + (0.6 * Noise("park", park))) * 2 * Math.PI / Parks;
            parks.Add((PlanPoint.Polar(angle, Edge(angle) * (0.48 + (0.3 * Noise("park-way", park)))), radius * (0.085 + (0.03 * Noise("park-size", park)))));
        }
    }

    /// <summary>Blocks in rows, turned a little differently in each district; close together in the middle, and fewer the farther out.</summary>
    private void Build(PlanSeed seed, IReadOnlyList<PlanPoint> cell)
    {
        var turn = 0.8 * Noise(seed.Name, 0);
        var step = radius * (0.046 + (0.016 * Math.Min(1, seed.At.Length / radius)));
        var rows = (int)(1.4 * radius / step);
        var blocks = new List<double[][][]>();
        for (var row = -rows; row <= rows; row++)
        {
            for (var column = -rows; column <= rows; column++)
            {
                var middle = seed.At + Turn(new PlanPoint(column * step, row * step), turn);
                if (IsFree(middle, cell, step) && Noise(seed.Name, (row * 1009) + column) > ((middle.Length / radius) - 0.55) * 1.5)
                {
                    var (wide, deep) = (step * (0.34 + (0.07 * Noise(seed.Name, row + (column * 31)))), step * (0.33 + (0.07 * Noise(seed.Name, column + (row * 37)))));
                    PlanPoint[] corners = [new(-wide, -deep), new(wide, -deep), new(wide, deep), new(-wide, deep), new(-wide, -deep)];
                    blocks.Add([[.. corners.Select(corner => frame.ToEarth(middle + Turn(corner, turn)))]]);
                }
            }
        }

        features.Add(new PlanFeature("Feature", new PlanProperties("block"), new PlanGeometry("MultiPolygon", blocks)));
    }

    private bool IsFree(PlanPoint middle, IReadOnlyList<PlanPoint> cell, double step) =>
        PlanShapes.Contains(cell, middle)
        && PlanShapes.Distance(middle, [.. cell, cell[0]]) > step * 0.62
        && PlanShapes.Distance(middle, river) > 130 + (step * 0.5)
        && roads.TrueForAll(road => PlanShapes.Distance(middle, road) > step * 0.6)
        && parks.TrueForAll(park => (middle - park.Middle).Length > (park.Radius * 1.2) + (step * 0.4));

    private void Fill(string layer, IReadOnlyList<PlanPoint> polygon, string? name = null, double[]? label = null) => features.Add(new PlanFeature(
        "Feature", new PlanProperties(layer, name, label), new PlanGeometry("Polygon", (double[][][])[[.. polygon.Select(frame.ToEarth), frame.ToEarth(polygon[0])]])));

    private static PlanPoint Turn(PlanPoint point, double angle) =>
        new((point.X * Math.Cos(angle)) - (point.Y * Math.Sin(angle)), (point.X * Math.Sin(angle)) + (point.Y * Math.Cos(angle)));

    /// <summary>A number from 0 to 1 that depends on the city, the quantity and the number, and on nothing else (FNV-1a, SplitMix64).</summary>
    private double Noise(string quantity, int number)
    {
        var state = $"{city}/{quantity}/{number}".Aggregate(14695981039346656037UL, (hash, letter) => (hash ^ letter) * 1099511628211UL) + 0x9E3779B97F4A7C15UL;
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EBUL;
        return (state ^ (state >> 31)) / (double)ulong.MaxValue;
    }
}
