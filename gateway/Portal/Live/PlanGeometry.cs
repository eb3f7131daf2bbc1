namespace LivingCity.Gateway.Portal.Live;

/// <summary>A point or a vector of the plan, in metres east and north of its centre.</summary>
internal readonly record struct PlanPoint(double X, double Y)
{
    public double Length => Math.Sqrt((X * X) + (Y * Y));

    public double Angle => Math.Atan2(Y, X);

    public static PlanPoint Polar(double angle, double length) => new(length * Math.Cos(angle), length * Math.Sin(angle));

    public static PlanPoint operator +(PlanPoint a, PlanPoint b) => new(a.X + b.X, a.Y + b.Y);

    public static PlanPoint operator -(PlanPoint a, PlanPoint b) => new(a.X - b.X, a.Y - b.Y);

    public static PlanPoint operator *(PlanPoint a, double factor) => new(a.X * factor, a.Y * factor);

    public double Dot(PlanPoint other) => (X * other.X) + (Y * other.Y);
}

/// <summary>Where the plan lies: a plane that touches the earth at its centre, which is exact enough for one city.</summary>
internal sealed record PlanFrame(double Longitude, double Latitude)
{
    private const double MetresPerDegree = 111_320;

    private double MetresPerDegreeEast => MetresPerDegree * Math.Cos(Latitude * Math.PI / 180);

    public PlanPoint ToPlan(double longitude, double latitude) => new((longitude - Longitude) * MetresPerDegreeEast, (latitude - Latitude) * MetresPerDegree);

    /// <summary>Longitude and latitude in degrees, to about a metre.</summary>
    public double[] ToEarth(PlanPoint point) => [Math.Round(Longitude + (point.X / MetresPerDegreeEast), 5), Math.Round(Latitude + (point.Y / MetresPerDegree), 5)];
}

/// <summary>The little geometry that a plan takes.</summary>
internal static class PlanShapes
{
    /// <summary>The part of a polygon on the side of a line to which <paramref name="normal"/> points (Sutherland and Hodgman 1974).</summary>
    public static IReadOnlyList<PlanPoint> Clip(IReadOnlyList<PlanPoint> polygon, PlanPoint on, PlanPoint normal)
    {
        var kept = new List<PlanPoint>(polygon.Count + 2);
        for (var index = 0; index < polygon.Count; index++)
        {
            var (from, to) = (polygon[index], polygon[(index + 1) % polygon.Count]);
            var (before, after) = ((from - on).Dot(normal), (to - on).Dot(normal));
            if (before >= 0)
            {
                kept.Add(from);
            }

            if (before * after < 0)
            {
                kept.Add(from + ((to - from) * (before / (before - after))));
            }
        }

        return kept;
    }

    /// <summary>Metres from a point to the nearest part of a line.</summary>
    public static double Distance(PlanPoint point, IReadOnlyList<PlanPoint> line)
    {
        var nearest = double.MaxValue;
        for (var index = 1; index < line.Count; index++)
        {
            var along = line[index] - line[index - 1];
            var share = Math.Clamp((point - line[index - 1]).Dot(along) / Math.Max(1e-9, along.Dot(along)), 0, 1);
            nearest = Math.Min(nearest, (point - (line[index - 1] + (along * share))).Length);
        }

        return nearest;
    }

    public static bool Contains(IReadOnlyList<PlanPoint> polygon, PlanPoint point)
    {
        var inside = false;
        for (int index = 0, last = polygon.Count - 1; index < polygon.Count; last = index++)
        {
            var (a, b) = (polygon[index], polygon[last]);
            if (a.Y > point.Y != b.Y > point.Y && point.X < ((b.X - a.X) * (point.Y - a.Y) / (b.Y - a.Y)) + a.X)
            {
                inside = !inside;
            }
        }

        return inside;
    }

    /// <summary>A band of a width along a line.</summary>
    public static IReadOnlyList<PlanPoint> Band(IReadOnlyList<PlanPoint> line, Func<int, double> halfWidth)
    {
        var sides = line.Select((point, index) =>
        {
            var along = line[Math.Min(index + 1, line.Count - 1)] - line[Math.Max(index - 1, 0)];
            return (point, across: new PlanPoint(-along.Y, along.X) * (halfWidth(index) / Math.Max(1e-9, along.Length)));
        }).ToArray();
        return [.. sides.Select(side => side.point + side.across), .. sides.Reverse().Select(side => side.point - side.across)];
    }

    /// <summary>A closed line whose distance from its middle swings around a radius.</summary>
    public static IReadOnlyList<PlanPoint> Blob(PlanPoint middle, Func<double, double> radius, int points) =>
        [.. Enumerable.Range(0, points).Select(index => index * 2 * Math.PI / points).Select(angle => middle + PlanPoint.Polar(angle, radius(angle)))];
}
