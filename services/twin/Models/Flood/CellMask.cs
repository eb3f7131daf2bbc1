using LivingCity.Twin.Models.Geo;
using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Flood;

/// <summary>Cells that a geometry covers.</summary>
internal static class CellMask
{
    /// <summary>Cells whose centre lies in a polygon; those that a line passes; the cell of a point.</summary>
    public static IEnumerable<int> Cells(Raster raster, Geometry geometry) => geometry switch
    {
        Point point => One(raster.CellAt(point.X, point.Y)),
        LineString line => Along(raster, line),
        Polygon polygon => Inside(raster, polygon),
        _ => Enumerable.Range(0, geometry.NumGeometries).SelectMany(i => Cells(raster, geometry.GetGeometryN(i))).Distinct(),
    };

    private static IEnumerable<int> One(int cell) => cell >= 0 ? [cell] : [];

    private static IEnumerable<int> Inside(Raster raster, Polygon polygon)
    {
        var locator = new IndexedPointInAreaLocator(polygon);
        var box = polygon.EnvelopeInternal;
        int left = Math.Max(0, (int)((box.MinX - raster.West) / raster.CellSize)), right = Math.Min(raster.Columns - 1, (int)((box.MaxX - raster.West) / raster.CellSize));
        int top = Math.Max(0, (int)((raster.North - box.MaxY) / raster.CellSize)), bottom = Math.Min(raster.Rows - 1, (int)((raster.North - box.MinY) / raster.CellSize));
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var cell = row * raster.Columns + column;
                var (x, y) = raster.CentreOf(cell);
                if (locator.Locate(new Coordinate(x, y)) != Location.Exterior)
                {
                    yield return cell;
                }
            }
        }
    }

    // Steps of a quarter cell leave no gap that water could pass diagonally.
    private static HashSet<int> Along(Raster raster, LineString line)
    {
        HashSet<int> cells = [];
        for (var i = 1; i < line.NumPoints; i++)
        {
            Coordinate from = line.GetCoordinateN(i - 1), to = line.GetCoordinateN(i);
            var steps = Math.Max(1, (int)Math.Ceiling(4 * from.Distance(to) / raster.CellSize));
            for (var step = 0; step <= steps; step++)
            {
                var cell = raster.CellAt(from.X + (to.X - from.X) * step / steps, from.Y + (to.Y - from.Y) * step / steps);
                if (cell >= 0)
                {
                    cells.Add(cell);
                }
            }
        }

        return cells;
    }
}
