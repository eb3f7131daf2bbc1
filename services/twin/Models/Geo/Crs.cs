using System.Collections.Concurrent;
using NetTopologySuite.Geometries;
using ProjNet.CoordinateSystems;
using ProjNet.CoordinateSystems.Transformations;

namespace LivingCity.Twin.Models.Geo;

/// <summary>
/// Coordinate reference systems by EPSG code, through ProjNET: 4326 and 4258 (longitude, latitude), 3857, 3035, ETRS89/UTM 25828–25838,
/// WGS 84/UTM 32601–32660 and 32701–32760, and 27700. Thread safe.
/// </summary>
public static class Crs
{
    private static readonly ConcurrentDictionary<(int From, int To), MathTransform> Transforms = new();

    /// <summary>Whether a code is known.</summary>
    public static bool IsKnown(int epsg) => CrsDefinitions.Find(epsg) is not null;

    /// <summary>Carries a point (x or longitude first) from one system to another.</summary>
    /// <exception cref="NotSupportedException">A code is not known.</exception>
    public static (double X, double Y) Transform(int from, int to, double x, double y) =>
        from == to ? (x, y) : Between(from, to).Transform(x, y);

    /// <summary>A copy of a geometry in another system.</summary>
    /// <exception cref="NotSupportedException">A code is not known.</exception>
    public static Geometry Transform(int from, int to, Geometry geometry)
    {
        var copy = geometry.Copy();
        if (from != to)
        {
            copy.Apply(new Filter(Between(from, to)));
        }

        return copy;
    }

    private static MathTransform Between(int from, int to) => Transforms.GetOrAdd((from, to), static codes =>
        new CoordinateTransformationFactory().CreateFromCoordinateSystems(Require(codes.From), Require(codes.To)).MathTransform);

    private static CoordinateSystem Require(int epsg) => CrsDefinitions.Find(epsg)
        ?? throw new NotSupportedException($"EPSG {epsg} is not among the reference systems known here.");

    private sealed class Filter(MathTransform transform) : ICoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        void ICoordinateSequenceFilter.Filter(CoordinateSequence sequence, int index)
        {
            var (x, y) = transform.Transform(sequence.GetX(index), sequence.GetY(index));
            sequence.SetX(index, x);
            sequence.SetY(index, y);
        }
    }
}
